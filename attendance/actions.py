"""What is done to registers. Marks are only ever added; the effective attendance is derived in the same transaction."""

import uuid as uuids
from collections import defaultdict
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.effective import effective
from attendance.exceptions import (
    GuardianConsentError,
    HeadcountError,
    MarkKeyTakenError,
    NotAnnullableError,
    NotCountedError,
    NotHeldError,
    NotOnTheRegisterError,
    RegisterClosedError,
)
from attendance.models import (
    Attendance,
    Headcount,
    Mark,
    MarkSource,
    MarkStatus,
    Register,
    ReportedPresence,
)
from attendance.signals import attendance_changed
from events import actions as events
from events.models import CountBasis, Event, EventState, Registration, Session
from participants.codes import HeadcountMethod, Qualifier, Unit
from safeguarding import audit


@transaction.atomic
def mark(
    *,
    session,
    registration,
    status,
    by,
    source,
    uuid=None,
    device_time=None,
    clock_offset=0,
    minutes=None,
    reason="",
    override="",
):
    """Write down how somebody attended a session. The same `uuid` sent again is the same mark.

    Somebody under age whose parent or guardian has not agreed is let in only by an `override`, which says why.
    """
    locked = _lock(session)
    if uuid is not None and (known := Mark.objects.filter(uuid=uuid).first()):
        if (known.session_id, known.registration_id) != (locked.pk, registration.pk):
            raise MarkKeyTakenError(_("This mark belongs to another person or session."))
        return known
    registration = Registration.objects.confirmed().filter(pk=registration.pk, event_id=locked.event_id).first()
    if registration is None:
        raise NotOnTheRegisterError(_("This person has no confirmed place at this event."))
    override = override.strip()
    if not registration.may_attend and status in MarkStatus.attended():
        if not override:
            raise GuardianConsentError(_("No parent or guardian has agreed yet. Say why this person is let in."))
        audit.record(by, "override_guardian", "registration", [registration.uuid], reason=override)
        reason = reason or override
    _need_reason_if_closed(locked, reason)
    made = Mark.objects.create(
        uuid=uuid or uuids.uuid4(),
        session=locked,
        registration=registration,
        status=status,
        minutes=minutes,
        device_time=device_time or timezone.now(),
        clock_offset=clock_offset,
        source=source,
        author=by,
        reason=reason,
    )
    _derive(locked, [registration.pk])
    _tell(locked.event_id)
    return made


@transaction.atomic
def annul(*, mark, by, reason=""):
    """Take a mark back, by a mark that says so. Annulling twice is annulling once."""
    locked = _lock(mark.session)
    if mark.annuls_id is not None:
        raise NotAnnullableError(_("An annulment cannot be annulled. Make a new mark."))
    if known := Mark.objects.filter(annuls=mark).first():
        return known
    _need_reason_if_closed(locked, reason)
    made = Mark.objects.create(
        session=locked,
        registration_id=mark.registration_id,
        source=mark.source,
        author=by,
        annuls=mark,
        reason=reason,
    )
    _derive(locked, [mark.registration_id])
    _tell(locked.event_id)
    return made


@transaction.atomic
def mark_all_present(*, session, by):
    """Mark everybody present who has no mark yet and may attend. Returns how many that were."""
    locked = _lock(session)
    _need_reason_if_closed(locked, "")
    return _mark_the_rest(locked, MarkStatus.PRESENT, MarkSource.TRAINER, by)


def left_out(session):
    """How many have no mark and cannot be marked with all others: those whose parent or guardian has not agreed."""
    rows = _unmarked(session)
    return rows.count() - rows.who_may_attend().count()


@transaction.atomic
def close_register(*, session, by):
    """Close a session's register: whoever has no mark was absent. Closing twice is closing once."""
    locked = _lock(session)
    register, _made = Register.objects.get_or_create(session=locked)
    if register.closed_at is not None:
        return register
    _mark_the_rest(locked, MarkStatus.ABSENT, MarkSource.AUTO, None)
    register.closed_at = timezone.now()
    register.closed_by = by
    register.save(update_fields=["closed_at", "closed_by"])
    _tell(locked.event_id)
    return register


@transaction.atomic
def add_walk_in(*, event, by, person, session=None, submission=None, saw_paper=False, override=""):
    """Give somebody who came without registering a place, and mark them present in `session` if one is named.

    Of somebody under age either the signed form was seen, or `override` says why they are let in without.
    """
    if session is not None:
        person = replace(person, group=session.group)
    registration = events.add_walk_in(
        event=event, by=by, person=person, submission=submission, saw_paper=saw_paper
    )
    if session is not None:
        reason = str(_("Came without registering")) if is_closed(session) else ""
        mark(
            session=session,
            registration=registration,
            status=MarkStatus.PRESENT,
            by=by,
            source=MarkSource.TRAINER,
            reason=reason,
            override=override,
        )
    return registration


@dataclass(frozen=True)
class Count:
    """One figure of a headcount. The first that is entered is the total, the others are parts of it."""

    value: int
    qualifier: str = Qualifier.EXACT
    method: str = HeadcountMethod.NOT_STATED
    sex: str = ""
    age_band: str = ""
    category: object = None
    note: str = ""


@transaction.atomic
def enter_headcount(*, event, by, rows):
    """Write down how many persons were counted: the total, then its parts. It takes the place of an earlier count.

    Parts that are split the same way (by sex, by sex and age …) may together not exceed the total.
    """
    locked = Event.objects.select_for_update().get(pk=event.pk)
    if locked.state in {EventState.DRAFT, EventState.CANCELLED}:
        raise NotHeldError(_("This event was not held, so nobody can be counted."))
    if locked.is_imported:
        # The next import would not know this count, and write its own beside it.
        raise HeadcountError(
            _("This event is kept in an imported list; change its numbers there and import it again.")
        )
    total, *parts = rows
    sums = defaultdict(int)
    seen = set()
    for part in parts:
        cell = (part.sex, part.age_band, part.category and part.category.pk)
        if cell in seen:
            raise HeadcountError(_("Two lines count the same group. Put them into one line."))
        if not any(cell):
            raise HeadcountError(_("Say whom each line counts: choose a sex, an age or a category."))
        seen.add(cell)
        split = tuple(bool(value) for value in cell)
        sums[split] += part.value
    is_bounded = total.qualifier in {Qualifier.EXACT, Qualifier.AT_MOST}
    if sums and is_bounded and (most := max(sums.values())) > total.value:
        raise HeadcountError(
            _("The parts come to %(parts)d, more than the total of %(total)d.")
            % {"parts": most, "total": total.value}
        )
    Headcount.objects.filter(event=locked, unit=Unit.PERSONS).delete()
    made = [
        Headcount(
            event=locked,
            value=row.value,
            qualifier=row.qualifier,
            method=row.method,
            sex=row.sex,
            age_band=row.age_band,
            category=row.category,
            note=row.note,
            part_of=None if row is total else locked,
            entered_by=by,
        )
        for row in rows
    ]
    Headcount.objects.bulk_create(made)
    audit.record(by, "headcount", "event", [locked.code])
    return made


def basis_of(event):
    """How an event is counted as things stand: a CountBasis, or None if nothing was counted yet."""
    attended = Attendance.objects.filter(session__event=event, status__in=MarkStatus.attended()).exists()
    if (
        attended
        or ReportedPresence.objects.filter(registration__event=event, first_present_on__isnull=False).exists()
    ):
        return CountBasis.ATTENDANCE
    if Headcount.objects.filter(event=event, unit=Unit.PERSONS).exists():
        return CountBasis.HEADCOUNT
    return None


@transaction.atomic
def close_event(*, event, by, counted_by=None, reason=""):
    """Close an event, once it is said how many took part or why nobody was counted.

    `counted_by` is what the caller means to count by; without it, whatever there is.
    """
    if event.starts_on > timezone.localdate(timezone=event.tz):
        raise NotHeldError(_("This event has not begun yet. To call it off, cancel it."))
    found = basis_of(event)
    basis = counted_by or found or CountBasis.NOT_COUNTED
    reason = reason.strip()
    if basis == CountBasis.NOT_COUNTED:
        if found is not None:
            raise NotCountedError(_("People were counted at this event, so it cannot be closed as not counted."))
        if not reason:
            raise NotCountedError(
                _("Nobody was marked and nobody was counted. Take a register, enter a headcount, or say why not.")
            )
    elif basis == CountBasis.ATTENDANCE and found != CountBasis.ATTENDANCE:
        raise NotCountedError(_("Nobody is marked present at this event yet."))
    elif basis == CountBasis.HEADCOUNT and not event.headcounts.filter(unit=Unit.PERSONS).exists():
        raise NotCountedError(_("No headcount of persons was entered for this event yet."))
    else:
        reason = ""
    closed = events.close_event(event=event, counted_by=basis, reason=reason)
    audit.record(by, "close", "event", [event.code])
    _tell(event.pk)
    return closed


def rebuild(session):
    """Derive a session's whole attendance again from its marks. Returns how many people it lists."""
    with transaction.atomic():
        locked = Session.objects.select_for_update().get(pk=session.pk)
        listed = set(Mark.objects.filter(session=locked).values_list("registration_id", flat=True))
        Attendance.objects.filter(session=locked).exclude(registration_id__in=listed).delete()
        _derive(locked, listed)
    return len(listed)


def is_closed(session):
    """Whether a change to this session's marks must give a reason."""
    if session.event.state == EventState.CLOSED:
        return True
    return Register.objects.filter(session=session, closed_at__isnull=False).exists()


def listed(session):
    """The registrations on a session's register: all confirmed ones, and of those with a group only who are in the session's.

    Whoever has a mark there stays on it, in whichever group they are: they came.
    """
    rows = Registration.objects.confirmed().filter(event_id=session.event_id)
    if session.group_id is None:
        return rows
    marked = Attendance.objects.filter(session=session).values("registration_id")
    return rows.filter(Q(group=session.group_id) | Q(group=None) | Q(pk__in=marked))


def planned_minutes(sessions, group):
    """How long somebody of this parallel group (its key) is expected at the sessions, which leaves out those of other groups.

    Who has no group may go to any, and is expected as long as those of the group that meets longest.
    """
    own = defaultdict(int)
    for session in sessions:
        own[session.group_id] += session.minutes
    for_all = own.pop(None, 0)
    return for_all + (max(own.values(), default=0) if group is None else own[group])


def attended_minutes(event):
    """{registration's key: minutes attended over all sessions of `event`}, for whoever attended some."""
    rows = Attendance.objects.filter(session__event=event, status__in=MarkStatus.attended())
    return dict(rows.values_list("registration_id").annotate(Sum("minutes")))


def _lock(session):
    locked = Session.objects.select_for_update(of=("self",)).select_related("event").get(pk=session.pk)
    if locked.event.state in {EventState.DRAFT, EventState.CANCELLED}:
        raise NotHeldError(_("This event is not on, so attendance cannot be taken."))
    return locked


def _need_reason_if_closed(session, reason):
    if not reason.strip() and is_closed(session):
        raise RegisterClosedError(_("This register is closed. Say why it has to be changed."))


def _mark_the_rest(session, status, source, by):
    rows = _unmarked(session)
    if status in MarkStatus.attended():
        rows = rows.who_may_attend()
    rest = list(rows.values_list("pk", flat=True))
    Mark.objects.bulk_create(
        Mark(session=session, registration_id=pk, status=status, source=source, author=by) for pk in rest
    )
    _derive(session, rest)
    if rest:
        _tell(session.event_id)
    return len(rest)


def _unmarked(session):
    marked = Attendance.objects.filter(session=session).values("registration_id")
    return listed(session).exclude(pk__in=marked)


def _derive(session, registrations):
    """Write what the marks come to for these registrations, in three statements however many they are."""
    marks = defaultdict(list)
    for one in Mark.objects.filter(session=session, registration_id__in=registrations):
        marks[one.registration_id].append(one)
    results = {pk: effective(marks[pk]) for pk in registrations}
    Attendance.objects.bulk_create(
        [
            Attendance(
                session=session,
                registration_id=pk,
                status=result.status,
                minutes=result.minutes_of(session.minutes),
            )
            for pk, result in results.items()
            if result is not None
        ],
        update_conflicts=True,
        unique_fields=["session", "registration"],
        update_fields=["status", "minutes"],
    )
    nothing = [pk for pk, result in results.items() if result is None]
    if nothing:
        Attendance.objects.filter(session=session, registration_id__in=nothing).delete()


def _tell(event_id):
    transaction.on_commit(lambda: attendance_changed.send_robust(sender=None, event_id=event_id))
