"""Addresses that a stranger chose: where a page leads on to, the name of the host, and doors that are not there."""

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from participants.identity import link_token
from safeguarding.checks import check_hosts
from tests.events.factories import EventFactory, known
from tests.events.test_pages import TEXTS
from tests.factories import UserFactory
from tests.test_deployment import PRODUCTION, check

pytestmark = pytest.mark.django_db

PASSWORD = "a password of tests"
ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example/",
    "HTTPS://EVIL.EXAMPLE/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\\/evil.example/",
    "\\/evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "https:\\\\evil.example",
    "http:///evil.example",
    "ftp://evil.example/",
    "javascript:alert(1)",
    "JaVaScript:alert(1)",
    "java\nscript:alert(1)",
    "\tjavascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "https://evil.example#testserver",
    "https://evil.example?testserver",
    "//evil.example\\@testserver",
    "/\t/evil.example/",
    "/\n/evil.example/",
    " //evil.example/",
    "\x00//evil.example/",
    "https://[::1]evil.example/",
    "//evil%E3%80%82example/",
    "https://evil。example/",
    "/%09/evil.example/",
    "/%5cevil.example/",
]


def leads_away(location):
    """Whether a browser at the site would leave it: it drops tabs and line breaks, and takes \\ for /."""
    seen = re.sub(r"[\t\r\n]", "", location).strip(" \x00").replace("\\", "/")
    parts = urlsplit(seen) if not seen.startswith("//") else urlsplit(f"https:{'//' + seen.lstrip('/')}")
    return bool(parts.netloc and parts.hostname != "testserver") or (
        parts.scheme not in {"", "http", "https"} or (parts.scheme != "" and not parts.netloc)
    )


def test_the_table_holds_addresses_that_lead_away():
    """The control. The last ones are tricks against servers that decode twice; a browser stays."""
    assert [one for one in ELSEWHERE if not leads_away(one)] == ["/%09/evil.example/", "/%5cevil.example/"]
    assert [leads_away(one) for one in ("/en/", "https://testserver/en/", "en/")] == [False] * 3


@pytest.mark.parametrize("target", ELSEWHERE)
def test_logging_in_leads_to_nobody_else(client, target):
    user = UserFactory()
    answer = client.post(
        f"/en/accounts/login/?next={target}", {"login": user.email, "password": PASSWORD, "next": target}
    )
    assert answer.status_code in {302, 200, 400}
    assert not leads_away(answer.get("Location", "/"))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_personal_links_lead_to_nobody_else(client, target):
    answer = client.get(reverse("oberih_participants:enter", args=[link_token(known(), "email")]), {"to": target})
    assert answer.status_code == 302
    assert not leads_away(answer["Location"])


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize(
    "door", ["/admin/login/", "/_util/login/", "/en/accounts/logout/", "/en/accounts/signup/"]
)
def test_other_doors_lead_to_nobody_else(client, site_tree, door, target):
    client.force_login(UserFactory())
    for answer in (client.get(door, {"next": target}), client.post(door, {"next": target})):
        # Where the door hands the address on to the log-in, it is judged there; see above.
        assert not leads_away(answer.get("Location", "/"))


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example/"])
def test_an_address_that_begins_with_two_slashes_is_not_gone_to(client, site_tree, target):
    """Adding the slash at the end, or the language, must not make a host of what was a path."""
    for path in (f"/{target}", f"/en/{target}", target.rstrip("/")):
        answer = client.get(path)
        assert not leads_away(answer.get("Location", "/"))


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-URL"])
def test_a_forged_host_is_in_no_mail(settings, consent_texts, header):
    """Whoever asks for a new password of somebody else's must not choose the site that the link leads to."""
    settings.ALLOWED_HOSTS = ["testserver"]
    value = "host=evil.example" if header == "Forwarded" else "evil.example"
    attacker = Client(headers={header: value})
    user, event = UserFactory(), EventFactory()
    attacker.post("/en/accounts/password/reset/", {"email": user.email})
    attacker.post("/en/accounts/login/code/", {"email": user.email})
    attacker.post("/en/accounts/signup/", {"email": "new@example.org", "password1": "a password of tests"})
    form = {
        "submission": "6f1f1c1e-1111-4222-8333-444455556666",
        "full_name": "A",
        "email": "a@example.org",
        "agree": 1,
        "of_age": 1,
        "texts": TEXTS,
    }
    attacker.post(reverse("oberih_events:register", args=[event.code]), form)
    assert "evil.example" not in "".join(one.body + str(one.alternatives) for one in mail.outbox)
    if header == "Host":
        assert mail.outbox == []


def test_links_in_our_messages_do_not_follow_the_request(consent_texts, django_capture_on_commit_callbacks):
    """Where a site lets every name in, against all advice, at least these stay its own."""
    form = {
        "submission": "6f1f1c1e-1111-4222-8333-444455556666",
        "full_name": "A",
        "email": "a@example.org",
        "agree": 1,
        "of_age": 1,
        "texts": TEXTS,
    }
    with override_settings(ALLOWED_HOSTS=["*"]), django_capture_on_commit_callbacks(execute=True):
        Client(headers={"Host": "evil.example"}).post(
            reverse("oberih_events:register", args=[EventFactory().code]), form
        )
    (message,) = mail.outbox
    assert "http://localhost:8000/en/p/" in message.body
    assert "evil.example" not in message.body + str(message.alternatives)


@pytest.mark.parametrize("hosts", [["*"], ["example.org", "*"]])
def test_a_site_that_answers_to_every_name_is_refused(settings, hosts):
    settings.ALLOWED_HOSTS = hosts
    assert [one.id for one in check_hosts(None)] == ["oberih_safeguarding.E001"]
    settings.ALLOWED_HOSTS = ["training.example.org", ".example.org"]
    assert check_hosts(None) == []


def test_the_deployment_check_says_so(tmp_path):
    done = check(tmp_path, **{**PRODUCTION, "ALLOWED_HOSTS": "*"})
    assert (done.returncode, "oberih_safeguarding.E001" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v2/pages/",
        "/api/v2/images/",
        "/api/v2/documents/",
        "/api/v3/pages/",
        "/en/api/v2/pages/",
        "/api/",
        "/django-admin/",
        "/django-admin/login/",
        "/images/1/2/fill-1x1/",
        "/__debug__/",
        "/.env",
        "/.git/config",
        "/en/mailbox/",
        "/en/styleguide/",
    ],
)
def test_doors_that_are_not_there(admin_client, site_tree, path):
    """Wagtail's interfaces hand out whatever a page has; nobody needs them here. Debug mode's pages stay in it."""
    answer = admin_client.get(path, follow=True)
    assert answer.status_code == 404


def test_wagtails_interface_for_its_admin_is_for_editors(client, site_tree):
    place = "/admin/api/main/pages/"
    assert client.get(place).status_code in {302, 401, 403}
    client.force_login(UserFactory())
    assert client.get(place).status_code in {302, 401, 403}
