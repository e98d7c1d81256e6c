"""What is held about somebody: they see it, take it with them, correct it and have it erased."""

import io
import json
import zipfile
from functools import wraps
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, logout
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from participants import correcting, erasing, identity, telling
from participants.forms import CorrectionForm, ErasureForm, LinkForm
from participants.models import ContactKind, Participant
from safeguarding import audit, limits, personal_data, showing
from safeguarding.conf import data_contact
from safeguarding.limits import Limit

# Each sends a message to a contact of which nothing is known but that somebody typed it.
NEW_CONTACTS = Limit("participants.new_contact.person", "5/d")
# For somebody who is known by many rows, or by the rows of others.
ALL_NEW_CONTACTS = Limit("participants.new_contact.everybody", "300/h")


def _proved(view):
    """For somebody who is known and has proved within the hour who they are; `participant` is who looks."""

    @never_cache
    @wraps(view)
    def guarded(request, *args, **kwargs):
        participant = identity.current(request)
        if participant is None:
            return redirect("oberih_participants:link")
        if not identity.is_fresh(request):
            return redirect(f"{reverse('oberih_participants:prove')}?next={quote(request.path)}")
        return view(request, participant, *args, **kwargs)

    return guarded


def _rows_of(participant):
    return list(Participant.objects.seen_by(participant).values_list("pk", flat=True))


def _by(request):
    return request.user if request.user.is_authenticated else None


@_proved
@require_GET
def me(request, participant):
    people = _rows_of(participant)
    looks = audit.about(personal_data.keys_of(people)).exclude(actor=None)
    if request.user.is_authenticated:
        looks = looks.exclude(actor=request.user)
    return render(
        request,
        "oberih/participants/me.html",
        {
            "participant": participant,
            "sections": showing.sections(people),
            "looked": looks.count(),
            "looked_last": looks.aggregate(last=Max("at"))["last"],
            "zone": timezone.get_current_timezone_name(),
            "contact": data_contact(),
        },
    )


def _data(people):
    return {
        "made_at": timezone.now(),
        "sections": [
            {"model": one.model, "title": one.title, "labels": one.labels, "rows": one.data}
            for one in showing.sections(people)
        ],
    }


def _json(data):
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _file(content, kind, name):
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)


@_proved
@require_GET
def as_json(request, participant):
    audit.record(_by(request), "export", "participant", [participant.uuid])
    return _file(_json(_data(_rows_of(participant))), "application/json", "my-data.json")


@_proved
@require_GET
def as_zip(request, participant):
    """The same as a file for machines and a page for people, with the certificates."""
    audit.record(_by(request), "export", "participant", [participant.uuid])
    people = _rows_of(participant)
    page = {"sections": showing.sections(people), "zone": timezone.get_current_timezone_name()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my-data.json", _json(_data(people)))
        archive.writestr("my-data.html", render_to_string("oberih/participants/my_data_file.html", page, request))
        for name, content in showing.files(people):
            archive.writestr(name, content)
    return _file(packed.getvalue(), "application/zip", "my-data.zip")


@_proved
@require_http_methods(["GET", "POST"])
def correct(request, participant):
    form = CorrectionForm(request.POST if request.method == "POST" else None, participant=participant)
    if form.is_bound and form.is_valid():
        written_to = [value for _kind, value in form.new_contacts() if value]
        counted = [(NEW_CONTACTS, participant.pk), (ALL_NEW_CONTACTS, "everybody")] * len(written_to)
        if counted and (refusal := limits.refuse(request, *counted)):
            return refusal
        correcting.correct(participant=participant, by=_by(request), values=form.cleaned_data)
        asked = False
        for kind, value in form.new_contacts():
            if value:
                correcting.ask_new_contact(participant=participant, kind=kind, value=value)
                asked = True
            else:
                changed = correcting.change_contact(participant=participant, kind=kind, value="", by=_by(request))
                # Every link that was sent before is dead now, and with it what this browser held.
                identity.remember(request, changed)
        if asked:
            messages.success(
                request, _("Saved. We are sending a link to the new contact; open it, and we use that one.")
            )
        else:
            messages.success(request, _("Saved."))
        return redirect("oberih_participants:me")
    return render(
        request,
        "oberih/participants/correct.html",
        {"form": form, "contact": data_contact()},
        status=400 if form.is_bound else 200,
    )


@never_cache
@require_http_methods(["GET", "POST"])
def new_contact(request, token):
    """The link that was sent to a new contact. Opening it changes nothing, since mail scanners do, too."""
    participant, kind, value = correcting.from_contact_token(token)
    here = identity.current(request)
    if participant is None or here not in {None, participant}:
        return render(request, "oberih/participants/link_old.html", status=410)
    if request.method == "GET":
        return render(request, "oberih/participants/new_contact.html", {"value": value})
    changed = correcting.change_contact(participant=participant, kind=kind, value=value, by=_by(request))
    if here is not None:
        identity.remember(request, changed)
    messages.success(request, _("From now on we write to this contact."))
    return redirect("oberih_participants:me")


@_proved
@require_http_methods(["GET", "POST"])
def erase(request, participant):
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        erasing.erase(
            participant=participant,
            rows=Participant.objects.seen_by(participant),
            certificates=form.cleaned_data["certificates"],
            by=_by(request),
        )
        identity.forget(request)
        if not get_user_model().objects.filter(pk=request.user.pk, is_active=True).exists():
            logout(request)
        return redirect("oberih_participants:erased")
    return render(
        request,
        "oberih/participants/erase.html",
        {"form": form, "participant": participant},
        status=400 if form.is_bound else 200,
    )


@require_GET
def erased(request):
    return render(request, "oberih/participants/erased.html")


@never_cache
@require_http_methods(["GET", "POST"])
def prove(request):
    """Whoever came a while ago shows once more who they are: by their password, or by a link to their contact."""
    participant = identity.current(request)
    if participant is None:
        return redirect("oberih_participants:link")
    if request.method == "POST":
        correcting.send_link_to(participant)
        return redirect("oberih_participants:link_sent")
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None) or not target.startswith("/"):
        target = reverse("oberih_participants:me")
    return render(
        request,
        "oberih/participants/prove.html",
        {
            "log_in_url": f"{_log_in()}?next={quote(target)}" if request.user.is_authenticated else "",
            "may_send": telling.is_possible() and any(getattr(participant, kind) for kind in ContactKind),
        },
    )


def _log_in():
    """Where an account proves itself: allauth's page for it, or the site's own log-in."""
    try:
        return reverse("account_reauthenticate")
    except NoReverseMatch:
        return resolve_url(settings.LOGIN_URL)


@never_cache
@require_http_methods(["GET", "POST"])
def link(request):
    """For those without an account. The answer is the same whether or not we know the contact."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        kind, value = form.cleaned_data["contact"]
        correcting.send_link(kind=kind, value=value)
        return redirect("oberih_participants:link_sent")
    return render(
        request,
        "oberih/participants/link.html",
        {"form": form, "may_send": telling.is_possible()},
        status=400 if form.is_bound else 200,
    )


@require_GET
def link_sent(request):
    return render(request, "oberih/participants/link_sent.html")
