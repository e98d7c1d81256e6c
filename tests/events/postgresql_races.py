"""The race for seats on PostgreSQL; started by `test_races.py`, which gives it a database."""

import time

import pytest
from django.db import connection

from events import seats
from events.models import EventQuerySet, Status
from participants.models import Participant
from tests.events.factories import EventFactory
from tests.events.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def confirmed(event):
    return event.registrations.filter(status=Status.CONFIRMED).count()


def test_twelve_threads_and_sixty_attempts_fill_ten_seats():
    assert connection.vendor == "postgresql"
    event = EventFactory(capacity=10)
    assert race(event, threads=12, attempts=60, people=30) == {}
    assert (confirmed(event), event.registrations.count(), Participant.objects.count()) == (10, 30, 30)


def test_without_the_lock_the_same_race_overbooks(monkeypatch):
    """The control: if it fails, the test above proves nothing."""
    monkeypatch.setattr(EventQuerySet, "select_for_update", lambda rows, **of: rows)
    admits = seats.admits

    def slowly(*asked):
        answer = admits(*asked)
        time.sleep(0.1)
        return answer

    monkeypatch.setattr(seats, "admits", slowly)
    event = EventFactory(capacity=10)
    race(event, threads=12, attempts=60, people=60)
    assert confirmed(event) > 10
