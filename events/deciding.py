"""What is decided about those who wait for approval: about one, or about several at once."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import registering, registrations, seats
from events.exceptions import MoveError
from events.models import EventState, Status
from events.seating import Unit
from safeguarding import audit


@transaction.atomic
def approve(*, registration, by, now=None):
    """Let somebody in who waited for approval: to a seat if one is free for newcomers, otherwise to the line."""
    now = now or timezone.now()
    event, registration = registrations.locked(registration)
    if registration.status != Status.PENDING:
        raise MoveError(_("This registration does not wait for approval."))
    _need_open(event)
    _let_in(event, registration, by, now)
    _tell([registration])
    return registration


@transaction.atomic
def decline(*, registration, by, reason="", now=None):
    """Refuse somebody. They read the `reason` in these words."""
    now = now or timezone.now()
    event, registration = registrations.locked(registration)
    if registration.status == Status.DECLINED:
        return registration
    _refuse(registration, by, reason, now)
    _tell([registration])
    seats.offer_free(event, now=now)
    return registration


@transaction.atomic
def decide_several(*, event, chosen, approved, by, reason="", now=None):
    """Approve, or decline, those among the `chosen` registrations who still wait for it, first come first, under one lock.

    Returns those who were decided about and those who were passed over: they withdrew or a colleague decided meanwhile.
    """
    now = now or timezone.now()
    event = seats.lock(event)
    if approved:
        _need_open(event)
    rows = event.registrations.filter(pk__in=[one.pk for one in chosen]).select_related("participant")
    decided, passed_over = [], []
    for one in rows.order_by("created_at", "pk"):
        (decided if one.status == Status.PENDING else passed_over).append(one)
    for one in decided:
        if approved:
            _let_in(event, one, by, now)
        else:
            _refuse(one, by, reason, now)
    _tell(decided)
    if not approved:
        seats.offer_free(event, now=now)
    return decided, passed_over


def _need_open(event):
    if event.state != EventState.SCHEDULED:
        raise MoveError(_("This event is no longer open."))


def _let_in(event, registration, by, now):
    registrations.pass_on(registration)
    if seats.admits(event, Unit(None, 1, registration.allocation_id, registration.group_id), now):
        registration.move(Status.CONFIRMED, confirmed_at=now)
        registering.confirmed(registration, event)
    else:
        registration.move(Status.WAITLISTED, queued_at=now)
    audit.record(by, "approve", "registration", [registration.uuid])


def _refuse(registration, by, reason, now):
    # Of somebody whose data was erased meanwhile nothing new is kept.
    kept = "" if registration.participant.erased_at else reason.strip()
    registrations.end(registration, Status.DECLINED, now, declined_reason=kept)
    audit.record(by, "decline", "registration", [registration.uuid])


def _tell(decided):
    """One message to those of a party for whom the same was decided."""
    for status in (Status.CONFIRMED, Status.WAITLISTED):
        for one in seats.leads(one for one in decided if one.status == status):
            seats.tell("events.registered", one, occurrence=status)
    for one in seats.leads(one for one in decided if one.status == Status.DECLINED):
        seats.tell("events.declined", one)
