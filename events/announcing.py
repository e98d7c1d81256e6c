"""What the staff of an event write to those who are registered: whom it reaches, and what each of them reads."""

import dataclasses
import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import parties, seats
from events.exceptions import AnnouncementError
from events.models import Audience, EventState, Status
from notifications import actions as notifications
from notifications.models import Message, MessageState
from safeguarding import audit

PURPOSE = "events.announcement"
MOST_A_DAY = 10
# Thanks and materials are expected as long as this after the end.
DAYS_AFTER = 30


@dataclasses.dataclass(frozen=True)
class Reach:
    """Registrations by the way in which their people are told."""

    by_email: list
    by_phone: list
    unreached: list

    @property
    def reached(self):
        return [*self.by_email, *self.by_phone]


@transaction.atomic
def announce(*, event, audience, text, submission, by, group=None, now=None):
    """Write to those who are registered, in a number of statements that does not grow with them.

    The same `submission` again is the same announcement. People who share a contact get one message there.
    """
    event = seats.lock(event)
    # Only now: whoever got a registration while this waited for the lock is written to and finds it on their page.
    now = now or timezone.now()
    if (replay := event.announcements.filter(submission=submission).first()) is not None:
        return replay
    if reason := refusal(event, now):
        raise AnnouncementError(reason)
    reached = reach(event, audience, group).reached
    if not reached:
        raise AnnouncementError(nobody())
    made = event.announcements.create(
        author=by,
        audience=audience,
        group=group,
        text=text,
        submission=submission,
        sent_at=now,
        reached=len(reached),
    )
    by_contact = {}
    for one in reached:
        by_contact.setdefault(parties.reached_at(one), one)
    notifications.owe_many(
        PURPOSE, [(one.participant, str(one.uuid), made.pk, one.language) for one in by_contact.values()]
    )
    audit.record(by, "announce", "event", [event.subject_key, f"announcement:{made.pk}", f"people:{len(reached)}"])
    return made


def refusal(event, now=None):
    """Why nothing can be written to the people of this event now, as a sentence, or "" if it can."""
    now = now or timezone.now()
    if reason := never(event, now):
        return reason
    if event.announcements.filter(sent_at__gt=now - dt.timedelta(days=1)).count() >= MOST_A_DAY:
        return ngettext(
            "At most %(count)s message within a day goes to the people of an event. Write again tomorrow.",
            "At most %(count)s messages within a day go to the people of an event. Write again tomorrow.",
            MOST_A_DAY,
        ) % {"count": MOST_A_DAY}
    return ""


def subject():
    """The subject of such a message, as `naming.subject` takes it."""
    return _("About your registration: %(kind)s, %(days)s")


def never(event, now=None):
    """The same where waiting does not help."""
    if event.is_imported or event.state == EventState.DRAFT:
        return _("Nobody has registered for this event here.")
    if timezone.localdate(now, event.tz) > event.ends_on + dt.timedelta(days=DAYS_AFTER):
        return _("The event ended more than %(days)s days ago, so its people are no longer written to.") % {
            "days": DAYS_AFTER
        }
    return ""


def nobody():
    """What whoever writes reads where nobody would be told."""
    return _("Nobody among these can be reached by e-mail or text message. Choose whom to write to.")


def audiences(event):
    """Who can be chosen. Of an event that is called off it is not known any more who waited."""
    off = event.state == EventState.CANCELLED
    return [one for one in Audience if one != Audience.GROUP and not (off and one == Audience.WAITING)]


def reach(event, audience, group=None):
    found = Reach([], [], [])
    for one in _registered(event, audience, group):
        if one.participant.email:
            found.by_email.append(one)
        elif one.participant.phone:
            found.by_phone.append(one)
        else:
            found.unreached.append(one)
    return found


def _registered(event, audience, group):
    rows = event.registrations.filter(participant__erased_at=None).select_related("participant")
    if event.state == EventState.CANCELLED:
        # Those whose places went with the event. Who of them waited is not known any more.
        everybody = Q(status=Status.CANCELLED, ended_at=event.cancelled_at, ended_at__isnull=False)
        seated, waiting = everybody & Q(confirmed_at__isnull=False), Q(pk__in=[])
    else:
        everybody, seated = Q(status__in=Status.active()), Q(status=Status.CONFIRMED)
        waiting = Q(status__in=[Status.WAITLISTED, Status.OFFERED])
    chosen = {
        Audience.SEATED: seated,
        # Of a group that is gone nobody: those without one are no group.
        Audience.GROUP: seated & Q(group__isnull=False, group=group),
        Audience.WAITING: waiting,
        Audience.EVERYBODY: everybody,
    }
    return rows.filter(chosen[audience]).order_by("created_at", "pk")


def pass_on(registration):
    """Owe what was not sent yet to the next whom it is for and whom it reaches in the same place, of whichever form.

    One message was to tell all of them there, and it is not sent of somebody who gives their place back.
    """
    unsent = Message.objects.filter(
        purpose=PURPOSE, subject_key=str(registration.uuid), state=MessageState.QUEUED
    ).values_list("occurrence", "recipient")
    for key, contact in unsent:
        made = registration.event.announcements.select_related("group").get(pk=key)
        rows = _registered(registration.event, made.audience, made.group).exclude(pk=registration.pk)
        heirs = rows.filter(
            Q(participant__email=contact) | Q(participant__phone=contact), created_at__lte=made.sent_at
        )
        heir = next((one for one in heirs if parties.reached_at(one) == contact), None)
        if heir is not None:
            seats.tell(PURPOSE, heir, occurrence=key)


def words(announcement, language):
    """The text for a reader of `language`, and the language that it is in: theirs, or else the event's first that is written."""
    written = {code: text for code, text in announcement.text.data.items() if text}
    found = next(code for code in (language, *announcement.event.languages, *written) if code in written)
    return written[found], found


def ended_since(registration, announcement):
    """Whether somebody gave their place back, or lost it, after it was written to them."""
    return registration.ended_at is not None and registration.ended_at > announcement.sent_at


def read_by(registration):
    """The announcements that are for somebody, written since they registered, the newest first.

    Whoever has a seat by now finds what was written to those with one: it is about the same training.
    """
    event, seated_at = registration.event, registration.confirmed_at
    theirs = Q(audience=Audience.EVERYBODY)
    if seated_at is not None:
        theirs |= Q(audience=Audience.SEATED)
        theirs |= Q(audience=Audience.GROUP, group__isnull=False, group=registration.group_id)
        theirs |= Q(audience=Audience.WAITING, sent_at__lt=seated_at)
    elif registration.status not in {Status.PENDING, Status.DECLINED}:
        theirs |= Q(audience=Audience.WAITING)
    rows = event.announcements.filter(theirs, sent_at__gte=registration.created_at)
    if registration.ended_at is not None and registration.ended_at != event.cancelled_at:
        rows = rows.filter(sent_at__lte=registration.ended_at)
    return list(rows)
