"""Reminders: before an event, and before what follows after a pause of days."""

import datetime as dt

from django.utils import timezone

from events import seats
from events.models import Event, EventState, Registration, Session
from notifications.actions import owe_many
from notifications.models import Message

PURPOSE = "events.reminder"
# Who was here yesterday knows of tomorrow.
_PAUSE = dt.timedelta(days=3)
_FURTHEST = dt.timedelta(hours=336)


def remind(*, now=None):
    """Owe the reminders that are due. Returns how many; the second time none. Four statements, however many there are."""
    now = now or timezone.now()
    soon = Session.objects.filter(starts_at__gt=now, starts_at__lte=now + _FURTHEST)
    # All sessions of these events, since what lies before the next one decides whether it begins something.
    events = Event.objects.filter(state=EventState.SCHEDULED, pk__in=soon.values("event"))
    sessions = {}
    for session in Session.objects.filter(event__in=events).select_related("event").order_by("starts_at", "pk"):
        sessions.setdefault(session.event_id, []).append(session)
    due = {}
    for event, held in sessions.items():
        for group in {session.group_id for session in held} | {None}:
            its = [session for session in held if session.group_id in {None, group}]
            if found := due_now(its, its[0].event.reminder_hours if its else [], now):
                due[event, group] = found
    return _owe(due) if due else 0


def due_now(sessions, hours, now):
    """(occurrence, since when) of the reminder that is due of an event with these sessions in their order; None if none.

    Of several hours ahead only the nearest: who hears of it three hours before need not hear of it two days before, too.
    """
    for first, *_rest in blocks(sessions):
        since = [first.starts_at - dt.timedelta(hours=ahead) for ahead in hours]
        past = [moment for moment in since if moment <= now < first.starts_at]
        if past:
            ahead = (first.starts_at - max(past)) // dt.timedelta(hours=1)
            # By the day: whoever was reminded of it is told when it moves by an hour, and not reminded again.
            return f"{first.date} {ahead}", max(past)
    return None


def blocks(sessions):
    """The sessions, in their order, in runs that no pause of more than three days divides."""
    found, ended = [], None
    for session in sessions:
        if ended is None or session.starts_at - ended > _PAUSE:
            found.append([])
        found[-1].append(session)
        ended = session.ends_at if ended is None else max(ended, session.ends_at)
    return found


def block_of(occurrence, sessions):
    """The sessions that a reminder of this occurrence is about; [] if none begins on its day any more."""
    day = dt.date.fromisoformat(occurrence.partition(" ")[0])
    ordered = sorted(sessions, key=lambda one: (one.starts_at, one.pk))
    return next((block for block in blocks(ordered) if block[0].date == day), [])


def _owe(due):
    """Those who were confirmed before the moment came; one of each party, and nobody twice."""
    registered = (
        Registration.objects.confirmed()
        .filter(event__in={event for event, _group in due}, participant__erased_at=None)
        .select_related("participant")
        .order_by("created_at", "pk")
    )
    owed = []
    for one in seats.leads(registered):
        occurrence, since = due.get((one.event_id, one.group_id), ("", None))
        if occurrence and one.confirmed_at <= since:
            owed.append((one.participant, str(one.uuid), occurrence, one.language))
    told = set(
        Message.objects.filter(
            purpose=PURPOSE, occurrence__in={occurrence for occurrence, _since in due.values()}
        ).values_list("subject_key", "occurrence")
    )
    return owe_many(PURPOSE, [one for one in owed if (one[1], one[2]) not in told])
