import datetime as dt
import secrets
import typing

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from events import guardians, plans, revisions, seats, signals, thanks
from events.exceptions import NonexistentTimeError, ScheduleError
from events.models import Confidential, CountBasis, Event, EventState, RegistrationPolicy, Session, Status
from events.wall_time import span
from participants.names import latin
from safeguarding import audit

MANY = ("topics", "areas", "venues", "trainers")
# What `plans` puts beside the event's own fields.
ROWS = ("groups", "allocations", "questions", "co_organisers")
# What those registered must hear of when it changes; the sessions besides.
HEARD_OF = ("title", "zone", "mode", "online_link")


class Slot(typing.NamedTuple):
    """A session as somebody plans it. `session` is the key of the one it changes.

    `group` is one of the event's parallel groups, or the place from 0 of one that is planned with the session.
    """

    date: dt.date
    start: dt.time
    end: dt.time
    title: object = ""
    venue: object = None
    session: int | None = None
    capacity: int | None = None
    group: object = None


@transaction.atomic
def schedule(*, by, sessions, **fields):
    """Put an event on the calendar. `fields` are those of `Event` by name, many-to-many ones as lists.

    `by` becomes its trainer unless `trainers` are named; the first and the last day follow from the sessions. Besides
    there may be `groups`, `allocations` and `questions` as `plans` has them, and `co_organisers`, a list of organisations.
    """
    many = {name: fields.pop(name) for name in MANY if name in fields}
    rows = {name: fields.pop(name) for name in ROWS if name in fields}
    if by is not None:
        many.setdefault("trainers", [by])
    slots = _slots(sessions)
    code = fields.pop("code", None)
    event = Event(**{"state": EventState.SCHEDULED, **fields})
    event.starts_on, event.ends_on = slots[0].date, slots[-1].date
    event.code = code or _free_code(event)
    event.full_clean(exclude=["languages"])
    event.save()
    for name, values in many.items():
        getattr(event, name).set(values)
    groups = plans.put_groups(event, rows.get("groups", []))
    Session.objects.bulk_create(_session(event, slot, groups) for slot in slots)
    plans.check_groups(event)
    _put_rows(event, rows, by=by)
    signals.after_commit(signals.event_scheduled, event_id=event.pk)
    return event


@transaction.atomic
def change(*, event, by=None, sessions=None, now=None, **fields):
    """Change an event. Those registered are told, once a revision, of what concerns their coming.

    What is not named stays; `sessions` and the rows of `plans` are the whole of their kind where they are given.
    """
    now = now or timezone.now()
    event = seats.lock(event)
    if event.state not in {EventState.DRAFT, EventState.SCHEDULED}:
        raise ScheduleError(_("An event that was cancelled or closed can no longer be changed."))
    before_it = revisions.snapshot(event)
    many = {name: fields.pop(name) for name in MANY if name in fields}
    rows = {name: fields.pop(name) for name in ROWS if name in fields}
    heard = _change_many(event, many, by=by)
    heard = heard or any(name in fields and fields[name] != getattr(event, name) for name in HEARD_OF)
    for name, value in fields.items():
        setattr(event, name, value)
    slots = None if sessions is None else _slots(sessions)
    if slots:
        event.starts_on, event.ends_on = slots[0].date, slots[-1].date
    event.full_clean(exclude=["languages"])
    groups = plans.put_groups(event, rows["groups"]) if "groups" in rows else list(event.groups.all())
    if slots:
        heard = _change_sessions(event, slots, groups) or heard
    elif "zone" in fields:
        for session in event.sessions.all():
            _derive(session, event.zone)
            session.save(update_fields=["starts_at", "ends_at"])
    if "groups" in rows:
        plans.drop_groups(event, groups)
    if slots or "groups" in rows:
        plans.check_groups(event)
    _put_rows(event, rows, by=by, now=now)
    if heard:
        event.revision += 1
    event.save()
    # The times that the lock annotated are those before the change.
    event = seats.lock(event)
    if heard:
        _tell_what_changed(event, before_it, by)
    signals.after_commit(signals.event_changed, event_id=event.pk)
    seats.offer_free(event, now=now)
    return event


def _change_many(event, many, *, by):
    """Set what is many-to-many. Returns whether people must hear."""
    heard = False
    for name, values in many.items():
        before = set(getattr(event, name).values_list("pk", flat=True))
        after = {value.pk for value in values}
        if before != after:
            if name == "trainers":
                _note_trainers(event, by, added=after - before, removed=before - after)
            getattr(event, name).set(values)
            heard = heard or name == "venues"
    return heard


def _put_rows(event, rows, *, by, now=None):
    if "allocations" in rows:
        plans.put_allocations(event, rows["allocations"])
    plans.check_allocations(event, now)
    if "questions" in rows:
        plans.put_questions(event, rows["questions"])
    if "co_organisers" in rows:
        plans.put_co_organisers(event, rows["co_organisers"], by=by)


def _tell_what_changed(event, before, by):
    revisions.record(event, before, by)
    if event.state == EventState.SCHEDULED:
        for registration in seats.leads(event.registrations.active().select_related("participant")):
            seats.tell(revisions.TOLD_BY, registration, occurrence=revisions.occurrence(event))


def _note_trainers(event, by, *, added, removed):
    """Trainers see names and what was told in confidence, so who became one, and by whom, is written down.

    Nobody gives that to themselves where people have registered already: it would be a way round saying why.
    """
    if by is not None and by.pk in added and event.registrations.exists():
        raise ScheduleError(
            _("People have registered for this event, so somebody else has to make you one of its trainers.")
        )
    keys = [
        event.subject_key,
        *(f"+user:{pk}" for pk in sorted(added)),
        *(f"-user:{pk}" for pk in sorted(removed)),
    ]
    audit.record(by, "change_trainers", "event", keys)


@transaction.atomic
def cancel_event(*, event, reason, by=None, now=None):
    """Call an event off and tell everybody who has a place in it, or waits for one."""
    now = now or timezone.now()
    event = seats.lock(event)
    if event.state == EventState.CANCELLED:
        return event
    if event.state == EventState.CLOSED:
        raise ScheduleError(_("This event was held and closed; it cannot be cancelled."))
    if not reason.strip():
        raise ScheduleError(_("Say why the event is cancelled: those registered are told."))
    event.state = EventState.CANCELLED
    event.cancelled_reason = reason.strip()
    event.cancelled_at = now
    event.revision += 1
    event.save(update_fields=["state", "cancelled_reason", "cancelled_at", "revision"])
    called_off = list(event.registrations.active().select_related("participant"))
    for registration in seats.leads(called_off):
        seats.tell("events.event_cancelled", registration)
    for registration in called_off:
        registration.move(Status.CANCELLED, ended_at=now)
        signals.after_commit(signals.registration_ended, registration_id=registration.pk)
    guardians.forget(Confidential.objects.filter(registration__event=event))
    audit.record(by, "cancel", "event", [event.subject_key])
    signals.after_commit(signals.event_cancelled, event_id=event.pk)
    return event


@transaction.atomic
def close_event(*, event, counted_by, reason=""):
    """Close an event that was held. Whether it was counted is known by the room that takes attendance, which calls."""
    event = seats.lock(event)
    if event.state == EventState.CLOSED:
        return event
    if event.state != EventState.SCHEDULED:
        raise ScheduleError(_("Only an event that was scheduled can be closed."))
    if counted_by == CountBasis.NOT_COUNTED and not reason.strip():
        raise ScheduleError(_("Say how many took part, or why nobody was counted."))
    event.state = EventState.CLOSED
    event.counted_by = counted_by
    event.not_counted_reason = reason.strip() if counted_by == CountBasis.NOT_COUNTED else ""
    event.save(update_fields=["state", "counted_by", "not_counted_reason"])
    thanks.owe([event])
    signals.after_commit(signals.event_changed, event_id=event.pk)
    return event


def recompute(*, now=None):
    """Derive the instants of coming sessions again: governments change their clocks. Returns how many moved."""
    now = now or timezone.now()
    moved = 0
    for session in Session.objects.filter(starts_at__gte=now).select_related("event"):
        before = session.starts_at, session.ends_at
        try:
            session.starts_at, session.ends_at = span(
                session.date, session.start_time, session.end_time, session.event.zone
            )
        except NonexistentTimeError:
            # The clocks now skip it. What was agreed on stays until somebody chooses another time.
            continue
        if before != (session.starts_at, session.ends_at):
            session.save(update_fields=["starts_at", "ends_at"])
            moved += 1
    return moved


def _slots(sessions):
    slots = sorted((Slot(*session) for session in sessions), key=lambda slot: (slot.date, slot.start))
    if not slots:
        raise ScheduleError(_("An event has at least one session."))
    return slots


def _session(event, slot, groups):
    session = Session(event=event)
    _fill(session, slot, groups)
    _derive(session, event.zone)
    return session


def _fill(session, slot, groups):
    session.date, session.start_time, session.end_time = slot.date, slot.start, slot.end
    session.title, session.venue, session.capacity = slot.title, slot.venue, slot.capacity
    session.group = groups[slot.group] if isinstance(slot.group, int) else slot.group
    if session.group is not None and session.group not in groups:
        raise ScheduleError(_("The group of a session is one of the event’s own."))


def _derive(session, zone):
    session.starts_at, session.ends_at = span(session.date, session.start_time, session.end_time, zone)


def _change_sessions(event, slots, groups):
    """Make the sessions those planned, keeping the rows that attendance hangs on. Returns whether people must hear."""
    before = {session.pk: session for session in event.sessions.all()}
    kept = {slot.session for slot in slots if slot.session is not None}
    unknown = kept - before.keys()
    if unknown:
        raise ScheduleError(_("One of the sessions was removed in the meantime. Open the event again."))
    heard = bool(before.keys() - kept)
    for pk in before.keys() - kept:
        try:
            with transaction.atomic():
                before[pk].delete()
        except ProtectedError:
            raise ScheduleError(
                _("The session on %(session)s has attendance and cannot be removed.") % {"session": before[pk]}
            ) from None
    for slot in slots:
        if slot.session is None:
            _session(event, slot, groups).save(force_insert=True)
            heard = True
            continue
        session = before[slot.session]
        agreed = _agreed(session)
        _fill(session, slot, groups)
        _derive(session, event.zone)
        session.save()
        heard = heard or agreed != _agreed(session)
    return heard


def _agreed(session):
    return session.date, session.start_time, session.end_time, session.venue_id, session.group_id


def _free_code(event):
    """A code for the address: readable, except where only those invited shall find it."""
    if event.policy == RegistrationPolicy.INVITATION:
        return secrets.token_urlsafe(12)
    words = slugify(latin(str(event.title)))[:60].strip("-") or event.kind
    code = f"{words}-{event.starts_on:%Y-%m-%d}"
    while Event.objects.filter(code=code).exists():
        code = f"{words}-{event.starts_on:%Y-%m-%d}-{secrets.token_hex(2)}"
    return code
