import pytest

from participants.actions import create_participant
from participants.identity import link_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def olena():
    return create_participant(full_name="Олена Коваль", email="olena@example.org", phone="+380671234567")


def enter(client, token, to=""):
    return client.get(f"/en/p/{token}/", {"to": to} if to else {})


def held(client):
    return client.session.get("oberih_participant", [None])[0]


def test_a_personal_link_lets_its_owner_go_on_and_proves_the_contact(client, olena):
    response = enter(client, link_token(olena, "phone"), "/uk/learn/")
    assert response.url == "/uk/learn/"
    assert held(client) == str(olena.uuid)
    assert set(olena.contact_keys.exclude(verified_at=None).values_list("kind", flat=True)) == {"phone"}


def test_a_link_is_no_open_redirect(client, olena):
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "evil"):
        assert enter(client, link_token(olena, "email"), target).url == "/"


def test_forged_old_and_withdrawn_links_let_nobody_in(client, olena, time_machine):
    time_machine.move_to("2026-11-21 12:00Z")
    token = link_token(olena, "email")
    bad = [token[:-1] + ("a" if token[-1] != "a" else "b"), "nonsense", link_token(olena, "email").split(":")[0]]
    olena.link_version += 1
    olena.save()
    bad.append(token)
    for one in bad:
        assert enter(client, one).status_code == 410
    good = link_token(olena, "email")
    time_machine.shift(181 * 86_400)
    assert enter(client, good).status_code == 410
    assert held(client) is None


def test_withdrawing_the_links_ends_what_they_opened(client, olena):
    enter(client, link_token(olena, "email"))
    assert client.get("/en/learn/").context["participant"] == olena
    olena.link_version += 1
    olena.save()
    assert client.get("/en/learn/").context["participant"] is None


def test_a_browser_can_forget_whose_it_was(client, olena):
    enter(client, link_token(olena, "email"))
    assert client.get("/en/forget-me-here/").status_code == 405
    client.post("/en/forget-me-here/")
    assert held(client) is None
