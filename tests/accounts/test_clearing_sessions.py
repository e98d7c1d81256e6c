"""Sessions that expired are cleared once a day, and so is what is kept beside them."""

import datetime as dt

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from notifications import work
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
AFTER = dt.timedelta(days=15)


def logged_in(user):
    client = Client()
    client.post("/en/accounts/login/", {"login": user.email, "password": "a password of tests"})
    return client


def sweep():
    return work.run_sweeps()["accounts.sessions"]


def is_somebody(client):
    return client.get("/en/accounts/").status_code == 200


def test_a_session_that_expired_leaves_nothing_and_others_stay():
    with time_machine.travel(START, tick=False) as clock:
        logged_in(UserFactory())
        clock.shift(AFTER)
        charlie = logged_in(UserFactory())
        assert sweep() == 1
        left = charlie.session.session_key
        assert [one.session_key for one in Session.objects.all()] == [left]
        assert [one.session_key for one in UserSession.objects.all()] == [left]
        assert is_somebody(charlie)


def test_it_is_done_once_a_day():
    with time_machine.travel(START, tick=False) as clock:
        logged_in(UserFactory())
        assert sweep() == 0
        clock.shift(AFTER)
        assert [sweep(), sweep()] == [1, 0]
        Session.objects.create(session_key="stale", session_data="", expire_date=START)
        sweep()
        assert Session.objects.filter(session_key="stale").exists()
        clock.shift(dt.timedelta(days=1))
        sweep()
        assert not Session.objects.filter(session_key="stale").exists()


def test_nobody_is_logged_out_while_the_secret_key_is_exchanged(settings):
    """Who a session belongs to is not asked: that alone gives it another key, which its browser does not know."""
    client = logged_in(UserFactory())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of tests"
    sweep()
    assert is_somebody(client)
