import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from participants.actions import create_participant
from participants.identity import link_token
from participants.models import Participant
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "a password of tests"


def log_in(client, email, password=PASSWORD):
    return client.post("/en/accounts/login/", {"login": email, "password": password})


def is_logged_in(client):
    return "_auth_user_id" in client.session


def test_a_user_logs_in_by_e_mail_and_password(client):
    user = UserFactory()
    log_in(client, user.email)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_user_logs_in_by_a_code_that_is_mailed(client):
    user = UserFactory()
    client.post("/en/accounts/login/code/", {"email": user.email})
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[0].body, re.MULTILINE).group(1)
    client.post("/en/accounts/login/code/confirm/", {"code": code})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_demonstrations_users_are_nobody_where_debug_is_off(client, settings):
    user = UserFactory(is_demo=True)
    log_in(client, user.email)
    assert not is_logged_in(client)
    settings.DEBUG = True
    log_in(client, user.email)
    assert is_logged_in(client)
    settings.DEBUG = False
    assert client.get("/admin/").status_code == 302


def test_the_demonstration_is_not_made_where_debug_is_off():
    with pytest.raises(CommandError):
        call_command("seed_demo")


@pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/"])
def test_the_other_doors_lead_to_the_one_log_in(client, door):
    user = UserFactory(is_superuser=True, is_staff=True)
    response = client.post(door, {"username": user.email, "password": PASSWORD})
    assert (response.status_code, is_logged_in(client)) == (302, False)
    assert "/accounts/login/" in response.url


def test_known_and_unknown_addresses_get_the_same_answer(client):
    known = UserFactory()
    answers = []
    for email in (known.email, "nobody@example.org"):
        response = client.post("/en/accounts/password/reset/", {"email": email})
        answers.append((response.status_code, response.url))
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [[known.email]]


def test_logging_in_joins_the_user_to_who_registered_with_their_address(client):
    user = UserFactory()
    olena = create_participant(full_name="Олена Коваль", email=user.email)
    log_in(client, user.email)
    assert Participant.objects.get(user=user) == olena


def test_logging_in_forgets_whose_link_was_open_in_this_browser(client):
    somebody = create_participant(full_name="Somebody Else", email="else@example.org")
    client.get(f"/en/p/{link_token(somebody, 'email')}/")
    assert client.get("/en/learn/").status_code == 200
    user = UserFactory()
    log_in(client, user.email)
    assert "oberih_participant" not in client.session
