"""What allauth writes to people: in our words, with a plain part and one in the common look, in the reader's language."""

import re
from pathlib import Path

import allauth
import pytest
from django.core import mail
from django.template.loader import get_template, render_to_string
from django.test import override_settings
from django.utils import timezone, translation

from accounts.adapter import AccountAdapter
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

ALLAUTHS = Path(allauth.__file__).parent / "templates"
PREFIXES = sorted(
    str(path.relative_to(ALLAUTHS)).removesuffix("_message.txt")
    for room in ("account", "mfa")
    for path in ALLAUTHS.glob(f"{room}/email/*_message.txt")
)
# These only hold what others share.
PREFIXES.remove("account/email/base")
PASSWORD = "a password of tests"
LINK = "https://train.example.org/en/accounts/key/"
CONTEXT = {
    "email": "olena@example.org",
    "code": "",
    "timestamp": timezone.now(),
    "from_email": "olena@example.org",
    "to_email": "olena.koval@example.org",
    "deleted_email": "olena@example.org",
    **dict.fromkeys(("activate_url", "password_reset_url", "signup_url"), LINK),
}


def rendered(prefix, **context):
    return AccountAdapter().render_mail(prefix, "olena@example.org", {**CONTEXT, **context})


def html_of(message):
    (html,) = [body for body, kind in message.alternatives if kind == "text/html"]
    return html


def test_all_of_allauths_mails_are_known():
    assert set(PREFIXES) >= {
        "account/email/login_code",
        "account/email/email_confirmation_signup",
        "account/email/password_reset_key",
        "account/email/account_already_exists",
        "mfa/email/webauthn_added",
    }


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("part", ["_subject.txt", "_message.txt", "_message.html"])
def test_no_word_is_left_to_allauth(prefix, part):
    assert "accounts/templates" in get_template(f"{prefix}{part}").origin.name


@pytest.mark.parametrize("code", ["", "QX7-4KD"])
@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_mail_has_a_plain_part_and_one_in_the_common_look(prefix, code):
    message = rendered(prefix, code=code)
    html = html_of(message)
    assert (message.subject, message.subject.count("\n")) == (message.subject.strip(), 0)
    assert re.search(r"<title>(.*?)\s*</title>", html).group(1) == message.subject
    assert re.findall(r'(?:src|srcset|background)=|url\(|@import|<link|<script|style="', html) == []
    assert 'class="sheet"' in html
    assert re.findall(r"<[a-z/!]|&[a-z#0-9]+;|\{[{%]", message.body) == []
    assert "\n-- \nOberih\n" in message.body
    for said in (LINK, code):
        assert (said in message.body) == (said in html)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("uk", "ltr"), ("ar", "rtl")])
def test_a_mail_runs_in_the_direction_of_its_language(prefix, language, direction):
    with translation.override(language):
        assert f'<html lang="{language}" dir="{direction}">' in html_of(rendered(prefix))


@pytest.mark.parametrize("prefix", PREFIXES)
def test_what_somebody_typed_is_text_and_not_markup(prefix):
    evil = "<img src=x>@example.org"
    html = html_of(rendered(prefix, email=evil, from_email=evil, to_email=evil, deleted_email=evil))
    assert "<img" not in html


def sent(client, path, data, language="en"):
    client.post(f"/{language}/accounts/{path}/", data)
    return mail.outbox[-1]


SIGN_UP = {"full_name": "Олена Коваль", "email": "new@example.org", "password1": PASSWORD}


@pytest.mark.parametrize(
    ("path", "data", "prefix"),
    [
        ("signup", SIGN_UP, "email_confirmation_signup"),
        ("signup", {**SIGN_UP, "email": "known@example.org"}, "account_already_exists"),
        ("login/code", {"email": "known@example.org"}, "login_code"),
        ("password/reset", {"email": "known@example.org"}, "password_reset_key"),
    ],
)
def test_what_is_really_sent_has_both_parts_and_our_subject(client, path, data, prefix):
    UserFactory(email="known@example.org")
    message = sent(client, path, data)
    assert message.subject == render_to_string(f"account/email/{prefix}_subject.txt").strip()
    assert message.body.endswith("by e-mail.")
    assert 'class="sheet"' in html_of(message)


def test_a_mail_is_in_the_language_of_the_page_it_was_asked_for_on(client):
    UserFactory(email="known@example.org")
    html = html_of(sent(client, "login/code", {"email": "known@example.org"}, language="ar"))
    assert '<html lang="ar" dir="rtl">' in html


def test_a_changed_password_is_told_where_the_site_tells_of_changes(client):
    user = UserFactory()
    client.force_login(user)
    new = "another password of tests"
    with override_settings(ACCOUNT_EMAIL_NOTIFICATIONS=True):
        message = sent(client, "password/change", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (message.to, message.subject) == ([user.email], "Your password was changed")
    # Who reads along in a mailbox need not learn from where somebody came.
    assert "127.0.0.1" not in message.body + html_of(message)
