"""Registering, and what somebody does with their own registration."""

import io
import uuid as uuids

import segno
from django.contrib import messages
from django.core import signing
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events import actions, calendar, facts, seats, short_links, when
from events.exceptions import EventsError
from events.forms import RegistrationForm
from events.models import Event, GuardianConsent, Registration, RegistrationPolicy, Status
from events.registrations import opens
from events.views import public_event
from participants import identity
from participants.contacts import masked
from participants.models import ConsentText
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
    event = public_event(code)
    somebody_else = "other" in request.GET
    participant = None if somebody_else else identity.current(request)
    if participant is not None and (
        mine := Registration.objects.of(participant).active().filter(event=event).first()
    ):
        return redirect("oberih_events:registration", uuid=mine.uuid)
    reason = opens(event)
    asked = {"event": event, "participant": participant, "texts": ConsentText.objects.asked_now()}
    if request.method == "POST":
        form = RegistrationForm(request.POST, **asked)
        if form.is_valid():
            counted = [
                *((PER_CONTACT, contact) for contact in _contacts(form, participant)),
                (PER_ADDRESS, f"{event.pk} {client.address(request)}"),
            ]
            if refusal := limits.refuse(request, *counted):
                return refusal
            try:
                outcome = actions.register(
                    event=event,
                    person=form.person(get_language()),
                    submission=form.cleaned_data["submission"],
                    language=get_language(),
                    participant=participant,
                    user=None if somebody_else else _speaks_of_themselves(request.user, form),
                )
            except EventsError as error:
                form.add_error(None, str(error))
            else:
                return redirect(_afterwards(event, outcome, form, participant))
    elif reason:
        return redirect("oberih_events:detail", code=event.code)
    else:
        form = RegistrationForm(initial=_initial(request.user, participant), **asked)
    return render(
        request,
        "oberih/events/register.html",
        {
            "event": event,
            "kind": event.get_kind_display(),
            "facts": facts.key_facts(event),
            "form": form,
            "participant": participant,
            "register_text": form.asked["agree"].text,
            "statistics_text": form.asked["may_be_counted"].text,
            "free": seats.words(event)[1],
            "approval": event.policy == RegistrationPolicy.APPROVAL,
        },
        status=400 if form.is_bound else 200,
    )


def _initial(user, participant):
    initial = {"submission": uuids.uuid4()}
    if participant is not None:
        return {**initial, **{name: getattr(participant, name) for name in RegistrationForm.ABOUT}}
    if user.is_authenticated:
        initial |= {"email": user.email, "full_name": user.get_full_name()}
    return initial


def _speaks_of_themselves(user, form):
    """The user who is logged in, if they gave their own address: staff register others from their own account."""
    if user.is_authenticated and form.cleaned_data.get("email", "").lower() == user.email.lower():
        return user
    return None


def _contacts(form, participant):
    """What the form's messages go to, as keys for counting: the person, and the parent or guardian who is asked."""
    said = form.cleaned_data
    if participant is not None:
        contacts = [f"participant {participant.pk}"]
    else:
        contacts = [said["email"].lower() or said["phone"]]
    if form.is_young:
        contacts.append(said["guardian_email"].lower() or said["guardian_phone"])
    return contacts


def _afterwards(event, outcome, form, participant):
    if participant is not None:
        return reverse("oberih_events:registration", kwargs={"uuid": outcome.registration.uuid})
    contact = masked(form.cleaned_data["email"] or form.cleaned_data["phone"])
    token = signing.dumps([event.code, outcome.status, contact], salt=_SALT, compress=True)
    return reverse("oberih_events:registered", kwargs={"code": event.code, "token": token})


@require_GET
def registered(request, code, token):
    """What was told to whoever sent the form. The address holds no key of a registration, and no name."""
    try:
        signed_code, status, contact = signing.loads(token, salt=_SALT, max_age=7 * 86_400)
    except (signing.BadSignature, ValueError):
        raise Http404 from None
    if signed_code != code:
        raise Http404
    event = public_event(code)
    return render(
        request,
        "oberih/events/registered.html",
        {
            "event": event,
            "kind": event.get_kind_display(),
            "facts": facts.key_facts(event),
            "status": status,
            "contact": contact,
        },
    )


@never_cache
@require_GET
def short(request, token):
    """What a link in a text message leads to."""
    if path := short_links.leads_to(token):
        return redirect(path)
    return render(request, "oberih/participants/link_old.html", status=410)


def _mine(request, uuid):
    participant = identity.current(request)
    if participant is None:
        raise Http404
    events = Event.objects.with_times().select_related("course")
    rows = (
        Registration.objects.of(participant)
        .select_related("participant")
        .prefetch_related(
            Prefetch("event", queryset=events.prefetch_related("areas", "venues", "sessions__venue"))
        )
    )
    return get_object_or_404(rows, uuid=uuid)


@never_cache
@require_GET
def registration(request, uuid):
    mine = _mine(request, uuid)
    event = mine.event
    begun = any(session.starts_at <= timezone.now() for session in event.sessions.all())
    confirmed = mine.status == Status.CONFIRMED
    return render(
        request,
        "oberih/events/registration.html",
        {
            "registration": mine,
            "event": event,
            "kind": event.get_kind_display(),
            "facts": facts.key_facts(event),
            "sessions": facts.sessions_strip(event),
            "zone": when.zone(event),
            "venues": facts.venues(event),
            "state": _state(mine),
            "position": seats.position(mine) if mine.status == Status.WAITLISTED else None,
            "expires": when.moment(mine.offer_expires_at, event.tz) if mine.offer_expires_at else "",
            "confirmed": confirmed,
            "guardian": _guardian(mine) if mine.is_active else "",
            "course": facts.course_page(event) if confirmed else None,
            "online_link": event.online_link if confirmed else "",
            "may_cancel": mine.is_active and not begun,
        },
    )


def _state(registration):
    """The icon and the word of a status."""
    return {
        Status.CONFIRMED: {"kind": "success", "title": _("You have a seat")},
        Status.WAITLISTED: {"kind": "info", "title": _("You are on the waiting list")},
        Status.OFFERED: {"kind": "attention", "title": _("A seat is free for you")},
        Status.PENDING: {"kind": "info", "title": _("Your registration waits for approval")},
        Status.CANCELLED: {"kind": "info", "title": _("Your registration is cancelled")},
        Status.DECLINED: {"kind": "info", "title": _("Your registration was not accepted")},
    }[Status(registration.status)]


def _guardian(registration):
    """What somebody under age reads about the answer of their parent or guardian; "" where nothing stands in the way."""
    return {
        GuardianConsent.MISSING: _("Without their answer you cannot take part. Remind them of our message."),
        GuardianConsent.REFUSED: _(
            "They did not agree. Your place is kept, but you cannot take part as it stands."
        ),
    }.get(registration.guardian_consent, "")


@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request, uuid):
    mine = _mine(request, uuid)
    if request.method == "POST":
        try:
            actions.cancel_registration(registration=mine)
        except EventsError as error:
            messages.error(request, str(error))
        return redirect("oberih_events:registration", uuid=uuid)
    if not mine.is_active:
        return redirect("oberih_events:registration", uuid=uuid)
    return render(
        request,
        "oberih/events/cancel.html",
        {
            "registration": mine,
            "event": mine.event,
            "kind": mine.event.get_kind_display(),
            "facts": facts.key_facts(mine.event),
        },
    )


@require_POST
def accept(request, uuid):
    mine = _mine(request, uuid)
    try:
        actions.accept_offer(registration=mine)
    except EventsError as error:
        messages.error(request, str(error))
    return redirect("oberih_events:registration", uuid=uuid)


@never_cache
@require_GET
def calendar_file(request, uuid):
    mine = _mine(request, uuid)
    if mine.confirmed_at is None:
        raise Http404
    return HttpResponse(
        calendar.published(mine),
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"Content-Disposition": 'attachment; filename="calendar.ics"'},
    )


@never_cache
@require_GET
def ticket(request, uuid):
    """The ticket as a QR code. An address of its own, since the content policy refuses images written into a page."""
    mine = _mine(request, uuid)
    if mine.status != Status.CONFIRMED:
        raise Http404
    code = segno.make(mine.ticket_code, error="q", micro=False)
    image = io.BytesIO()
    code.save(image, kind="svg", scale=8, border=3, dark="#000", light="#fff")
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")
