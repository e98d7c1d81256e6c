import datetime as dt
import secrets
import typing

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from events import guardians, revisions, seats, signals, thanks
from events.exceptions import NonexistentTimeError, ScheduleError
from events.models import Confidential, CountBasis, Event, EventState, RegistrationPolicy, Session, Status
from events.wall_time import span
from participants.names import latin
from safeguarding import audit

MANY = ("topics", "areas", "venues", "trainers")
# What those registered must hear of when it changes; the sessions besides.
HEARD_OF = ("title", "zone", "mode", "online_link")


class Slot(typing.NamedTuple):
    """A session as somebody plans it. `session` is the key of the one it changes."""

    date: dt.date
    start: dt.time
    end: dt.time
    title: object = ""
    venue: object = None
    session: int | None = None


@transaction.atomic
def schedule(*, by, sessions, **fields):
    """Put an event on the calendar. `fields` are those of `Event` by name, many-to-many ones as lists.

    `by` becomes its trainer unless `trainers` are named; the first and the last day follow from the sessions.
    """
    many = {name: fields.pop(name) for name in MANY if name in fields}
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
    Session.objects.bulk_create(_session(event, slot) for slot in slots)
    signals.after_commit(signals.event_scheduled, event_id=event.pk)
    return event


@transaction.atomic
def change(*, event, by=None, sessions=None, now=None, **fields):
    """Change an event. Those registered are told, once a revision, of what concerns their coming."""
    now = now or timezone.now()
    event = seats.lock(event)
    if event.state not in {EventState.DRAFT, EventState.SCHEDULED}:
        raise ScheduleError(_("An event that was cancelled or closed can no longer be changed."))
    before_it = revisions.snapshot(event)
    heard = False
    many = {name: fields.pop(name) for name in MANY if name in fields}
    for name, values in many.items():
        before = set(getattr(event, name).values_list("pk", flat=True))
        after = {value.pk for value in values}
        if before != after:
            if name == "trainers":
                _note_trainers(event, by, added=after - before, removed=before - after)
            getattr(event, name).set(values)
            heard = heard or name == "venues"
    heard = heard or any(name in fields and fields[name] != getattr(event, name) for name in HEARD_OF)
    for name, value in fields.items():
        setattr(event, name, value)
    slots = None if sessions is None else _slots(sessions)
    if slots:
        event.starts_on, event.ends_on = slots[0].date, slots[-1].date
    event.full_clean(exclude=["languages"])
    if slots:
        heard = _change_sessions(event, slots) or heard
    elif "zone" in fields:
        for session in event.sessions.all():
            _derive(session, event.zone)
            session.save(update_fields=["starts_at", "ends_at"])
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
    event.revision += 1
    event.save(update_fields=["state", "cancelled_reason", "revision"])
    called_off = list(event.registrations.active().select_related("participant"))
    for registration in seats.leads(called_off):
        seats.tell("events.event_cancelled", registration)
    for registration in called_off:
        registration.move(Status.CANCELLED, ended_at=now)
        signals.after_commit(signals.registration_ended, registration_id=registration.pk)
    guardians.forget(Confidential.objects.filter(registration__event=event))
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


def _session(event, slot):
    session = Session(event=event)
    _fill(session, slot)
    _derive(session, event.zone)
    return session


def _fill(session, slot):
    session.date, session.start_time, session.end_time = slot.date, slot.start, slot.end
    session.title, session.venue = slot.title, slot.venue


def _derive(session, zone):
    session.starts_at, session.ends_at = span(session.date, session.start_time, session.end_time, zone)


def _change_sessions(event, slots):
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
            _session(event, slot).save(force_insert=True)
            heard = True
            continue
        session = before[slot.session]
        agreed = session.date, session.start_time, session.end_time, session.venue_id
        _fill(session, slot)
        _derive(session, event.zone)
        session.save()
        heard = heard or agreed != (session.date, session.start_time, session.end_time, session.venue_id)
    return heard


def _free_code(event):
    """A code for the address: readable, except where only those invited shall find it."""
    if event.policy == RegistrationPolicy.INVITATION:
        return secrets.token_urlsafe(12)
    words = slugify(latin(str(event.title)))[:60].strip("-") or event.kind
    code = f"{words}-{event.starts_on:%Y-%m-%d}"
    while Event.objects.filter(code=code).exists():
        code = f"{words}-{event.starts_on:%Y-%m-%d}-{secrets.token_hex(2)}"
    return code
