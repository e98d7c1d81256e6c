"""Who has an account here is told to nobody who asks: known and unknown addresses get the same answer."""

import pytest
from django.core import mail
from django.test import Client

from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "a password of tests"
KNOWN, STAFF, UNKNOWN = "known@example.org", "staff@example.org", "never@example.org"
ASKED = {
    "sign up": ("signup", lambda email: {"full_name": "Олена Коваль", "email": email, "password1": PASSWORD}),
    "log in": ("login", lambda email: {"login": email, "password": "a wrong password"}),
    "code": ("login/code", lambda email: {"email": email}),
    "reset": ("password/reset", lambda email: {"email": email}),
}


def told(asked, email):
    """What the one who asks sees: the answer, and the page that it leads to."""
    path, form = ASKED[asked]
    client = Client()
    answer = client.post(f"/en/accounts/{path}/", form(email))
    page = client.get(answer.url) if answer.status_code == 302 else answer
    said = page.content.decode().replace(email, "somebody@example.org")
    token = page.context.get("csrf_token")
    return answer.status_code, answer.get("Location"), len(said.replace(str(token), ""))


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("known", [KNOWN, STAFF])
def test_known_and_unknown_addresses_get_the_same_answer(asked, known):
    UserFactory(email=KNOWN)
    StaffFactory(email=STAFF, role="trainer")
    assert told(asked, known) == told(asked, UNKNOWN)


@pytest.mark.parametrize(("asked", "to"), [("sign up", {KNOWN, UNKNOWN}), ("code", {KNOWN}), ("reset", {KNOWN})])
def test_only_whoever_owns_an_address_learns_more_and_a_stranger_is_sent_nothing(asked, to):
    """At sign-up one mail goes out either way; otherwise nothing to an address that nobody has given us."""
    UserFactory(email=KNOWN)
    for email in (KNOWN, UNKNOWN):
        told(asked, email)
    assert sorted(message.to[0] for message in mail.outbox) == sorted(to)
