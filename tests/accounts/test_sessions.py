"""Sessions end when what let them in no longer does, and those of staff end by themselves."""

import datetime as dt

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts import actions
from accounts.middleware import SEEN
from safeguarding.models import Role
from tests.factories import SEED, StaffFactory, UserFactory, code_of_app, give_factor

pytestmark = pytest.mark.django_db

PASSWORD = "a password of tests"
NEW = "another password of tests"
START = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)


def logged_in(user):
    client = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"})
    client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD})
    if Authenticator.objects.filter(user=user).exists():
        client.post("/en/accounts/2fa/authenticate/", {"code": code_of_app()})
    return client


def is_somebody(client):
    return client.get("/en/accounts/").status_code == 200


def test_an_old_cookie_is_nobodys_after_a_new_password():
    user = UserFactory()
    here, elsewhere = logged_in(user), logged_in(user)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    here.post("/en/accounts/password/change/", form)
    assert (is_somebody(here), is_somebody(elsewhere)) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_an_old_cookie_is_nobodys_after_a_new_factor(monkeypatch):
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.generate_totp_secret", lambda: SEED)
    user = UserFactory()
    here, elsewhere = logged_in(user), logged_in(user)
    here.post("/en/accounts/reauthenticate/", {"password": PASSWORD})
    here.get("/en/accounts/2fa/totp/activate/")
    here.post("/en/accounts/2fa/totp/activate/", {"code": code_of_app()})
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    assert (is_somebody(here), is_somebody(elsewhere)) == (True, False)


def test_an_old_cookie_is_nobodys_after_a_factor_was_removed():
    user = give_factor(UserFactory())
    here, elsewhere = Client(), Client()
    here.force_login(user)
    elsewhere.force_login(user)
    here.post("/en/accounts/reauthenticate/", {"password": PASSWORD})
    here.post("/en/accounts/2fa/totp/deactivate/")
    assert (is_somebody(here), is_somebody(elsewhere)) == (True, False)


def test_sessions_that_no_list_knows_end_too(client):
    user = UserFactory()
    client.force_login(user)
    assert UserSession.objects.count() == 0
    actions.end_sessions(user=user)
    assert not is_somebody(client)


def test_everybody_sees_their_own_sessions_and_ends_all_others():
    user = UserFactory()
    here, elsewhere, charlie = logged_in(user), logged_in(user), logged_in(UserFactory())
    page = here.get("/en/accounts/sessions/").content.decode()
    assert page.count("Firefox on Windows") == 2
    here.post("/en/accounts/sessions/")
    assert [is_somebody(one) for one in (here, elsewhere, charlie)] == [True, False, True]


@pytest.mark.parametrize(
    ("minutes", "steps", "stays"),
    [(29, 1, True), (31, 1, False), (25, 28, True), (25, 29, False)],
    ids=["a pause", "too long a pause", "a long day", "too long a day"],
)
def test_staff_are_logged_out_after_half_an_hour_without_a_click_or_twelve_hours(minutes, steps, stays):
    with time_machine.travel(START, tick=False) as clock:
        client = logged_in(StaffFactory(role=Role.TRAINER))
        for _ in range(steps):
            clock.shift(dt.timedelta(minutes=minutes))
            answer = client.get("/en/trainings/")
        assert (answer.status_code == 200) is stays


def test_participants_stay_logged_in():
    with time_machine.travel(START, tick=False) as clock:
        client = logged_in(UserFactory())
        clock.shift(dt.timedelta(days=3))
        assert is_somebody(client)


def test_a_session_is_written_once_a_minute_at_most():
    with time_machine.travel(START, tick=False) as clock:
        client = logged_in(StaffFactory(role=Role.TRAINER))
        seen = []
        for seconds in (30, 29, 2):
            clock.shift(dt.timedelta(seconds=seconds))
            client.get("/en/trainings/")
            seen.append(client.session[SEEN] - int(START.timestamp()))
    assert seen == [0, 0, 61]


@pytest.mark.parametrize("page", ["", "2fa/", "sessions/", "email/", "password/change/"])
def test_pages_of_an_account_are_kept_by_nobody(client, page):
    client.force_login(UserFactory())
    assert client.get(f"/en/accounts/{page}")["Cache-Control"] == "private, no-store"
