from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from participants import actions, agreements, identity
from participants.forms import ChangeConsentForm


@never_cache
@require_GET
def enter(request, token):
    """A personal link: go on as its owner, then to where it was meant to lead.

    Opening it is safe to repeat (mail scanners do); it changes nothing but this browser's session and the fact that
    the contact works.
    """
    participant, channel = identity.from_token(token)
    if participant is None:
        return render(request, "oberih/participants/link_old.html", status=410)
    actions.verify_contact(participant, channel)
    identity.remember(request, participant)
    target = request.GET.get("to", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None) or not target.startswith("/"):
        target = "/"
    return redirect(target)


@require_POST
def leave(request):
    identity.forget(request)
    messages.success(request, _("This device no longer shows your trainings. Your link still works."))
    return redirect("/")


@never_cache
@require_http_methods(["GET", "POST"])
def consents(request):
    """What whoever is looking agreed to, and their way to change it."""
    participant = identity.current(request)
    if participant is None and request.method == "POST":
        return HttpResponse(status=403)
    mine = agreements.of(participant) if participant else []
    if request.method == "POST":
        form = ChangeConsentForm(request.POST)
        if not form.is_valid():
            return HttpResponse(status=400)
        _change(request, participant, mine, form.cleaned_data)
        return redirect("oberih_participants:consents")
    return render(request, "oberih/participants/consents.html", {"participant": participant, "agreements": mine})


def _change(request, participant, mine, wanted):
    purpose, given, subject_key = wanted["purpose"], wanted["given"], wanted["subject"]
    if not agreements.may_change(mine, purpose=purpose, given=given, subject_key=subject_key):
        messages.info(request, _("That was changed already. This is how it stands now."))
        return
    text = next(one.asked for one in mine if one.purpose == purpose)
    if given and text.version != wanted["version"]:
        messages.error(request, _("These words have changed meanwhile. Read them again before you agree."))
        return
    actions.change_consent(
        participant=participant, text=text, given=given, language=get_language(), subject_key=subject_key
    )
    messages.success(request, _("Saved. You can change it again at any time."))
