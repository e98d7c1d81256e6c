import time

import pytest

from participants.models import Participant
from tests.events.factories import EventFactory
from tests.events.racing import families, is_in_order, race, standing, told
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


@pytest.mark.services
def test_seats_are_not_overbooked_on_postgresql():
    """Runs `postgresql_races.py` in a process of its own, against a database of its own."""
    printed = run_on_postgresql("tests/events/postgresql_races.py")
    assert "9 passed" in printed, printed
