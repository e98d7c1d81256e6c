import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from events import actions, seats, signals
from events.exceptions import MoveError, OfferExpiredError
from events.models import EventState, Registration, RegistrationPolicy, Status
from notifications.models import Message
from tests.events.factories import EventFactory, register, registration, trainer

pytestmark = pytest.mark.django_db


def statuses(event):
    return [str(status) for status in event.registrations.order_by("pk").values_list("status", flat=True)]


def full(capacity=1, waiting=2):
    event = EventFactory(capacity=capacity)
    return event, [register(event, number).registration for number in range(capacity + waiting)]


def test_a_seat_that_becomes_free_is_offered_to_the_first_in_line():
    event, people = full()
    actions.cancel_registration(registration=people[0])
    assert statuses(event) == ["cancelled", "offered", "waitlisted"]
    assert sorted(Message.objects.exclude(purpose="events.registered").values_list("purpose", "recipient")) == [
        ("events.cancelled_registration", "person0@example.org"),
        ("events.offer", "person1@example.org"),
    ]


def test_priority_goes_before_time():
    event, people = full()
    Registration.objects.filter(pk=people[2].pk).update(priority=1)
    assert seats.position(Registration.objects.get(pk=people[2].pk)) == 1
    actions.cancel_registration(registration=people[0])
    assert statuses(event) == ["cancelled", "waitlisted", "offered"]


def test_an_offer_lasts_48_hours_but_never_past_the_start():
    event, people = full()
    now = timezone.now()
    actions.cancel_registration(registration=people[0], now=now)
    people[1].refresh_from_db()
    assert people[1].offer_expires_at == now + dt.timedelta(hours=48)
    start = event.sessions.get().starts_at
    soon = start - dt.timedelta(hours=3)
    actions.promote(event=event, now=soon)
    people[2].refresh_from_db()
    assert people[2].offer_expires_at == start


def test_the_offer_can_be_shortened(settings):
    settings.OBERIH_EVENTS_OFFER_HOURS = 6
    _event, people = full()
    now = timezone.now()
    actions.cancel_registration(registration=people[0], now=now)
    people[1].refresh_from_db()
    assert people[1].offer_expires_at == now + dt.timedelta(hours=6)


def test_taking_the_offer_twice_is_taking_it_once():
    event, people = full()
    actions.cancel_registration(registration=people[0])
    for _ in range(2):
        made = actions.accept_offer(registration=people[1])
    assert (made.status, made.offer_expires_at, statuses(event)) == (
        Status.CONFIRMED,
        None,
        ["cancelled", "confirmed", "waitlisted"],
    )


def test_an_offer_that_ran_out_goes_to_the_next_and_its_holder_behind_them():
    event, people = full()
    actions.cancel_registration(registration=people[0])
    with time_machine.travel(timezone.now() + dt.timedelta(hours=49), tick=False):
        with pytest.raises(OfferExpiredError):
            actions.accept_offer(registration=people[1])
        assert actions.expire_offers() == 1
        assert statuses(event) == ["cancelled", "waitlisted", "offered"]
        with pytest.raises(OfferExpiredError):
            actions.accept_offer(registration=people[1])
        assert actions.expire_offers() == 0
    assert list(
        Message.objects.filter(purpose="events.offer").order_by("pk").values_list("recipient", flat=True)
    ) == ["person1@example.org", "person2@example.org"]


def test_whoever_was_let_go_first_and_did_not_take_the_seat_waits_behind_the_others_too():
    event, people = full()
    actions.set_priority(registration=people[2], priority=1, by=None)
    actions.cancel_registration(registration=people[0])
    assert statuses(event) == ["cancelled", "waitlisted", "offered"]
    actions.expire_offers(now=timezone.now() + dt.timedelta(hours=48))
    assert statuses(event) == ["cancelled", "offered", "waitlisted"]


def test_the_sweep_offers_a_seat_whose_hint_was_lost():
    event = EventFactory(capacity=1)
    registration(event, Status.WAITLISTED)
    assert actions.expire_offers() == 1
    assert statuses(event) == ["offered"]


def test_nothing_is_offered_once_the_event_has_begun():
    event = EventFactory(capacity=1)
    registration(event, Status.WAITLISTED)
    start = event.sessions.get().starts_at
    assert actions.promote(event=event, now=start) == []


def test_nothing_is_offered_while_all_seats_are_taken_even_over_the_capacity():
    event = EventFactory(capacity=1)
    for number in (1, 2):
        registration(event, Status.CONFIRMED, number)
    registration(event, Status.WAITLISTED, 3)
    assert actions.promote(event=event) == []


def test_more_seats_are_offered_to_those_who_wait():
    event, _people = full(capacity=1, waiting=3)
    actions.change(event=event, capacity=3)
    assert statuses(event) == ["confirmed", "offered", "offered", "waitlisted"]


def test_approval_gives_a_seat_while_one_is_free_and_the_line_afterwards():
    event = EventFactory(capacity=1, policy=RegistrationPolicy.APPROVAL)
    people = [register(event, number).registration for number in (1, 2, 3)]
    actions.approve(registration=people[0], by=None)
    actions.approve(registration=people[1], by=None)
    actions.decline(registration=people[2], by=None)
    assert statuses(event) == ["confirmed", "waitlisted", "declined"]
    assert sorted(Message.objects.exclude(occurrence="pending").values_list("purpose", "occurrence")) == [
        ("events.declined", "1"),
        ("events.registered", "confirmed"),
        ("events.registered", "waitlisted"),
    ]


def test_only_who_waits_for_approval_can_be_approved():
    event, people = full()
    with pytest.raises(MoveError):
        actions.approve(registration=people[1], by=None)
    with pytest.raises(MoveError):
        actions.accept_offer(registration=registration(event, Status.PENDING, 9))


def test_cancelling_twice_is_cancelling_once(django_capture_on_commit_callbacks):
    heard = []

    def hear(registration_id, **kwargs):
        heard.append(registration_id)

    _event, people = full()
    signals.registration_ended.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            for _ in range(2):
                actions.cancel_registration(registration=people[0])
    finally:
        signals.registration_ended.disconnect(hear)
    assert heard == [people[0].pk]


def test_the_person_cancels_until_the_start_and_staff_until_the_closing():
    event, people = full(waiting=0)
    later = event.sessions.get().starts_at
    with pytest.raises(MoveError):
        actions.cancel_registration(registration=people[0], now=later)
    actions.cancel_registration(registration=people[0], by=trainer(), now=later)
    assert statuses(event) == ["cancelled"]
    closed = EventFactory(state=EventState.CLOSED, counted_by="attendance")
    with pytest.raises(MoveError):
        actions.cancel_registration(registration=registration(closed), by=trainer("other@example.org"))
