"""What people are told about their registrations, written when it is sent and in their language."""

from urllib.parse import urljoin

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from events import (
    announcing,
    awards,
    calendar,
    conf,
    facts,
    guardians,
    letters,
    naming,
    reminders,
    revisions,
    seats,
    short_links,
    thanks,
    when,
)
from events.models import EventState, Naming, Source, Status
from notifications import conf as notifications
from notifications import registry
from notifications.models import MessageChannel

# Of a trainer's text, so that a text message with it fits into two segments.
_LONGEST_IN_SHORT = 30


@registry.purpose("events.registered")
def registered(message):
    """How a registration stands. An answer to a second try tells how it stands by now, whatever it was."""
    registration = letters.registration_of(message)
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
    return letters.text(
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
    registration = letters.registration_of(message)
    if registration is None or registration.status != Status.OFFERED:
        return None
    if message.occurrence != seats.instant(registration.offer_expires_at):
        # A later offer has its own message.
        return None
    return letters.text(
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
    registration = letters.registration_of(message)
    if registration is None or registration.status != Status.WAITLISTED:
        return None
    event = registration.event
    begun = any(session.starts_at <= timezone.now() for session in event.sessions.all())
    if event.state != EventState.SCHEDULED or begun or message.occurrence != seats.instant(registration.queued_at):
        return None
    return letters.text(
        message,
        registration,
        _("You are on the waiting list again: %(kind)s, %(days)s"),
        "offer_lapsed",
        action=_("Open my registration"),
        position=seats.position(registration),
    )


@registry.purpose("events.cancelled_registration")
def cancelled_registration(message):
    registration = letters.registration_of(message)
    if registration is None or registration.status != Status.CANCELLED:
        return None
    return letters.text(
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
    registration = letters.registration_of(message)
    if registration is None or not registration.is_active:
        return None
    if message.occurrence != revisions.occurrence(registration.event):
        # Changed again since: the message about that says all of it.
        return None
    changes = revisions.untold(registration)
    return letters.text(
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
    registration = letters.registration_of(message)
    if registration is None or not registration.is_active or registration.group is None:
        return None
    left = int(message.occurrence.rpartition(" ")[2])
    theirs = [one for one in registration.event.sessions.all() if one.group_id == left != registration.group_id]
    return letters.text(
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
    registration = letters.registration_of(message)
    if registration is None or registration.status != Status.CONFIRMED:
        return None
    event = registration.event
    block = reminders.block_of(message.occurrence, calendar.sessions_of(registration))
    if event.state != EventState.SCHEDULED or not block or block[0].starts_at <= timezone.now():
        return None
    first = block[0]
    held = getattr(registration, "confidential", None)
    return letters.text(
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
    registration = letters.registration_of(message)
    if registration is None or registration.event.state != EventState.CLOSED:
        return None
    event = registration.event
    page = facts.course_page(event)
    return letters.text(
        message,
        registration,
        _("Thank you for coming: %(kind)s, %(days)s"),
        "thanks",
        action=_("Open my registration"),
        course=event.course.title if page else "",
        course_url=urljoin(f"{notifications.site_url()}/", page.url) if page else "",
        certificate=awards.is_given(event),
    )


@registry.purpose(announcing.PURPOSE)
def announcement(message):
    registration = letters.registration_of(message)
    if registration is None:
        return None
    sent = registration.event.announcements.filter(pk=message.occurrence).first()
    if sent is None or announcing.ended_since(registration, sent):
        return None
    words, language = announcing.words(sent, message.language)
    # What a locked screen shows of a text message must not say what a neutral event is about.
    is_neutral = registration.event.naming == Naming.NEUTRAL
    return letters.text(
        message,
        registration,
        announcing.subject(),
        "announcement",
        action=_("Open my registration"),
        written=words,
        written_in=language,
        in_short="" if is_neutral else Truncator(" ".join(words.split())).chars(_LONGEST_IN_SHORT),
    )


@registry.purpose("events.event_cancelled")
def event_cancelled(message):
    registration = letters.registration_of(message)
    if registration is None:
        return None
    return letters.text(
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
    registration = letters.registration_of(message)
    if registration is None or registration.status != Status.DECLINED:
        return None
    return letters.text(
        message,
        registration,
        _("Your registration: %(kind)s, %(days)s"),
        "declined",
        action=_("See other events"),
        action_url=f"{notifications.site_url()}{reverse('oberih_events:list')}",
        reason=registration.declined_reason,
        # A text message has no room for a reason.
        reason_url=letters.personal_link(registration, message.channel) if registration.declined_reason else "",
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
    registration = letters.registration_of(message)
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
            "called": Truncator(naming.what_to_others(registration.event)).chars(letters.LONGEST_NAME),
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
