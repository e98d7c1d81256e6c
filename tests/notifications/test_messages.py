import datetime as dt

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from notifications import actions, registry, work
from notifications.models import Message
from participants.actions import create_participant

pytestmark = pytest.mark.django_db


class Refusing(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise ConnectionRefusedError


@pytest.fixture(autouse=True)
def greeting(tmp_path, settings):
    """A purpose of its own, with templates of its own."""
    for kind, text in (
        ("txt", "Hello {{ name }}"),
        ("html", "<p>Hello {{ name }}</p>"),
        ("sms.txt", "Hi {{ name }}"),
    ):
        (tmp_path / f"greeting.{kind}").write_text(text)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    registry.purpose("tests.greeting")(
        lambda message: registry.Text("Hello", "greeting", {"name": message.participant.full_name})
    )
    yield
    registry._purposes.pop("tests.greeting")


def owed(**changes):
    olena = create_participant(**{"full_name": "Olena", "email": "olena@example.org", "language": "uk", **changes})
    actions.owe("tests.greeting", participant=olena, subject_key="thing:1")
    return Message.objects.latest("pk")


def test_a_message_goes_out_once_in_the_persons_language():
    message = owed()
    assert actions.send(message.pk) is True
    assert actions.send(message.pk) is False
    message.refresh_from_db()
    assert (message.state, message.language, message.attempts) == ("sent", "uk", 1)
    assert [(sent.to, sent.body, sent.extra_headers["Message-ID"]) for sent in mail.outbox] == [
        (["olena@example.org"], "Hello Olena", f"<{message.uuid}@oberih>")
    ]


def test_a_cause_that_is_repeated_is_one_message_and_a_second_change_a_second():
    message = owed()
    for occurrence in ("1", "1", "2"):
        actions.owe(
            "tests.greeting", participant=message.participant, subject_key="thing:1", occurrence=occurrence
        )
    assert Message.objects.count() == 2


def test_a_mail_server_that_is_down_delays_and_loses_nothing(settings):
    message = owed()
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    assert actions.send(message.pk) is False
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == ("queued", 1, "ConnectionRefusedError")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert actions.send(message.pk) is False, "not before its next attempt"
    assert actions.send(message.pk, now=timezone.now() + dt.timedelta(minutes=5)) is True
    assert len(mail.outbox) == 1


def test_a_message_that_fails_too_often_is_given_up(settings):
    message = owed()
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    for day in range(1, 10):
        actions.send(message.pk, now=timezone.now() + dt.timedelta(days=day))
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", 8)


def test_somebody_with_a_phone_alone_gets_a_text_message(settings, capsys):
    settings.OBERIH_NOTIFICATIONS_SMS_BACKEND = "notifications.backends.ConsoleSms"
    message = owed(email="", phone="+380671234567")
    assert actions.send(message.pk) is True
    assert capsys.readouterr().out == "SMS to +380671234567: Hi Olena\n"
    assert mail.outbox == []


def test_somebody_without_a_contact_is_owed_nothing():
    olena = create_participant(full_name="Olena", language="uk")
    assert actions.owe("tests.greeting", participant=olena, subject_key="thing:1") is False
    assert Message.objects.count() == 0


def test_what_a_hint_lost_is_swept():
    owed()
    assert work.run_sweeps()["notifications.messages"] == 1
    assert len(mail.outbox) == 1


def test_one_failing_sweep_does_not_keep_the_others(monkeypatch):
    def fail():
        raise RuntimeError("broken")

    monkeypatch.setitem(work._sweeps, "tests.broken", fail)
    owed()
    done = work.run_sweeps()
    assert (done["tests.broken"], done["notifications.messages"]) == (None, 1)


def test_whoever_waits_longest_is_told_first():
    first, second = (owed(full_name=f"Olena {n}", email=f"olena{n}@example.org") for n in range(2))
    Message.objects.filter(pk=first.pk).update(next_attempt_at=timezone.now() - dt.timedelta(hours=1))
    assert actions.send_due(limit=1) == 1
    assert list(Message.objects.filter(state="sent")) == [first]
    assert actions.send_due() == 1
    second.refresh_from_db()
    assert second.state == "sent"
