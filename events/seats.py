"""Seats and the waiting list, counted under the lock of the event's row and nowhere else."""

import dataclasses
import datetime as dt
from collections import Counter

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from events import conf, parties, seating
from events.models import (
    Allocation,
    Event,
    EventState,
    ParallelGroup,
    Registration,
    RegistrationPolicy,
    Session,
    Status,
)
from events.seating import Stock, Unit
from notifications import actions as notifications
from participants.prepared import Prepared


def _to_lock(pk):
    return countable(Event.objects.select_for_update()).filter(pk=pk)


def countable(events):
    """`events` with all that `read` takes of them."""
    return (
        events.with_times()
        .with_least_seats()
        .annotate(
            has_groups=Exists(ParallelGroup.objects.filter(event=OuterRef("pk"))),
            has_allocations=Exists(Allocation.objects.filter(event=OuterRef("pk"))),
        )
    )


def _counted(event):
    return (
        Registration.objects.filter(event=event, status__in=[*Status.holding_a_seat(), Status.WAITLISTED])
        .order_by()
        .values_list("allocation", "group", "status")
        .annotate(people=Count("pk"))
    )


_locked = Prepared(Event, _to_lock, int)
_people = Prepared(Registration, _counted, int)


def lock(event):
    """The event's row, locked until the transaction ends, with the times of its sessions.

    Everything that takes or frees a seat begins here, so that counting and taking are one step. On SQLite the
    immediate transaction does the same (see the check oberih_events.E001).
    """
    found = next(iter(_locked.rows(event.pk)), None)
    if found is None:
        raise Event.DoesNotExist
    for name in ("course", "project"):
        # What was read with the event before is not read again.
        if getattr(found, f"{name}_id") == getattr(event, f"{name}_id") and Event._meta.get_field(name).is_cached(
            event
        ):
            setattr(found, name, getattr(event, name))
    return found


def read(event, now):
    """The Stock of a locked event, and whether anybody waits."""
    allocations = _allocations(event, now) if event.has_allocations else {}
    taken, waits = Counter(), False
    for allocation, group, status, people in _people.tuples(event.pk):
        if status == Status.WAITLISTED:
            waits = True
        else:
            taken[_standing(allocation, allocations), group] += people
    return Stock(
        capacity=_least(event.capacity, event.least_seats),
        groups=_groups(event) if event.has_groups else {},
        allocations=allocations,
        taken=taken,
    ), waits


def _standing(allocation, standing):
    """An allocation's key, and None when its time is over: its people are then like everybody else."""
    return allocation if allocation in standing else None


def _least(*seats):
    return min((one for one in seats if one is not None), default=None)


def _groups(event):
    rows = event.groups.order_by().annotate(room=Min("sessions__capacity"))
    return {group.pk: _least(group.capacity, group.room) for group in rows}


def _allocations(event, now):
    return {one.pk: one.seats for one in event.allocations.standing(now).order_by()}


def line(event, stock):
    """Those who wait, first in line first: Units whose keys are those of the registrations that are seated together."""
    together = {}
    for pk, party, allocation, group in event.registrations.queue().values_list(
        "pk", "party", "allocation", "group"
    ):
        together.setdefault(party or pk, (allocation, group, []))[2].append(pk)
    return [
        Unit(tuple(keys), len(keys), _standing(allocation, stock.allocations), group)
        for allocation, group, keys in together.values()
    ]


def admits(event, newcomer, now):
    """Whether a Unit that comes to a locked event now is seated at once: nobody who waits is passed by that."""
    stock, waits = read(event, now)
    free = stock.free()
    newcomer = dataclasses.replace(newcomer, allocation=_standing(newcomer.allocation, stock.allocations))
    if not seating.admits(free, [], newcomer):
        return False
    return not waits or seating.admits(free, line(event, stock), newcomer)


def position(registration):
    """The registration's place in the waiting list, from 1, among those who wait for the same seats."""
    ahead = Q(priority__gt=registration.priority) | Q(
        Q(queued_at__lt=registration.queued_at) | Q(queued_at=registration.queued_at, pk__lt=registration.pk),
        priority=registration.priority,
    )
    waiting = registration.event.registrations.filter(
        status=Status.WAITLISTED, allocation=registration.allocation_id, group=registration.group_id
    )
    return waiting.filter(ahead).count() + 1


def deadline(event):
    """The instant at which registration ends: the one that was set, otherwise the start of the first session."""
    if event.registration_closes_at is not None:
        return event.registration_closes_at
    if event.first_start is not None:
        return event.first_start
    return dt.datetime.combine(event.ends_on + dt.timedelta(days=1), dt.time(), tzinfo=event.tz)


def has_started(event, now):
    return event.first_start is not None and event.first_start <= now


def offer_free(event, *, now=None):
    """Offer the free seats of a locked event in the order of the line. Returns the registrations that got one.

    An offer that ran out goes first: its holders queue again, behind the others, also if they were let go first before.
    """
    now = now or timezone.now()
    late = event.registrations.filter(status=Status.OFFERED, offer_expires_at__lte=now)
    lapsed = list(late.select_related("participant"))
    for registration in lapsed:
        registration.move(Status.WAITLISTED, queued_at=now, priority=0)
    if event.state != EventState.SCHEDULED or has_started(event, now):
        return []
    for registration in leads(lapsed):
        tell("events.offer_lapsed", registration, occurrence=instant(now))
    stock, waits = read(event, now)
    served = seating.serve(stock.free(), line(event, stock)) if waits else []
    if not served:
        return []
    expires = now + dt.timedelta(hours=conf.offer_hours())
    if event.first_start is not None:
        expires = min(expires, event.first_start)
    offered = list(
        event.registrations.queue()
        .select_related("participant")
        .filter(pk__in=[key for unit in served for key in unit.key])
    )
    for registration in offered:
        registration.move(Status.OFFERED, offer_expires_at=expires)
    for registration in leads(offered):
        tell("events.offer", registration, occurrence=instant(expires))
    return offered


def instant(moment):
    """How the message about one offer is told from those about others of the same registration."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def leads(registrations):
    """Of those who come together and are reached in one place the first: one message tells of all of them."""
    seen = set()
    for registration in registrations:
        mailbox = registration.party, parties.reached_at(registration)
        if registration.party is None or mailbox not in seen:
            seen.add(mailbox)
            yield registration


def tell(purpose, registration, *, occurrence="1"):
    """Owe the person of a registration a message about it."""
    notifications.owe(
        purpose,
        participant=registration.participant,
        subject_key=str(registration.uuid),
        occurrence=occurrence,
        language=registration.language or get_language(),
    )


def no_room():
    """What somebody reads who comes when all seats are taken and nobody may wait."""
    return _("All seats are taken, and this event has no waiting list.")


@dataclasses.dataclass(frozen=True)
class Seats:
    """What lists and pages say of an event's seats, those apart that are set aside for an organisation."""

    capacity: int | None
    taken: int
    waiting: int

    @property
    def free(self):
        """How many seats nobody has; None where as many may come as like."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def for_newcomers(self):
        """Whether somebody who comes now has a seat. As long as anybody waits, nobody passes them."""
        return self.capacity is None or (self.waiting == 0 and self.taken < self.capacity)

    @property
    def are_few(self):
        return self.free * 5 <= self.capacity


def of(event):
    """The Seats of an event annotated by `with_seats`."""
    return Seats(
        _least(event.capacity, event.least_seats),
        event.confirmed_count + event.set_aside_count,
        event.waiting_count,
    )


def of_allocation(allocation):
    """The Seats that are set aside for one organisation."""
    return Seats(allocation.seats, **_numbers(allocation.registrations))


def _numbers(registrations):
    return registrations.aggregate(
        taken=Count("pk", filter=Q(status__in=Status.holding_a_seat())),
        waiting=Count("pk", filter=Q(status=Status.WAITLISTED)),
    )


def groups(event):
    """The event's parallel groups, each with what `group_words` reads."""
    room = Subquery(
        Session.objects.filter(group=OuterRef("pk"))
        .order_by()
        .values("group")
        .annotate(least=Min("capacity"))
        .values("least")
    )
    people = Count("registrations", filter=Q(registrations__status__in=Status.holding_a_seat()))
    waiting = Count("registrations", filter=Q(registrations__status=Status.WAITLISTED))
    return list(event.groups.annotate(room=room, people=people, waiting=waiting))


def group_words(event, group):
    """What a form says of the seats of a group, as a list does of an event's."""
    return _words(Seats(_least(group.capacity, group.room), group.people, group.waiting), event.has_waiting_list)[
        0
    ]


def words(event):
    """What a list says of the seats of an event annotated by `with_seats`: the words and whether one is free.

    Never how many: a number that stays when somebody else's name is sent would tell that they are registered.
    """
    if event.policy == RegistrationPolicy.ORGANISATION:
        return _("Through organisations"), True
    return _words(of(event), event.has_waiting_list)


def _words(seats, has_waiting_list):
    if seats.capacity is None:
        return "", True
    if not seats.for_newcomers:
        return (_("Waiting list") if has_waiting_list else _("All seats are taken")), False
    return _("Few seats left") if seats.are_few else _("Seats free"), True


def taken(event):
    """What staff read of the seats of an event annotated by `with_seats`."""
    return taken_of(event.confirmed_count, event.capacity)


def taken_of(taken, capacity):
    """The same of any seats: how many are taken, and of how many where there is a limit."""
    if capacity is None:
        return ngettext("%(count)s registered", "%(count)s registered", taken) % {"count": localize(taken)}
    return _("%(taken)s of %(seats)s seats") % {"taken": localize(taken), "seats": localize(capacity)}


def free_of_all(event):
    """What an event's page says of its seats; "" where as many may come as like."""
    seats = of(event)
    if seats.capacity is None:
        return ""
    if not seats.for_newcomers:
        return _("All taken; there is a waiting list") if event.has_waiting_list else _("All taken")
    words = _("Few seats are left (%(seats)s in all)") if seats.are_few else _("Seats are free (%(seats)s in all)")
    return words % {"seats": localize(seats.capacity)}
