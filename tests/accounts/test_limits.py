"""Guessing is slowed for one account at a time; a hall whose people share an address is not."""

import re

import pytest
from django.core import mail
from django.test import Client

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "a password of tests"


def log_in(email, password=PASSWORD, client=None, address="203.0.113.7", **headers):
    client = client or Client(REMOTE_ADDR=address, headers=headers)
    client.post("/en/accounts/login/", {"login": email, "password": password})
    return "_auth_user_id" in client.session


def test_five_wrong_passwords_keep_the_right_one_out_for_a_while(monkeypatch):
    user = UserFactory()
    for number in range(5):
        assert not log_in(user.email, f"wrong {number}")
    assert not log_in(user.email)
    # From elsewhere, too: what is counted is the account.
    assert not log_in(user.email, address="198.51.100.1")


def test_the_owner_gets_in_by_a_code_all_the_same(client):
    user = UserFactory()
    for number in range(6):
        log_in(user.email, f"wrong {number}")
    client.post("/en/accounts/login/code/", {"email": user.email})
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[-1].body, re.MULTILINE).group(1)
    client.post("/en/accounts/login/code/confirm/", {"code": code})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_nobody_else_is_kept_out_by_it():
    user, neighbour = UserFactory(), UserFactory()
    for number in range(6):
        log_in(user.email, f"wrong {number}")
    assert log_in(neighbour.email)


def test_a_hall_of_two_hundred_behind_one_address_logs_in():
    people = UserFactory.create_batch(200)
    # One in ten mistypes the password first.
    slips = [log_in(user.email, "a slip of the finger") for user in people[::10]]
    assert (any(slips), sum(log_in(user.email) for user in people)) == (False, 200)


def test_a_forged_header_makes_no_new_visitor(settings):
    """Behind one proxy, what the visitor wrote stands before what the proxy added."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/m/ip"}
    for number in range(5):
        forged = {"x-forwarded-for": f"10.0.0.{number}, 203.0.113.7"}
        log_in(f"user{number}@example.org", "wrong", **forged)
    user = UserFactory()
    assert not log_in(user.email, **{"x-forwarded-for": "10.9.9.9, 203.0.113.7"})
    assert log_in(user.email, **{"x-forwarded-for": "10.9.9.9, 203.0.113.8"})


def test_guessing_second_factors_is_slowed_too(client):
    from tests.factories import code_of_app, give_factor

    user = give_factor(UserFactory())
    client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD})
    for number in range(5):
        client.post("/en/accounts/2fa/authenticate/", {"code": f"{number:06}"})
    client.post("/en/accounts/2fa/authenticate/", {"code": code_of_app()})
    assert "_auth_user_id" not in client.session
