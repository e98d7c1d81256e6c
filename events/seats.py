"""Seats and the waiting list, counted under the lock of the event's row and nowhere else."""

import dataclasses
import datetime as dt

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from events import conf
from events.models import Event, EventState, RegistrationPolicy, Status
from notifications import actions as notifications


def lock(event):
    """The event's row, locked until the transaction ends, with its course and the times of its sessions.

    Everything that takes or frees a seat begins here, so that counting and taking are one step. On SQLite the
    immediate transaction does the same (see the check oberih_events.E001).
    """
    rows = Event.objects.select_for_update(of=("self",)).select_related("course__project", "project").with_times()
    return rows.get(pk=event.pk)


@dataclasses.dataclass(frozen=True)
class Seats:
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


def count(event):
    found = event.registrations.aggregate(
        taken=Count("pk", filter=Q(status__in=Status.holding_a_seat())),
        waiting=Count("pk", filter=Q(status=Status.WAITLISTED)),
    )
    return Seats(capacity=event.capacity, **found)


def status_for_newcomer(event, seats):
    if event.policy == RegistrationPolicy.APPROVAL:
        return Status.PENDING
    return Status.CONFIRMED if seats.for_newcomers else Status.WAITLISTED


def position(registration):
    """The registration's place in the waiting list, from 1."""
    ahead = Q(priority__gt=registration.priority) | Q(
        Q(queued_at__lt=registration.queued_at) | Q(queued_at=registration.queued_at, pk__lt=registration.pk),
        priority=registration.priority,
    )
    waiting = registration.event.registrations.filter(status=Status.WAITLISTED)
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
    """Offer each free seat of a locked event to whoever is first in line. Returns the registrations that got one.

    An offer that ran out goes first: its holder queues again, behind the others.
    """
    now = now or timezone.now()
    for late in event.registrations.filter(status=Status.OFFERED, offer_expires_at__lte=now):
        late.move(Status.WAITLISTED, queued_at=now)
    if event.state != EventState.SCHEDULED or has_started(event, now):
        return []
    free = count(event).free
    expires = now + dt.timedelta(hours=conf.offer_hours())
    if event.first_start is not None:
        expires = min(expires, event.first_start)
    offered = []
    for registration in event.registrations.queue().select_related("participant")[:free]:
        registration.move(Status.OFFERED, offer_expires_at=expires)
        tell("events.offer", registration, occurrence=f"{expires:%Y-%m-%dT%H:%M:%S}")
        offered.append(registration)
    return offered


def tell(purpose, registration, *, occurrence="1"):
    """Owe the person of a registration a message about it."""
    notifications.owe(
        purpose,
        participant=registration.participant,
        subject_key=str(registration.uuid),
        occurrence=occurrence,
        language=registration.language or get_language(),
    )


def words(event):
    """What a list says of the seats of an event annotated by `with_seats`: the words and whether one is free.

    Never how many: a number that stays when somebody else's name is sent would tell that they are registered.
    """
    seats = Seats(event.capacity, event.confirmed_count, event.waiting_count)
    if seats.capacity is None:
        return "", True
    if not seats.for_newcomers:
        return _("Waiting list"), False
    return _("Few seats left") if _are_few(seats) else _("Seats free"), True


def _are_few(seats):
    return seats.free * 5 <= seats.capacity


def taken(event):
    """What staff read of the seats of an event annotated by `with_seats`."""
    if event.capacity is None:
        return ngettext("%(count)s registered", "%(count)s registered", event.confirmed_count) % {
            "count": localize(event.confirmed_count)
        }
    return _("%(taken)s of %(seats)s seats") % {
        "taken": localize(event.confirmed_count),
        "seats": localize(event.capacity),
    }


def free_of_all(event):
    """What an event's page says of its seats; "" where as many may come as like."""
    seats = Seats(event.capacity, event.confirmed_count, event.waiting_count)
    if seats.capacity is None:
        return ""
    if not seats.for_newcomers:
        return _("All taken; there is a waiting list")
    words = (
        _("Few seats are left (%(seats)s in all)") if _are_few(seats) else _("Seats are free (%(seats)s in all)")
    )
    return words % {"seats": localize(seats.capacity)}
