"""Registering for an event, alone or with others, and what is said of it at once."""

import uuid as uuids

from django.core import signing
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from events import actions, facts
from events.entrance import Entrance, asked, entrance, planned
from events.exceptions import EventsError
from events.models import Registration, RegistrationPolicy, Status
from events.party_forms import MOST_TOGETHER, Party, SizeForm
from events.registering import opens
from events.registration_forms import RegistrationForm
from events.views import public_event
from participants import identity
from participants.contacts import masked
from safeguarding import client, limits
from safeguarding.limits import Limit

_SALT = "oberih.events.registered"
# Each sends a message to that contact, whoever asks for it.
PER_CONTACT = Limit("events.register.contact", "10/h")
# A whole school may register from its one address.
PER_ADDRESS = Limit("events.register.address", "600/h")


@never_cache
@require_http_methods(["GET", "POST"])
def register(request, code):
    event, asks = _opened(request, code)
    size = _size(request)
    somebody_else = bool(size) or "other" in request.GET
    participant = None if somebody_else else identity.current(request)
    if participant is not None and (
        mine := Registration.objects.of(participant).active().filter(event=event).first()
    ):
        return redirect("oberih_events:registration", uuid=mine.uuid)
    door = _door(request, event)
    if request.method == "GET" and opens(event):
        return redirect("oberih_events:detail", code=event.code)
    if request.method == "GET" and door.closed:
        return render(request, "oberih/events/register_closed.html", {**facts.about(event), "door": door})
    given = {"event": event, "asked": asks, "allocation": door.allocation}
    if size:
        form = _party_form(request, size, given)
    else:
        form = _one_form(request, participant, given)
    if form.is_bound and form.is_valid():
        counted = [
            *((PER_CONTACT, contact) for contact in form.told()),
            (PER_ADDRESS, f"{event.pk} {client.address(request)}"),
        ]
        if refusal := limits.refuse(request, *counted):
            return refusal
        try:
            outcomes = actions.register_together(
                event=event,
                people=form.people(get_language()),
                submission=form.submitted,
                language=get_language(),
                participant=participant,
                user=form.speaks_of(request.user) if size or not somebody_else else None,
                allocation=door.allocation,
            )
        except EventsError as error:
            form.add_error(None, str(error))
        else:
            return redirect(_afterwards(event, outcomes, form, participant))
    if not _has_seats(event):
        event = public_event(code)
        door = entrance(event)
    return _form_page(request, event, form, door, participant, size)


def _opened(request, code):
    """The event and what its form asks. Many send it at once, and it is taken without counting seats that only pages show."""
    if request.method == "POST" and "for" not in request.GET and (found := planned(request, code)):
        event, asks = found
        if not asks.groups:
            return event, asks
    event = public_event(code)
    return event, asked(event)


def _has_seats(event):
    return hasattr(event, "confirmed_count")


def _door(request, event):
    return entrance(event, key=request.GET.get("for", "")) if _has_seats(event) else Entrance()


def _size(request):
    """For how many the form is that registers others; 0 for the form of one who registers themselves."""
    form = SizeForm(request.POST if "people" in request.POST else request.GET)
    return form.cleaned_data["people"] or 0 if form.is_valid() else 0


def _party_form(request, size, given):
    if request.method == "POST" and "add" in request.POST:
        return Party.as_typed(request.POST, size=min(size + 1, MOST_TOGETHER), **given)
    if request.method == "POST":
        return Party(request.POST, request.FILES, size=size, **given)
    return Party(size=size, initial=_initial(request.user, identity.current(request)), **given)


def _one_form(request, participant, given):
    if request.method == "POST":
        return RegistrationForm(request.POST, request.FILES, participant=participant, **given)
    return RegistrationForm(
        initial=_initial(request.user, participant, given["event"]), participant=participant, **given
    )


def _form_page(request, event, form, door, participant, size):
    if form.is_bound:
        form.lose_files()
    approval = event.policy == RegistrationPolicy.APPROVAL
    return render(
        request,
        "oberih/events/register_party.html" if size else "oberih/events/register.html",
        {
            **facts.about(event),
            "form": form,
            "participant": participant,
            "door": door,
            "texts": {name: text.text for name, text in form.asked.items()},
            "waits": not (door.has_seat or approval),
            "approval": approval,
            "query": _query(request, "for"),
            "other_query": _query(request, "for", other=1),
            "others_query": _query(request, "for", people=1),
        },
        status=400 if form.is_bound else 200,
    )


def _query(request, *names, **more):
    """The address's own question with `more` in it and, of what it held, no more than `names`."""
    kept = {name: request.GET[name] for name in names if name in request.GET}
    return f"?{urlencode({**kept, **more})}" if kept or more else ""


def _initial(user, participant, event=None):
    initial = {"submission": uuids.uuid4()}
    if participant is not None and event is None:
        return {**initial, **{name: getattr(participant, name) for name in ("full_name", "email", "phone")}}
    if participant is not None:
        return {**initial, **RegistrationForm.known(participant, event)}
    if user.is_authenticated:
        initial |= {"email": user.email, "full_name": user.get_full_name()}
    return initial


def _afterwards(event, outcomes, form, participant):
    if participant is not None:
        return reverse("oberih_events:registration", kwargs={"uuid": outcomes[0].registration.uuid})
    said = [event.code, outcomes[0].status, masked(form.contact), len(outcomes)]
    token = signing.dumps(said, salt=_SALT, compress=True)
    return reverse("oberih_events:registered", kwargs={"code": event.code, "token": token})


@never_cache
@require_GET
def registered(request, code, token):
    """What was told to whoever sent the form. The address holds no key of a registration, and no name."""
    try:
        signed_code, status, contact, people = signing.loads(token, salt=_SALT, max_age=7 * 86_400)
    except (signing.BadSignature, ValueError):
        raise Http404 from None
    if signed_code != code:
        raise Http404
    event = public_event(code)
    return render(
        request,
        "oberih/events/registered.html",
        {
            **facts.about(event),
            "status": status,
            "title": _told(status, people),
            "contact": contact,
            "together": people > 1,
        },
    )


def _told(status, people):
    """The heading of what was told to whoever sent a form for so many people."""
    if status in {Status.CANCELLED, Status.DECLINED}:
        return _("This registration has ended")
    if status == Status.CONFIRMED and people > 1:
        return _("You all have a seat")
    return facts.state(status)["title"]
