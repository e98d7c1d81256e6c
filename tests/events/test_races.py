import pytest

from events.models import Status
from participants.models import Participant
from tests.events.factories import EventFactory
from tests.events.racing import race
from tests.processes import run_on_postgresql


@pytest.mark.django_db(transaction=True)
def test_seats_are_not_overbooked_when_many_register_at_once():
    event = EventFactory(capacity=10)
    refused = race(event, threads=8, attempts=48, people=24)
    found = list(event.registrations.values_list("status", flat=True))
    assert refused == {}
    assert (found.count(Status.CONFIRMED), found.count(Status.WAITLISTED), len(found)) == (10, 14, 24)
    assert Participant.objects.count() == 24


@pytest.mark.services
def test_seats_are_not_overbooked_on_postgresql():
    """Runs `postgresql_races.py` in a process of its own, against a database of its own."""
    printed = run_on_postgresql("tests/events/postgresql_races.py")
    assert "2 passed" in printed, printed
