"""The races for seats on PostgreSQL; started by `test_races.py`, which gives them a database."""

import random
import threading
import time
import uuid

import pytest
from django.db import connection
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from events import actions, seats
from events.models import (
    Audience,
    Confidential,
    Event,
    EventQuerySet,
    Registration,
    RegistrationPolicy,
    Source,
    Status,
)
from events.people import Guardian
from notifications.models import Message
from participants import erasing, sameness
from participants.models import ContactKey, Organisation, Participant
from participants.prepared import Prepared
from tests.events.factories import EventFactory, known, person, user
from tests.events.racing import at_once, each, families, is_in_order, race, standing, told

pytestmark = pytest.mark.django_db(transaction=True)


def confirmed(event):
    return event.registrations.filter(status=Status.CONFIRMED).count()


def registered(event, numbers):
    return [
        actions.register(event=event, person=person(number), submission=uuid.uuid4(), language="en").registration
        for number in numbers
    ]


def newcomer(event):
    return lambda number: actions.register(
        event=event, person=person(number), submission=uuid.uuid4(), language="en"
    )


def test_twelve_threads_and_six_hundred_attempts_fill_a_hundred_seats():
    """Each address is sent twice: it is one registration, one participant and one place in line."""
    assert connection.vendor == "postgresql"
    event, began = EventFactory(capacity=100), time.monotonic()
    assert race(event, threads=12, attempts=600, people=300) == {}
    told("600 attempts, with the lock", event, began)
    assert standing(event) == {"confirmed": 100, "waitlisted": 200}
    assert is_in_order(event)
    assert Participant.objects.count() == 300
    line = event.registrations.queue().select_related("event")
    assert [seats.position(one) for one in line] == list(range(1, 201))
    assert Message.objects.exclude(occurrence__startswith="again").count() == 300


def test_without_the_lock_all_who_counted_before_anybody_wrote_are_let_in(monkeypatch):
    """The control: if this one does not overbook, the others prove nothing."""
    monkeypatch.setattr(EventQuerySet, "select_for_update", lambda rows: rows)
    monkeypatch.setattr(seats, "_locked", Prepared(Event, seats._to_lock, int))
    counted, admits = threading.Barrier(12), seats.admits

    def between(*asked):
        answer = admits(*asked)
        counted.wait(timeout=60)
        return answer

    monkeypatch.setattr(seats, "admits", between)
    event, began = EventFactory(capacity=1), time.monotonic()
    assert race(event, threads=12, attempts=12, people=12) == {}
    told("12 attempts, without the lock", event, began)
    assert standing(event) == {"confirmed": 12}


def test_families_are_not_torn_and_fill_no_seat_twice():
    event, began = EventFactory(capacity=60), time.monotonic()
    assert families(event, threads=12, sizes=[1, 4, 2, 3] * 18) == {}
    told("72 families", event, began)
    holding = event.registrations.filter(status__in=Status.holding_a_seat()).count()
    assert 57 <= holding <= 60
    parties = event.registrations.exclude(party=None).values("party", "status").distinct()
    assert parties.count() == event.registrations.exclude(party=None).values("party").distinct().count()
    assert is_in_order(event)


def test_nobody_passes_those_who_wait_while_seats_become_free():
    event, began = EventFactory(capacity=20), time.monotonic()
    there = registered(event, range(20))
    registered(event, range(100, 130))
    accepting = threading.Event()

    def accept(_time):
        offered = event.registrations.filter(status=Status.OFFERED).first()
        if offered is None:
            accepting.wait(0.01)
        else:
            actions.accept_offer(registration=offered)

    refused = at_once(
        each(there[:8], lambda one: actions.cancel_registration(registration=one)),
        each(there[8:16], lambda one: actions.cancel_registration(registration=one)),
        *(each(range(first, first + 20), newcomer(event)) for first in (200, 300, 400, 500)),
        each(range(40), lambda _time: actions.promote(event=event)),
        each(range(40), accept),
    )
    told("cancelling, promoting, accepting and 80 newcomers", event, began)
    # Somebody else's offer was taken between looking and accepting: nothing that anybody lost.
    assert set(refused) <= {"OfferExpiredError", "MoveError"}
    found = standing(event)
    assert (found["cancelled"], found["confirmed"] + found.get("offered", 0)) == (16, 20)
    assert is_in_order(event)


def test_whoever_cancels_while_a_seat_is_offered_to_them_gets_none():
    event = EventFactory(capacity=2)
    there, waiting = registered(event, range(2)), registered(event, range(10, 20))
    refused = at_once(
        each(there, lambda one: actions.cancel_registration(registration=one)),
        each(waiting[:5], lambda one: actions.cancel_registration(registration=one)),
        each(range(10), lambda _time: actions.promote(event=event)),
    )
    assert refused == {}
    assert standing(event) == {"cancelled": 7, "offered": 2, "waitlisted": 3}
    assert set(event.registrations.filter(status=Status.OFFERED)) == set(waiting[5:7])


def test_two_who_accept_the_same_offer_are_one_seat():
    event = EventFactory(capacity=1)
    (there,), (first, *_others) = registered(event, [1]), registered(event, [2, 3])
    actions.cancel_registration(registration=there)
    offered = Registration.objects.get(pk=first.pk)
    accept = each([offered], lambda one: actions.accept_offer(registration=one))
    assert at_once(*[accept] * 6) == {}
    assert standing(event) == {"cancelled": 1, "confirmed": 1, "waitlisted": 1}
    assert Message.objects.filter(subject_key=str(first.uuid), occurrence="confirmed").count() == 1


def test_fewer_seats_while_people_register_take_nobodys_and_give_no_more():
    event, began = EventFactory(capacity=60), time.monotonic()
    smaller = []

    def shrink(_time):
        actions.change(event=event, capacity=10)
        smaller.append(timezone.now())

    refused = at_once(
        *(each(range(first, first + 20), newcomer(event)) for first in (100, 200, 300, 400)),
        each([1], shrink),
    )
    told("80 newcomers while the seats become 10", type(event).objects.get(pk=event.pk), began)
    assert refused == {}
    late = event.registrations.filter(created_at__gt=smaller[0], status=Status.CONFIRMED).count()
    before = confirmed(event) - late
    assert late <= max(0, 10 - before)
    assert is_in_order(event)


def test_one_form_for_two_events_at_once_is_one_registration():
    """The lock of one event does not guard the other; the constraint does, and whoever lost is told what was made."""
    for number in range(10):
        events, form = [EventFactory(), EventFactory()], uuid.uuid4()
        send = [
            each([event], lambda one, form=form, number=number: actions.register(
                event=one, person=person(number), submission=form, language="en"
            ))
            for event in events
        ]  # fmt: skip
        assert at_once(*send) == {}
        assert Registration.objects.filter(submission=form).count() == 1
    assert Registration.objects.count() == 10


class NobodyError(Exception):
    """There is nobody to do it to just now."""


def some_of(chosen, found, number):
    if len(found) < number:
        raise NobodyError
    return chosen.sample(found, number)


def test_whatever_is_done_at_once_nothing_blocks_and_nothing_stays_of_whoever_was_erased():
    """Three events and forty people, of whom some are known, erased and found to be one person while all else goes on."""
    asks = EventFactory(capacity=10, policy=RegistrationPolicy.APPROVAL)
    events = [*(EventFactory(capacity=15) for _number in range(2)), asks]
    organisation, staff = Organisation.objects.create(code="one", label="One"), user("staff@example.org")
    for number in range(8):
        known(person(number).full_name, person(number).email)

    def somebody(chosen, **how):
        found = Registration.objects.filter(event__in=events, **how).select_related("participant", "event")
        return some_of(chosen, list(found[:40]), 1)[0]

    def people(chosen, number):
        standing = Participant.objects.filter(erased_at=None, merged_into=None).order_by("pk")
        return some_of(chosen, list(standing[:40]), number)

    def new(chosen):
        return {
            "person": person(chosen.randrange(40), organisation=organisation),
            "submission": uuid.uuid4(),
            "language": "en",
        }

    def young(chosen):
        guardian = Guardian("Guardian", "mother", f"guardian{chosen.randrange(2)}@example.org")
        year = events[0].starts_on.year - 15
        return {**new(chosen), "person": person(chosen.randrange(12), birth_year=year, guardian=guardian)}

    def merge(chosen):
        kept, other = people(chosen, 2)
        sameness.merge(kept=kept, other=other, by=staff)

    def decide(chosen):
        pending = list(asks.registrations.filter(status=Status.PENDING)[:40])
        some = some_of(chosen, pending, min(len(pending), 4) or 1)
        actions.decide_several(
            event=asks, chosen=some, approved=chosen.random() < 0.7, by=staff, reason="No seats."
        )

    def announce(chosen):
        actions.announce(
            event=chosen.choice(events),
            audience=Audience.EVERYBODY,
            text=LazyI18nString({"en": "Bring a notebook."}),
            submission=uuid.uuid4(),
            by=staff,
        )

    colleague = {"source": Source.COLLEAGUE, "by": staff}
    deeds = {
        lambda chosen: actions.register(event=chosen.choice(events), **new(chosen)): 6,
        lambda chosen: actions.register(event=chosen.choice(events), **young(chosen)): 2,
        lambda chosen: actions.register(event=chosen.choice(events), **new(chosen), **colleague): 3,
        lambda chosen: actions.cancel_registration(registration=somebody(chosen)): 2,
        lambda chosen: actions.accept_offer(registration=somebody(chosen, status=Status.OFFERED)): 2,
        lambda chosen: actions.replace(
            registration=somebody(chosen, source=Source.COLLEAGUE), **new(chosen), by=staff
        ): 1,
        lambda chosen: actions.add_walk_in(event=chosen.choice(events), by=staff, person=new(chosen)["person"]): 1,
        lambda chosen: actions.change_answers(registration=somebody(chosen), access_needs="A lift"): 1,
        lambda chosen: actions.change(event=chosen.choice(events), capacity=chosen.choice([10, 20])): 1,
        lambda chosen: erasing.erase(participant=people(chosen, 1)[0], certificates="keep", by=None): 2,
        merge: 1,
        decide: 2,
        announce: 1,
    }

    def act(chosen):
        chosen.choices(list(deeds), list(deeds.values()))[0](chosen)

    began = time.monotonic()
    refused = at_once(*(each([random.Random(seed)] * 20, act) for seed in range(8)))
    for event in events:
        event.refresh_from_db()
        told(f"all at once, refused {refused}", event, began)
    expected = "MoveError OfferExpiredError RegistrationError SamenessError AnnouncementError NobodyError"
    assert set(refused) <= set(expected.split())
    erased = Participant.objects.exclude(erased_at=None)
    theirs = Registration.objects.filter(participant__in=erased)
    assert erased.exists()
    assert not erased.exclude(full_name="", email="", phone="").exists()
    assert not ContactKey.objects.filter(participant__in=erased).exists()
    assert not Confidential.objects.filter(registration__in=theirs).exists()
    assert not theirs.active().exists()
    assert not theirs.exclude(declined_reason="").exists()
    assert not theirs.exclude(contact_digest="", name_digest="").exists()
    assert not Message.objects.filter(subject_key__in=[str(one.uuid) for one in theirs]).exists()
