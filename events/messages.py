"""What people are told about their registrations, written when it is sent and in their language."""

from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _

from events import calendar, conf, guardians, seats, when
from events.models import Confidential, GuardianConsent, Registration, Status
from notifications import conf as notifications
from notifications import registry
from notifications.models import MessageChannel
from participants.identity import link_token
from safeguarding.templatetags.oberih_safeguarding import for_reader


def personal_link(registration, channel):
    """The address that opens the registration's page for its owner and nobody else."""
    token = link_token(registration.participant, "email" if channel == MessageChannel.EMAIL else "phone")
    enter = reverse("oberih_participants:enter", kwargs={"token": token})
    page = reverse("oberih_events:registration", kwargs={"uuid": registration.uuid})
    return f"{notifications.site_url()}{enter}?to={quote(page)}"


def _registration(message):
    rows = Registration.objects.select_related("event__course", "participant").prefetch_related(
        "event__venues__area", "event__areas", "event__sessions__venue"
    )
    return rows.filter(uuid=message.subject_key, participant__erased_at=None).first()


def _subject(registration, words):
    """Subjects stand on locked screens: they say the type and the day, never what the training is about."""
    event = registration.event
    return words % {"kind": event.get_kind_display(), "days": when.days(event)}


def _text(message, registration, subject, template, *, action, attach=False, **context):
    event = registration.event
    attachments = []
    if attach and message.channel == MessageChannel.EMAIL:
        file, method = calendar.entries(registration)
        attachments.append(("calendar.ics", file, f"text/calendar; method={method}"))
    return registry.Text(
        subject=_subject(registration, subject),
        template=f"oberih/events/email/{template}",
        context={
            "registration": registration,
            "event": event,
            "kind": event.get_kind_display(),
            "name": registration.participant.full_name,
            "days": when.days(event),
            "sessions": [when.session_line(session) for session in event.sessions.all()],
            "zone": when.zone(event),
            "place": when.place(event),
            "venues": list(event.venues.all()),
            "helplines": for_reader(),
            "action_url": personal_link(registration, message.channel),
            "action_label": action,
            **context,
        },
        attachments=attachments,
    )


@registry.purpose("events.registered")
def registered(message):
    """How a registration stands. An answer to a second try tells how it stands by now, whatever it was."""
    registration = _registration(message)
    if registration is None:
        return None
    again = message.occurrence.startswith("again")
    status = registration.status
    if not again and status != message.occurrence:
        # It moved on before this was sent; the move has its own message.
        return None
    subjects = {
        Status.CONFIRMED: _("You have a seat: %(kind)s, %(days)s"),
        Status.WAITLISTED: _("You are on the waiting list: %(kind)s, %(days)s"),
        Status.PENDING: _("Your registration was received: %(kind)s, %(days)s"),
        Status.OFFERED: _("A seat is waiting for you: %(kind)s, %(days)s"),
    }
    if status not in subjects:
        return None
    return _text(
        message,
        registration,
        subjects[status],
        "registered",
        action=_("Open my registration"),
        attach=status == Status.CONFIRMED,
        again=again,
        status=status,
        position=seats.position(registration) if status == Status.WAITLISTED else None,
        guardian_missing=registration.guardian_consent == GuardianConsent.MISSING,
        expires=_expires(registration),
    )


@registry.purpose("events.offer")
def offer(message):
    registration = _registration(message)
    if registration is None or registration.status != Status.OFFERED:
        return None
    if message.occurrence != f"{registration.offer_expires_at:%Y-%m-%dT%H:%M:%S}":
        # A later offer has its own message.
        return None
    return _text(
        message,
        registration,
        _("A seat is free for you: %(kind)s, %(days)s"),
        "offer",
        action=_("Take the seat"),
        expires=_expires(registration),
    )


@registry.purpose("events.cancelled_registration")
def cancelled_registration(message):
    registration = _registration(message)
    if registration is None or registration.status != Status.CANCELLED:
        return None
    return _text(
        message,
        registration,
        _("Your registration was cancelled: %(kind)s, %(days)s"),
        "cancelled_registration",
        action=_("See other events"),
        attach=registration.confirmed_at is not None,
        action_url=f"{notifications.site_url()}{reverse('oberih_events:list')}",
    )


@registry.purpose("events.changed")
def changed(message):
    registration = _registration(message)
    if registration is None or not registration.is_active:
        return None
    if message.occurrence != f"revision {registration.event.revision}":
        # Changed again since: the message about that says all of it.
        return None
    return _text(
        message,
        registration,
        _("There is a change: %(kind)s, %(days)s"),
        "changed",
        action=_("Open my registration"),
        attach=registration.status == Status.CONFIRMED,
        status=registration.status,
    )


@registry.purpose("events.event_cancelled")
def event_cancelled(message):
    registration = _registration(message)
    if registration is None:
        return None
    return _text(
        message,
        registration,
        _("Cancelled: %(kind)s, %(days)s"),
        "event_cancelled",
        action=_("See other events"),
        attach=registration.confirmed_at is not None,
        action_url=f"{notifications.site_url()}{reverse('oberih_events:list')}",
        reason=registration.event.cancelled_reason,
    )


@registry.purpose("events.declined")
def declined(message):
    registration = _registration(message)
    if registration is None or registration.status != Status.DECLINED:
        return None
    return _text(
        message,
        registration,
        _("Your registration: %(kind)s, %(days)s"),
        "declined",
        action=_("See other events"),
        action_url=f"{notifications.site_url()}{reverse('oberih_events:list')}",
    )


@registry.purpose(guardians.MESSAGE, to_others=True)
def guardian(message):
    """Asks a parent or guardian. It may be read by others in the house, so it says neither who nor about what."""
    registration = _registration(message)
    if registration is None or not (registration.is_minor and registration.is_active):
        return None
    held = Confidential.objects.filter(registration=registration).first()
    if held is None or message.occurrence != str(held.guardian_link_version):
        # The place was given back, or a newer link was sent.
        return None
    if guardians.answered_since(registration, message.queued_at.timestamp()):
        # A trainer saw the paper form meanwhile.
        return None
    link = reverse(
        "oberih_events:guardian",
        kwargs={"token": guardians.token(registration, held.guardian_link_version)},
    )
    return registry.Text(
        subject=_subject(registration, _("Please answer: %(kind)s, %(days)s")),
        template="oberih/events/email/guardian",
        context={
            "name": held.guardian_name,
            "kind": registration.event.get_kind_display(),
            "days": when.days(registration.event),
            "link_days": conf.guardian_link_days(),
            "action_url": f"{notifications.site_url()}{link}",
            "action_label": _("Read and answer"),
        },
    )


def _expires(registration):
    if registration.offer_expires_at is None:
        return ""
    return when.moment(registration.offer_expires_at, registration.event.tz)
