"""What becomes of a registration: given back, offered, accepted, changed."""

import dataclasses
import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from events import announcing, guardians, parties, questions, recognising, registering, seats, signals
from events.calendar import GROUP_CHANGED
from events.exceptions import MoveError, OfferExpiredError
from events.models import Confidential, EventState, Registration, Source, Status
from notifications.models import Message, MessageState
from safeguarding import audit


@transaction.atomic
def cancel_registration(*, registration, by=None, now=None):
    """Give the place back. The person may until the event begins, staff (`by`) until it is closed."""
    now = now or timezone.now()
    event, registration = locked(registration)
    if registration.status == Status.CANCELLED:
        return registration
    if event.state == EventState.CLOSED or (by is None and seats.has_started(event, now)):
        raise MoveError(_("The event has begun; the registration can no longer be cancelled here."))
    end(registration, Status.CANCELLED, now)
    seats.tell("events.cancelled_registration", registration)
    if by is not None:
        audit.record(by, "cancel", "registration", [registration.uuid])
    seats.offer_free(event, now=now)
    return registration


def end(registration, status, now, **changes):
    """Take the place back, under the lock of the event. Whoever calls it tells the person."""
    pass_on(registration)
    announcing.pass_on(registration)
    registration.move(status, ended_at=now, **changes)
    guardians.give_up(registration)
    signals.after_commit(signals.registration_ended, registration_id=registration.pk)


def pass_on(registration):
    """Owe what was not sent yet to the next of those who come with somebody: it tells of all, and is never sent of one who
    has moved on. A second form is answered to each, a guardian asked anew, and an announcement passed on, elsewhere.
    """
    if registration.party is None:
        return
    heir = next((one for one in parties.others(registration) if one.status == registration.status), None)
    if heir is None:
        return
    unsent = Message.objects.filter(subject_key=str(registration.uuid), state=MessageState.QUEUED)
    theirs = unsent.exclude(purpose__in=[guardians.MESSAGE, announcing.PURPOSE])
    for message in theirs.exclude(occurrence__startswith="again"):
        seats.tell(message.purpose, heir, occurrence=message.occurrence)


@transaction.atomic
def replace(*, registration, person, submission, language, by, now=None):
    """Cancel a colleague's place and register `person` of the same organisation instead of them.

    A seat that is set aside for the organisation is the new one's at once. Any other is everybody's: it goes to whoever
    waits first, and the new one stands at the end of the line. Returns the new one's Outcome.
    """
    now = now or timezone.now()
    if (replay := recognising.of_form(submission)) is not None:
        return registering.as_it_is(replay)
    event, registration = locked(registration)
    _need_active(registration)
    if seats.has_started(event, now):
        raise MoveError(_("The event has begun; the registration can no longer be cancelled here."))
    allocation = event.allocations.standing(now).filter(pk=registration.allocation_id).first()
    takes_over = allocation is not None and registration.status in Status.holding_a_seat()
    end(registration, Status.CANCELLED, now)
    seats.tell("events.cancelled_registration", registration)
    if not takes_over:
        seats.offer_free(event, now=now)
    outcome = registering.register(
        event=event,
        person=dataclasses.replace(person, group=registration.group),
        submission=submission,
        language=language,
        source=Source.COLLEAGUE,
        by=by,
        allocation=allocation,
        takes_over=takes_over,
        now=now,
    )
    # What is left: the new one was registered before, or has to be approved first.
    seats.offer_free(event, now=now)
    return outcome


@transaction.atomic
def accept_offer(*, registration, now=None):
    """Take the seat that was offered, while the offer stands. Accepting twice is accepting once."""
    now = now or timezone.now()
    event, registration = locked(registration)
    if registration.status == Status.CONFIRMED:
        return registration
    if registration.status == Status.WAITLISTED or (
        registration.status == Status.OFFERED and registration.offer_expires_at <= now
    ):
        raise OfferExpiredError(
            _(
                "The time to take this seat is over, and it has gone to the next in line. You are on the waiting list."
            )
        )
    if event.state != EventState.SCHEDULED:
        raise MoveError(_("This event is no longer open."))
    # Also where those who come with them were offered seats: these are not taken by somebody who gave theirs back.
    _need_active(registration)
    if registration.status == Status.PENDING:
        raise MoveError(_("No seat was offered for this registration."))
    together = _together(event, registration, Status.OFFERED)
    for one in together:
        one.move(Status.CONFIRMED, confirmed_at=now)
        registering.confirmed(one, event)
    for one in seats.leads(together):
        seats.tell("events.registered", one, occurrence=Status.CONFIRMED)
    return next(one for one in together if one == registration)


def _need_active(registration):
    if not registration.is_active:
        raise MoveError(
            _("This registration is “%(status)s” already.") % {"status": registration.get_status_display()}
        )


def _together(event, registration, status):
    """The registration and those who come with it that stand alike, in the order in which they were made."""
    if registration.party is None:
        return [registration]
    rows = event.registrations.filter(party=registration.party, status=status)
    return list(rows.select_related("participant").order_by("pk"))


@transaction.atomic
def promote(*, event, now=None):
    """Take back offers that ran out and offer free seats to those who wait. Returns whom a seat was offered."""
    return seats.offer_free(seats.lock(event), now=now)


@transaction.atomic
def set_priority(*, registration, priority, by):
    """Let somebody who waits, and whoever comes with them, go before those of a lower priority. 0 is everybody's."""
    event, registration = locked(registration)
    if registration.status != Status.WAITLISTED:
        raise MoveError(_("This registration does not wait for a seat."))
    for one in _together(event, registration, Status.WAITLISTED):
        one.priority = priority
        one.save(update_fields=["priority"])
    audit.record(by, "change_priority", "registration", [registration.uuid])
    seats.offer_free(event)
    return registration


@transaction.atomic
def change_answers(*, registration, group=None, replies=None, access_needs=None, now=None):
    """The person changes what they answered, until the registration's deadline. None leaves an answer as it is.

    Another parallel `group` takes a free seat there; somebody who waits keeps their place and waits for that group.
    Returns the registration; whoever comes with them changes the group, too.
    """
    now = now or timezone.now()
    event, registration = locked(registration)
    registration.event = event
    if not may_change(registration, now):
        raise MoveError(_("The time to change this registration is over."))
    if recognising.standing(registration.participant)[0] is None:
        raise MoveError(_("Your data was erased meanwhile. To take part, register anew."))
    if group is not None and group.pk != registration.group_id:
        _change_group(event, registration, group, now)
    if replies:
        questions.keep((registration, question, reply) for question, reply in replies.items())
    if access_needs is not None:
        _change_needs(registration, access_needs)
    return registration


def may_change(registration, now):
    """Whether the answers of a registration, whose event is read `with_times`, can still be changed."""
    event = registration.event
    return registration.is_active and event.state == EventState.SCHEDULED and seats.deadline(event) > now


@transaction.atomic
def change_group(*, registration, group, by, now=None):
    """Put somebody, and whoever comes with them, into another parallel group of their event until it is closed.

    A trainer takes no seat there that somebody waits for, and passes no one by; there is no deadline for it.
    """
    now = now or timezone.now()
    event, registration = locked(registration)
    _need_active(registration)
    if event.state != EventState.SCHEDULED:
        raise MoveError(_("This event is no longer open."))
    if group.pk != registration.group_id:
        _change_group(event, registration, group, now)
        audit.record(by, "change_group", "registration", [registration.uuid])
    return registration


def _change_group(event, registration, group, now):
    together = _together(event, registration, registration.status)
    if registration.status in Status.holding_a_seat():
        stock, _waits = seats.read(event, now)
        free = stock.free().get(("group", group.pk))
        waiting = event.registrations.filter(status=Status.WAITLISTED, group=group).exists()
        if free is not None and (waiting or free < len(together)):
            raise MoveError(_("No seat is free in this group."))
    left = registration.group_id
    for one in together:
        one.group = group
        one.save(update_fields=["group"])
    registration.group = group
    for one in seats.leads(together):
        _tell_of_group(one, left)
    seats.offer_free(event, now=now)


def _tell_of_group(registration, left):
    """How often is a part of it: the calendar's entries go and come again as often, and each time anew."""
    before = Message.objects.filter(purpose=GROUP_CHANGED, subject_key=str(registration.uuid)).count()
    seats.tell(GROUP_CHANGED, registration, occurrence=f"{before + 1} from {left or 0}")


def _change_needs(registration, access_needs):
    held = Confidential.objects.filter(registration=registration).first()
    if held is None and access_needs:
        Confidential.objects.create(registration=registration, access_needs=access_needs)
    elif held is not None:
        held.access_needs = access_needs
        held.save(update_fields=["access_needs"])


def locked(registration):
    """The registration's event, locked, and the registration as it stands under that lock."""
    event = seats.lock(registration.event)
    return event, event.registrations.select_related("participant").get(pk=registration.pk)


def expire_offers(*, now=None):
    """Go through the events where an offer ran out or a free seat waits for its offer. Returns how many got one."""
    now = now or timezone.now()
    # A day back, since the last day ends later in some zones than in ours.
    held = Q(event__state=EventState.SCHEDULED, event__ends_on__gte=timezone.localdate(now) - dt.timedelta(days=1))
    waiting = Registration.objects.filter(
        Q(held, status=Status.WAITLISTED) | Q(status=Status.OFFERED, offer_expires_at__lte=now)
    )
    events = {registration.event_id: registration.event for registration in waiting.select_related("event")}
    return sum(len(promote(event=event, now=now)) for _pk, event in sorted(events.items()))
