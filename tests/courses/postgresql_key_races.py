"""The race for a key on PostgreSQL; started by `test_key_races.py`, which gives it a database."""

import time

import pytest
from django.db import connection

from courses.actions import keys
from courses.models import Enrolment, EnrolmentKey
from tests.courses.factories import CourseFactory
from tests.courses.racing import race_for_key

pytestmark = pytest.mark.django_db(transaction=True)


def a_key():
    return EnrolmentKey.objects.create(course=CourseFactory(access="key"), code="for-five", uses_allowed=5)


def test_a_key_for_five_lets_in_exactly_five_of_thirty():
    assert connection.vendor == "postgresql"
    key = a_key()
    refused = race_for_key(key, people=30, threads=10)
    key.refresh_from_db()
    assert (refused, Enrolment.objects.count(), key.uses) == ({"WrongKeyError": 25}, 5, 5)


def test_without_the_lock_the_same_race_lets_in_more_or_breaks(monkeypatch):
    """The control: if it fails, the test above proves nothing. What the lock prevents, the constraint turns into an error."""
    monkeypatch.setattr(EnrolmentKey.objects, "select_for_update", EnrolmentKey.objects.all, raising=False)
    enrol = keys.enrol

    def slowly(**given):
        enrolment = enrol(**given)
        time.sleep(0.1)
        return enrolment

    monkeypatch.setattr(keys, "enrol", slowly)
    refused = race_for_key(a_key(), people=30, threads=10)
    assert set(refused) - {"WrongKeyError"} or Enrolment.objects.count() > 5
