import time

import pytest

from events import actions
from events.models import RegistrationPolicy, Status
from participants.models import Participant
from safeguarding.models import AuditEntry
from tests.events.factories import EventFactory, registration
from tests.events.racing import at_once, each, families, is_in_order, race, standing, told
from tests.processes import run_on_postgresql


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_six_hundred_attempts_fill_a_hundred_seats():
    event, began = EventFactory(capacity=100), time.monotonic()
    assert race(event, threads=12, attempts=600, people=300) == {}
    told("600 attempts on SQLite", event, began)
    assert standing(event) == {"confirmed": 100, "waitlisted": 200}
    assert is_in_order(event)
    assert Participant.objects.count() == 300


@pytest.mark.django_db(transaction=True)
def test_families_are_not_torn():
    event = EventFactory(capacity=10)
    assert families(event, threads=6, sizes=[1, 4, 2, 3] * 3) == {}
    assert standing(event)["confirmed"] <= 10
    assert is_in_order(event)


@pytest.mark.django_db(transaction=True)
def test_two_trainers_decide_about_several_while_some_withdraw():
    event = EventFactory(policy=RegistrationPolicy.APPROVAL, capacity=5)
    people = [registration(event, Status.PENDING, number) for number in range(12)]

    def approve(chosen):
        actions.decide_several(event=event, chosen=chosen, approved=True, by=None)

    def withdraw(one):
        actions.cancel_registration(registration=one)

    assert at_once(each([people], approve), each([people], approve), each(people[:4], withdraw)) == {}
    found = standing(event)
    assert (found["cancelled"], "pending" in found) == (4, False)
    assert found["confirmed"] + found.get("offered", 0) == 5
    keys = [key for (key,) in AuditEntry.objects.filter(action="approve").values_list("keys", flat=True)]
    assert len(keys) == len(set(keys)) >= 8


@pytest.mark.services
def test_seats_are_not_overbooked_on_postgresql():
    """Runs `postgresql_races.py` in a process of its own, against a database of its own."""
    printed = run_on_postgresql("tests/events/postgresql_races.py")
    assert "9 passed" in printed, printed
