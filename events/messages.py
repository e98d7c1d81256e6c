"""What people are told about their registrations, written when it is sent and in their language."""

import logging
from urllib.parse import quote, urljoin

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from events import (
    awards,
    calendar,
    conf,
    facts,
    guardians,
    naming,
    parties,
    reminders,
    revisions,
    seats,
    short_links,
    thanks,
    tickets,
    when,
)
from events.models import EventState, GuardianConsent, Naming, Registration, Source, Status
from notifications import conf as notifications
from notifications import registry
from notifications.models import MessageChannel
from participants.codes import DeliveryMode
from participants.identity import link_token
from safeguarding.templatetags.oberih_safeguarding import for_reader

logger = logging.getLogger(__name__)

# A mail with more pictures than these is heavy on a telephone's line; the PDF has all tickets.
_MOST_PICTURES = 6
# Nothing to see, and as long as what locked screens and lists of messages show after a subject.
_FILL = "\u034f\u200c\u00a0" * 90
# In text messages.
_LONGEST_NAME = 20


def personal_link(registration, channel):
    """The address that opens the registration's page for its owner and nobody else."""
    if channel == MessageChannel.SMS:
        return notifications.site_url() + short_links.to_registration(registration)
    token = link_token(registration.participant, "email")
    enter = reverse("oberih_participants:enter", kwargs={"token": token})
    page = reverse("oberih_events:registration", kwargs={"uuid": registration.uuid})
    return f"{notifications.site_url()}{enter}?to={quote(page)}"


def _registration(message):
    rows = Registration.objects.select_related("event__course", "participant", "group", "confidential")
    whole = rows.prefetch_related("event__venues__area", "event__areas", "event__sessions__venue")
    return whole.filter(uuid=message.subject_key, participant__erased_at=None).first()


def _together(registration):
    """The registration and those who come with it, are reached there and stand alike: one message tells of all of them."""
    if registration.party is None:
        return [registration]
    rows = registration.event.registrations.filter(
        party=registration.party, status=registration.status, ended_at=registration.ended_at
    )
    rows = rows.select_related("participant", "group").order_by("pk")
    found = [one for one in rows if one.pk == registration.pk or parties.is_reached_with(one, registration)]
    for one in found:
        # With the sessions and venues that are read already.
        one.event = registration.event
    return found


def _text(
    message,
    registration,
    subject,
    template,
    *,
    action,
    action_of_all="",
    invite=False,
    gone=None,
    show_tickets=False,
    on_paper=False,
    **more,
):
    event = registration.event
    by_mail = message.channel == MessageChannel.EMAIL
    # Nobody stands at the door of a meeting that is held online alone.
    has_door = event.mode != DeliveryMode.ONLINE
    show_tickets, on_paper = show_tickets and has_door, on_paper and has_door
    together = _together(registration)
    held = getattr(registration, "confidential", None)
    by_relative = held.relative_name if held else ""
    invitations = calendar.invitations(registration, gone=gone) if invite and by_mail else []
    pictures, shown = _pictures(together) if show_tickets and by_mail else ({}, [])
    sessions = calendar.sessions_of(registration)
    return registry.Text(
        subject=naming.subject(event, subject),
        template=f"oberih/events/email/{template}",
        context={
            "registration": registration,
            "event": event,
            "kind": naming.what(event),
            "preheader_fill": _FILL if event.naming == Naming.NEUTRAL else "",
            "called": Truncator(naming.what(event)).chars(_LONGEST_NAME),
            "name": by_relative or registration.participant.full_name,
            "guardian_missing": any(one.guardian_consent == GuardianConsent.MISSING for one in together),
            "names": [one.participant.full_name for one in together] if by_relative or len(together) > 1 else [],
            "day": when.short_day(event.starts_on),
            "days": when.days(event),
            "sessions": [when.session_line(session) for session in sessions],
            "zone": when.zone(event),
            "place": when.place(event),
            # The way there is for those who come.
            "venues": list(event.venues.all()) if registration.is_active else [],
            "group": registration.group if registration.is_active else None,
            "online_link": event.online_link if registration.status == Status.CONFIRMED else "",
            "tickets": shown,
            "on_paper": on_paper,
            "helplines": for_reader(),
            "action_url": personal_link(registration, message.channel),
            "action_label": action_of_all if action_of_all and len(together) > 1 else action,
            **more,
        },
        # What a mail program reads as an invitation stands beside the text; all are attached, for those that do not.
        alternatives=[(one.file.decode(), one.mime_type) for one in invitations[:1]],
        attachments=[(one.name, one.file.decode(), one.mime_type) for one in invitations]
        + (_papers(together, message.language) if on_paper and by_mail else []),
        pictures=pictures,
    )


def _pictures(together):
    """The tickets as pictures, and what stands beside each."""
    named = {f"ticket-{number}@oberih": one for number, one in enumerate(together[:_MOST_PICTURES], 1)}
    return (
        {name: tickets.png(one) for name, one in named.items()},
        [
            {"picture": name, "name": one.participant.full_name, "code": one.ticket_code}
            for name, one in named.items()
        ],
    )


def _papers(together, language):
    try:
        return [("ticket.pdf", tickets.pdf(together, language), "application/pdf")]
    except Exception:
        # Whatever the engine that prints raises: that they have a seat must reach them, and the picture is in the mail.
        logger.exception("A ticket was not printed")
        return []


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
        invite=status == Status.CONFIRMED,
        show_tickets=status == Status.CONFIRMED,
        on_paper=status == Status.CONFIRMED,
        again=again,
        asks_more=_has_to_answer(registration),
        status=status,
        position=seats.position(registration) if status == Status.WAITLISTED else None,
        expires=_expires(registration),
        expires_soon=_expires(registration, when.short_moment),
    )


def _has_to_answer(registration):
    """Whether the event asks something that whoever registered a colleague could not answer for them."""
    if registration.source != Source.COLLEAGUE:
        return False
    return registration.event.questions.exclude(answers__registration=registration).exists()


@registry.purpose("events.offer")
def offer(message):
    registration = _registration(message)
    if registration is None or registration.status != Status.OFFERED:
        return None
    if message.occurrence != seats.instant(registration.offer_expires_at):
        # A later offer has its own message.
        return None
    return _text(
        message,
        registration,
        _("A seat is free for you: %(kind)s, %(days)s"),
        "offer",
        action=_("Take the seat"),
        action_of_all=_("Take the seats for all of you"),
        expires=_expires(registration),
        expires_soon=_expires(registration, when.short_moment),
    )


@registry.purpose("events.offer_lapsed")
def offer_lapsed(message):
    """That a seat was not taken in time. Whoever is offered one again by now, or is too late for any, has to know nothing."""
    registration = _registration(message)
    if registration is None or registration.status != Status.WAITLISTED:
        return None
    event = registration.event
    begun = any(session.starts_at <= timezone.now() for session in event.sessions.all())
    if event.state != EventState.SCHEDULED or begun or message.occurrence != seats.instant(registration.queued_at):
        return None
    return _text(
        message,
        registration,
        _("You are on the waiting list again: %(kind)s, %(days)s"),
        "offer_lapsed",
        action=_("Open my registration"),
        position=seats.position(registration),
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
        invite=registration.confirmed_at is not None and not calendar.stays(registration),
        **_next(registration.event),
    )


def _next(event):
    """Where somebody goes on who gave their place back: the event's page says whether they can register again."""
    if event.state == EventState.SCHEDULED:
        label, path = _("Back to the event"), reverse("oberih_events:detail", kwargs={"code": event.code})
    else:
        label, path = _("See other events"), reverse("oberih_events:list")
    return {"action": label, "action_url": f"{notifications.site_url()}{path}"}


@registry.purpose(revisions.TOLD_BY)
def changed(message):
    """What changed since this person was last told, and what holds now."""
    registration = _registration(message)
    if registration is None or not registration.is_active:
        return None
    if message.occurrence != revisions.occurrence(registration.event):
        # Changed again since: the message about that says all of it.
        return None
    changes = revisions.untold(registration)
    return _text(
        message,
        registration,
        _("There is a change: %(kind)s, %(days)s"),
        "changed",
        action=_("Open my registration"),
        invite=registration.status == Status.CONFIRMED,
        gone=revisions.removed(changes),
        status=registration.status,
        changes=revisions.lines(changes),
    )


@registry.purpose(calendar.GROUP_CHANGED)
def group_changed(message):
    """The sessions of the group that they go to now; those of the group they left go from their calendar."""
    registration = _registration(message)
    if registration is None or not registration.is_active or registration.group is None:
        return None
    left = int(message.occurrence.rpartition(" ")[2])
    theirs = [one for one in registration.event.sessions.all() if one.group_id == left != registration.group_id]
    return _text(
        message,
        registration,
        _("Your group has changed: %(kind)s, %(days)s"),
        "group",
        action=_("Open my registration"),
        invite=registration.status == Status.CONFIRMED,
        gone={one.pk: revisions.as_kept(one) for one in theirs},
        status=registration.status,
    )


@registry.purpose(reminders.PURPOSE)
def reminder(message):
    """That it begins soon. Not if it was moved to another day meanwhile, or has begun."""
    registration = _registration(message)
    if registration is None or registration.status != Status.CONFIRMED:
        return None
    event = registration.event
    block = reminders.block_of(message.occurrence, calendar.sessions_of(registration))
    if event.state != EventState.SCHEDULED or not block or block[0].starts_at <= timezone.now():
        return None
    first = block[0]
    held = getattr(registration, "confidential", None)
    return _text(
        message,
        registration,
        _("Reminder: %(kind)s, %(days)s"),
        "reminder",
        action=_("Open my registration"),
        show_tickets=True,
        begins=when.moment(first.starts_at, event.tz),
        day=when.short_day(first.date),
        time=f"{first.start_time:%H:%M}",
        sessions=[when.session_line(session) for session in block],
        needs_are_known=bool(held and held.access_needs),
    )


@registry.purpose(thanks.PURPOSE)
def thank_you(message):
    registration = _registration(message)
    if registration is None or registration.event.state != EventState.CLOSED:
        return None
    event = registration.event
    page = facts.course_page(event)
    return _text(
        message,
        registration,
        _("Thank you for coming: %(kind)s, %(days)s"),
        "thanks",
        action=_("Open my registration"),
        course=event.course.title if page else "",
        course_url=urljoin(f"{notifications.site_url()}/", page.url) if page else "",
        certificate=awards.is_given(event),
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
        invite=registration.confirmed_at is not None,
        action_url=f"{notifications.site_url()}{reverse('oberih_events:list')}",
        reason=registration.event.cancelled_reason,
        reason_in_short=Truncator(registration.event.cancelled_reason).chars(50),
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


def _registered_from(contact, registrations):
    """The names of those whom a relative with this contact registered; "" of anybody else."""
    people = [one.participant for one in registrations if one.confidential.relative_name]
    return ", ".join(who.full_name for who in people if contact in {who.email, who.phone})


@registry.purpose(guardians.MESSAGE, to_others=True)
def guardian(message):
    """Asks a parent or guardian. It may be read by others in the house, so it says neither who nor about what; only whoever
    registered their children themselves reads which of them, as in the other messages that arrive there.
    """
    registration = _registration(message)
    if registration is None or not (registration.is_minor and registration.is_active):
        return None
    held = getattr(registration, "confidential", None)
    if held is None or message.occurrence != str(held.guardian_link_version):
        # The place was given back, or a newer link was sent.
        return None
    asked = guardians.asked_about(registration, message.queued_at.timestamp())
    if not asked:
        # A trainer saw the paper form meanwhile.
        return None
    version = held.guardian_link_version
    if message.channel == MessageChannel.SMS:
        link = short_links.to_guardian(registration, version)
    else:
        link = reverse("oberih_events:guardian", kwargs={"token": guardians.token(registration, version)})
    return registry.Text(
        subject=naming.subject(registration.event, _("Please answer: %(kind)s, %(days)s"), to_others=True),
        template="oberih/events/email/guardian",
        context={
            "name": held.guardian_name,
            "who": _registered_from(message.recipient, asked),
            "several": len(asked) > 1,
            "kind": naming.what_to_others(registration.event),
            "called": Truncator(naming.what_to_others(registration.event)).chars(_LONGEST_NAME),
            "day": when.short_day(registration.event.starts_on),
            "days": when.days(registration.event),
            "link_days": conf.guardian_link_days(),
            "action_url": f"{notifications.site_url()}{link}",
            "action_label": _("Read and answer"),
        },
    )


def _expires(registration, say=when.moment):
    if registration.offer_expires_at is None:
        return ""
    return say(registration.offer_expires_at, registration.event.tz)
