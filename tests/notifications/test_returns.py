"""Mails that came back. The reports in `reports/` are invented, in the manner of the servers they are named after."""

import io
import mailbox
import smtplib
import uuid
from pathlib import Path

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone

from notifications import actions, registry, returns
from notifications.models import Message
from participants.actions import create_participant

pytestmark = pytest.mark.django_db
REPORTS = Path(__file__).with_name("reports")
KEY = uuid.UUID("6f9619ff-8b86-4d01-b42d-00c04fc964ff")
# What each report says of the message: its last error, or nothing where it may still arrive or is none of ours.
SAID = {
    "away.eml": "",
    "exchange-full.eml": "5.2.2",
    "exchange-unspecific.eml": "5.1.10",
    "gmail-no-address.eml": "5.1.1",
    "of-somebody-else.eml": "",
    "postfix-delayed.eml": "",
    "postfix-gave-up.eml": "4.4.1",
    "postfix-headers-only.eml": "5.4.4",
    "postfix-no-mailbox.eml": "5.1.1",
    "relayed.eml": "",
}


@pytest.fixture
def message():
    return Message.objects.create(
        uuid=KEY,
        purpose="events.registered",
        subject_key="x",
        recipient="nobody@example.com",
        channel="email",
        language="en",
        state="sent",
        sent_at=timezone.now(),
    )


def test_every_report_is_in_the_table():
    assert sorted(path.name for path in REPORTS.iterdir()) == sorted(SAID)


@pytest.mark.parametrize(("name", "code"), SAID.items())
def test_a_report_marks_the_message_it_is_about(message, name, code):
    assert returns.mark(returns.read((REPORTS / name).read_bytes())) is bool(code)
    message.refresh_from_db()
    state = {"": "sent", "4": "failed", "5": "bounced"}[code[:1]]
    assert (message.state, message.last_error) == (state, code)


def nested(kind):
    return b"".join(
        b"Content-Type: %s; boundary=b%d\n\n--b%d\n" % (kind, number, number) for number in range(3000)
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        b"Content-Type: multipart/report\n\n--x",
        bytes(range(256)) * 40,
        nested(b"multipart/mixed"),
        nested(b"message/rfc822"),
    ],
)
def test_rubbish_is_no_report(raw):
    assert returns.read(raw) is None


def test_letters_where_none_belong_stop_nothing(message):
    raw = (REPORTS / "postfix-no-mailbox.eml").read_bytes()
    assert raw.count(b"Action: failed\n") == 1
    assert returns.read(raw.replace(b"Action: failed\n", b"Action: f\xe4iled\n")).has_failed is False
    assert returns.read(raw.replace(b"Status: 5.1.1", b"Status: 5.1.1 \xe4")).code == "5.1.1"


def test_an_address_alone_marks_nothing(message):
    raw = (REPORTS / "postfix-no-mailbox.eml").read_bytes().replace(str(KEY).encode(), str(uuid.uuid4()).encode())
    assert returns.mark(returns.read(raw)) is False
    message.refresh_from_db()
    assert message.state == "sent"


def run(*args, **kwargs):
    out = io.StringIO()
    call_command("receive_bounces", *args, stdout=out, **kwargs)
    return out.getvalue().strip()


def test_one_mail_is_read_from_standard_input(message, monkeypatch):
    raw = (REPORTS / "gmail-no-address.eml").read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert run() == "1 came back, 0 were something else"
    message.refresh_from_db()
    assert message.state == "bounced"


@pytest.mark.parametrize("make", [mailbox.Maildir, mailbox.mbox])
def test_a_mailbox_is_read_and_keeps_what_was_not_understood(message, tmp_path, make):
    box = make(tmp_path / "box", create=True)
    for name in ("postfix-no-mailbox.eml", "away.eml", "postfix-delayed.eml"):
        box.add((REPORTS / name).read_bytes())
    box.close()
    path = str(tmp_path / "box")

    def left():
        found = make(path)
        number = len(found)
        found.close()
        return number

    assert run(path) == "1 came back, 2 were something else"
    assert left() == 3
    assert run(path, "--remove") == "1 came back, 2 were something else"
    assert left() == 2
    message.refresh_from_db()
    assert (message.state, message.last_error) == ("bounced", "5.1.1")


def test_a_mailbox_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(CommandError):
        run(str(tmp_path / "nowhere"))


class Refusing(BaseEmailBackend):
    answer = (550, b"5.1.1 User unknown")

    def send_messages(self, email_messages):
        raise smtplib.SMTPRecipientsRefused({email_messages[0].to[0]: self.answer})


@pytest.mark.parametrize(
    ("answer", "state", "error"),
    [
        ((550, b"5.1.1 User unknown"), "bounced", "5.1.1"),
        ((552, b"5.2.2 Mailbox full"), "bounced", "5.2.2"),
        ((550, b"No such user here"), "bounced", "550"),
        ((451, b"4.7.1 Greylisted, try again"), "queued", "SMTPRecipientsRefused"),
        ((450, b"Mailbox busy"), "queued", "SMTPRecipientsRefused"),
        # What is wrong with us and not with the address delays, and loses nothing.
        ((554, b"5.7.1 Relay access denied"), "queued", "SMTPRecipientsRefused"),
        ((550, b"Relaying denied"), "queued", "SMTPRecipientsRefused"),
        ((530, b"Authentication required"), "queued", "SMTPRecipientsRefused"),
    ],
)
def test_an_address_that_is_refused_for_good_is_not_tried_again(settings, monkeypatch, answer, state, error):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    monkeypatch.setattr(Refusing, "answer", answer)
    monkeypatch.setitem(
        registry._purposes,
        "tests.greeting",
        lambda message: registry.Text(
            "Hello", "oberih/notifications/email/contact_changed", {"action_url": "", "action_label": ""}
        ),
    )
    olena = create_participant(full_name="Olena", email="olena@example.org", language="en")
    actions.owe("tests.greeting", participant=olena, subject_key="thing:1")
    message = Message.objects.get()
    assert actions.send(message.pk) is False
    message.refresh_from_db()
    assert (message.state, message.last_error, message.attempts) == (state, error, 1)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("5.1.1", "There is no such mailbox."),
        ("550", "There is no such mailbox."),
        ("5.2.2", "The mailbox is full."),
        ("5.4.4", "was not found."),
        ("5.7.1", "refused the message."),
        ("5.0.0", "did not take the message."),
        ("", "did not take the message."),
        ("ConnectionRefusedError", "did not take the message."),
    ],
)
def test_the_reason_is_said_in_words(code, words):
    assert words in returns.reason(code)
