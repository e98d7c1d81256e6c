"""One invented person goes through everything that can go wrong; no log and no mail to administrators knows of them."""

import logging
import smtplib
import types
import uuid

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from config import celery_app
from config.access_log import AccessLogger
from events import actions
from events.models import Registration
from notifications.models import Message
from participants.identity import link_token
from safeguarding.logs import ScrubbingFormatter, scrub
from tests.events.factories import EventFactory, known
from tests.events.test_pages import TEXTS

pytestmark = pytest.mark.django_db

NAME, EMAIL, PHONE = "Zzyzx Qwyjibo", "zz@survivors.example.org", "+380671112233"
FORM = {"full_name": NAME, "email": EMAIL, "phone": PHONE, "agree": "on", "of_age": "on", "texts": TEXTS}


class Refusing(BaseEmailBackend):
    """A mail server that quotes whom it refuses, as they do."""

    def send_messages(self, email_messages):
        raise smtplib.SMTPRecipientsRefused({EMAIL: (450, f"the mailbox of {NAME} is busy".encode())})


@pytest.fixture
def visitor(settings, caplog):
    settings.ADMINS = [("", "admin@example.org")]
    caplog.set_level(logging.INFO)
    return Client(raise_request_exception=False, enforce_csrf_checks=False)


@pytest.fixture
def told(caplog):
    """What a formatter makes of everything that was logged, and everything that went to administrators."""

    def told(formatter=None):
        formatter = formatter or ScrubbingFormatter("%(levelname)s %(name)s %(message)s")
        mails = [f"{one.subject}\n{one.body}" for one in mail.outbox if one.to == ["admin@example.org"]]
        return "\n".join([formatter.format(record) for record in caplog.records] + mails)

    return told


def known_traces(text, *more):
    found = [NAME, "Zzyzx", "Qwyjibo", EMAIL, "survivors.example", PHONE, "671112233", *more]
    return [one for one in found if one in text]


def test_a_mail_server_that_quotes_whom_it_refuses(
    visitor, told, settings, consent_texts, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    place = reverse("oberih_events:register", args=[EventFactory().code])
    with django_capture_on_commit_callbacks(execute=True):
        assert visitor.post(place, {**FORM, "submission": uuid.uuid4()}).status_code == 302
    message = Message.objects.get()
    assert (message.attempts, message.last_error) == (1, "SMTPRecipientsRefused")
    text = told()
    assert f"Message {message.uuid} was not sent" in text
    assert "smtplib.SMTPRecipientsRefused: …" in text
    assert known_traces(text) == []
    # The control: without our formatter all of it would stand there.
    assert known_traces(told(logging.Formatter())) == [NAME, "Zzyzx", "Qwyjibo", EMAIL, "survivors.example"]


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError(f"nothing fits {NAME} at {EMAIL}"),
        IntegrityError(f"duplicate key\nDETAIL:  Key (full_name, phone)=({NAME}, {PHONE}) already exists."),
        KeyError(NAME),
        FileNotFoundError(2, "No such file or directory", f"/srv/files/{NAME}.pdf"),
    ],
)
def test_a_form_whose_view_fails(visitor, told, monkeypatch, consent_texts, error):
    def fail(**kwargs):
        try:
            raise error
        except Exception as first:
            raise ValueError(f"{NAME} again") from first

    monkeypatch.setattr(actions, "register_together", fail)
    place = reverse("oberih_events:register", args=[EventFactory().code])
    answer = visitor.post(f"{place}?q={NAME}", {**FORM, "submission": uuid.uuid4()})
    assert answer.status_code == 500
    text = told()
    assert known_traces(text) == []
    # What helps to mend it is there: both errors, in order, and where.
    kind = type(error)
    first, second = f"{kind.__module__}.{kind.__qualname__}: ", "builtins.ValueError: …"
    assert 0 < text.index(first) < text.index(second)
    assert "raise error" in text
    (admin_mail,) = [one for one in mail.outbox if one.to == ["admin@example.org"]]
    assert admin_mail.subject.endswith(f"ERROR: Internal Server Error: {place}")
    assert len(known_traces(told(logging.Formatter()))) > 1


def test_addresses_that_hold_a_token(visitor, told, site_tree):
    token = link_token(known(), "email")
    forged = f"{token[:-1]}{'a' if token[-1] != 'a' else 'b'}"
    code = "3vT0yq1mQk2hX8aZbR5dWc1e"
    for path in (
        f"/en/p/{forged}/",
        f"/en/verify/{code}/",
        f"/en/p/{forged}/?to=/{EMAIL}",
        f"/en/events/x/{forged}/",
    ):
        visitor.get(path)
    text = told()
    assert "/en/p/(token)/" in text
    assert known_traces(text, forged, token, code) == []
    assert known_traces(told(logging.Formatter()), forged, code) == [forged, code]


def test_a_form_without_its_token(told, caplog, consent_texts):
    strict = Client(enforce_csrf_checks=True)
    place = reverse("oberih_events:register", args=[EventFactory().code])
    assert strict.post(f"{place}?email={EMAIL}", FORM).status_code == 403
    assert known_traces(told()) == []


def test_a_task_that_fails_in_a_worker(told, caplog):
    """As Celery says it: the exception, and what the task was given, stand in the line itself."""
    context = {
        "name": "oberih.probe",
        "id": "1",
        "exc": f"ValueError({NAME!r})",
        "args": f"({EMAIL!r},)",
        "kwargs": "{}",
    }
    logging.getLogger("celery.app.trace").error(
        "Task %(name)s[%(id)s] raised unexpected: %(exc)s %(args)s", context
    )
    assert "Task oberih.probe[1] raised unexpected: … …" in told()
    assert known_traces(told()) == []
    assert known_traces(told(logging.Formatter())) != []


def test_a_worker_logs_as_the_site_does():
    from celery.signals import setup_logging

    assert [receiver for _key, receiver in setup_logging.receivers] != []


def test_tasks_are_given_keys_and_nothing_else(monkeypatch, visitor, consent_texts):
    """What is queued lies in a broker, and in its backups."""
    celery_app.loader.import_default_modules()
    given = []
    tasks = {name: task for name, task in celery_app.tasks.items() if name.startswith("oberih.")}
    for task in tasks.values():
        monkeypatch.setattr(task, "apply_async", lambda args=(), **kwargs: given.append(list(args)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda run, **kwargs: run())
        visitor.post(
            reverse("oberih_events:register", args=[EventFactory().code]), {**FORM, "submission": uuid.uuid4()}
        )
    assert given
    queued = {one for args in given for one in args}
    assert queued - {*Registration.objects.values_list("pk", flat=True)} == {str(Message.objects.get().uuid)}


def test_requests_are_logged_without_who_asked():
    token = link_token(known(), "email")
    environ = {
        "REMOTE_ADDR": "198.51.100.7",
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"/en/p/{token}/?to={EMAIL}",
        "PATH_INFO": f"/en/p/{token}/",
        "QUERY_STRING": f"to={EMAIL}",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://example.org/?q={NAME}",
        "HTTP_USER_AGENT": "Telephone of Zzyzx",
    }
    answer = types.SimpleNamespace(status="302 Found", sent=0, headers=[("Location", f"/{EMAIL}")])
    asked = types.SimpleNamespace(headers=[("COOKIE", "sessionid=secret")])
    took = types.SimpleNamespace(seconds=0, microseconds=1200)
    atoms = AccessLogger.atoms(_a_logger(), answer, asked, environ, took)
    assert (atoms["r"], atoms["s"]) == ("GET /en/p/(token)/ HTTP/1.1", "302")
    assert known_traces(str(atoms), token, "198.51.100.7", "secret", "Telephone") == []


def _a_logger():
    logger = AccessLogger.__new__(AccessLogger)
    logger._get_user = lambda environ: None
    return logger


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("call +380 67 111 22 33 today", "call (phone) today"),
        ("call 067 111 22 33", "call (phone)"),
        ("write to o'zz+training@mail.example.org!", "write to (e-mail)!"),
        ("GET /en/courses/?q=Zzyzx HTTP/1.1", "GET /en/courses/?… HTTP/1.1"),
        ("/uk/accounts/password/reset/key/1-c5t4yk-0f1e2d3c/", "/uk/accounts/password/reset/key/(token)/"),
        ("GET /uk/s/p1-tp37b6-jyvruisw/ HTTP/1.1", "GET /uk/s/(token)/ HTTP/1.1"),
        ("/accounts/confirm-email/MQ:1tabc:Zyx1234567890abcdefg/", "/accounts/confirm-email/(token)/"),
        # What helps and tells nothing stays.
        ("2026-11-21 12:00:33,123 took 1234567890 ns", "2026-11-21 12:00:33,123 took 1234567890 ns"),
        (
            "/en/courses/counter-trafficking-in-emergencies-2026/",
            "/en/courses/counter-trafficking-in-emergencies-2026/",
        ),
        (
            "/en/registrations/6f1f1c1e-1111-4222-8333-444455556666/ticket.svg",
            "/en/registrations/6f1f1c1e-1111-4222-8333-444455556666/ticket.svg",
        ),
        ('File "/srv/oberih/events/actions.py", line 20', 'File "/srv/oberih/events/actions.py", line 20'),
    ],
)
def test_what_is_cut_out_and_what_stays(said, written):
    assert scrub(said) == written
