"""What every answer tells the browser to refuse: strangers' scripts, frames, guesses at types, and devices."""

import os
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import reverse

from certificates.models import Certificate
from cms.models import SiteSettings
from config.content_policy import strict
from config.storage import origins, s3_options
from tests.attendance.factories import ParticipantFactory
from tests.certificates.factories import an_issued_certificate
from tests.events.factories import EventFactory
from tests.factories import UserFactory
from tests.test_deployment import PRODUCTION, ROOT

pytestmark = pytest.mark.django_db

POLICY = (
    "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; form-action 'self';"
    " frame-ancestors 'self'; frame-src 'none'; img-src 'self'; manifest-src 'self'; media-src 'self';"
    " object-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'"
)


def directives(answer):
    return "; ".join(sorted(answer["Content-Security-Policy"].split("; ")))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/en/events/", 200),
        ("/en/verify/", 200),
        ("/en/accounts/login/", 200),
        ("/en/offline/", 200),
        ("/service-worker.js", 200),
        ("/en/no/such/page/", 404),
        ("/en/trainings/", 302),
        ("/en/p/forged/", 410),
        # What only looks like the admin, and the addresses beside it.
        ("/en/admin/", 404),
        ("/documents/1/none.pdf", 404),
    ],
)
def test_every_answer_of_ours_has_the_strict_policy(client, site_tree, path, status):
    answer = client.get(path)
    answer.close()
    assert (answer.status_code, directives(answer)) == (status, POLICY)


def test_answers_that_went_wrong_have_it_too(settings, consent_texts):
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    refused = client.post("/en/verify/", {"number": "x"})
    settings.ROOT_URLCONF = "tests.attack.urls_broken"
    failed = client.get("/broken/")
    assert [(one.status_code, directives(one)) for one in (refused, failed)] == [(403, POLICY), (500, POLICY)]


def test_a_page_from_the_cache_has_it_too(client, settings, site_tree):
    settings.OBERIH_UI_PAGE_CACHE_SECONDS = 60
    # The first request of a site's life makes this row.
    SiteSettings.load()
    fresh, kept = client.get("/en/offline/"), client.get("/en/offline/")
    assert (fresh.has_header("Age"), kept.has_header("Age")) == (False, True)
    assert directives(kept) == directives(fresh) == POLICY
    assert kept["Permissions-Policy"] == fresh["Permissions-Policy"]


def test_a_download_has_it_too(client):
    user = UserFactory()
    certificate = an_issued_certificate(participant=ParticipantFactory(full_name="Olena Koval", user=user))
    client.force_login(user)
    answer = client.get(reverse("oberih_certificates:download", args=[certificate.uuid]))
    assert (answer["Content-Type"], directives(answer)) == ("application/pdf", POLICY)
    assert Certificate.objects.count() == 1


def test_the_admin_alone_may_run_what_is_written_into_its_pages(admin_client, site_tree):
    answer = admin_client.get("/admin/")
    allowed = {part.split()[0]: part for part in answer["Content-Security-Policy"].split("; ")}
    assert allowed["script-src"] == "script-src 'self' 'unsafe-inline'"
    assert [allowed[name] for name in ("default-src", "base-uri", "object-src", "connect-src", "form-action")] == [
        "default-src 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "connect-src 'self'",
        "form-action 'self'",
    ]


def test_the_policy_follows_the_admin_to_another_address(admin_client, settings, site_tree):
    settings.ROOT_URLCONF = "tests.attack.urls_elsewhere"
    elsewhere, former = admin_client.get("/en/back-office/"), admin_client.get("/en/admin/")
    assert "'unsafe-inline'" in elsewhere["Content-Security-Policy"]
    assert (former.status_code, "'unsafe-inline'" in former["Content-Security-Policy"]) == (404, False)


def test_pictures_of_an_outside_storage_may_be_shown_and_nothing_else_of_it():
    options = s3_options("s3://key:secret@files.example.org/training")
    policy = strict(images=origins(options))
    assert policy["img-src"] == ["'self'", "https://files.example.org", "https://training.files.example.org"]
    assert (policy["script-src"], policy["style-src"], policy["connect-src"]) == (["'self'"],) * 3


def test_headers_that_ask_the_browser_to_be_careful(client, site_tree):
    answer = client.get("/en/events/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    features = dict(part.split("=") for part in answer["Permissions-Policy"].split(", "))
    assert features.pop("camera") == "(self)"
    assert set(features.values()) == {"()"}
    assert {"microphone", "geolocation", "payment", "usb"} <= features.keys()


def test_no_page_of_a_person_may_be_framed_by_another_site(client, consent_texts):
    """Clickjacking: a stranger's page under which ours lies, so that a press meant for theirs lands on ours."""
    event = EventFactory()
    for path in (f"/en/events/{event.code}/register/", "/en/accounts/login/", "/en/learn/"):
        answer = client.get(path)
        assert (answer["X-Frame-Options"], "frame-ancestors 'self'" in answer["Content-Security-Policy"]) == (
            "DENY",
            True,
        )


def in_production(expression, tmp_path, **environment):
    """The value of an expression under the settings of a deployed site."""
    code = f"import django; django.setup(); from django.conf import settings; print({expression})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **PRODUCTION,
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_cookies_of_production_are_for_https_and_this_host_alone(tmp_path):
    names = "[settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME]"
    flags = (
        "[getattr(settings, f'{kind}_COOKIE_{flag}') for kind in ('SESSION', 'CSRF', 'LANGUAGE')"
        " for flag in ('SECURE', 'HTTPONLY', 'SAMESITE', 'DOMAIN', 'PATH')]"
    )
    seen = in_production(f"{names} + {flags}", tmp_path)
    assert seen == str(["__Host-sessionid", "__Host-csrftoken", *[True, True, "Lax", None, "/"] * 3])


def test_production_insists_on_https_for_a_year(tmp_path):
    seen = in_production(
        "[settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_SSL_REDIRECT]",
        tmp_path,
    )
    assert seen == "[31536000, True, True]"
