import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from safeguarding import reasons
from safeguarding.models import AuditEntry, Role
from tests.events import factories
from tests.factories import UserFactory, grant

WHY = "The donor’s auditor checks the lists of March."


@pytest.fixture
def event(db):
    made = factories.EventFactory()
    factories.register(made, full_name="Zzyzx Marker")
    return made


@pytest.fixture
def manager(event, client):
    user = grant(UserFactory(), Role.MANAGER, country="UA")
    client.force_login(user)
    return user


def training(event):
    return reverse("oberih_events:training", args=[event.uuid])


def register(event):
    return reverse("oberih_attendance:register", args=[event.sessions.get().pk])


def give_reason(client, event, reason=WHY):
    asked = client.get(register(event))
    return client.post(asked.url, {"reason": reason})


def test_a_manager_sees_numbers_and_no_name(event, manager, client):
    page = client.get(training(event)).content.decode()
    assert "Zzyzx" not in page
    assert "You see only numbers here" in page
    assert not AuditEntry.objects.exists()


def test_the_register_asks_why_and_leads_back(event, manager, client):
    asked = client.get(register(event))
    assert "Zzyzx" not in client.get(asked.url).content.decode()
    answered = client.post(asked.url, {"reason": WHY})
    assert answered.url == register(event)
    assert "Zzyzx" in client.get(register(event)).content.decode()
    assert "Zzyzx" in client.get(training(event)).content.decode()
    assert list(AuditEntry.objects.order_by("pk").values_list("actor", "action", "subject", "keys", "reason")) == [
        (manager.pk, "give_reason", "event", [f"event:{event.uuid}"], WHY),
        (manager.pk, "see", "event", [f"event:{event.uuid}"], WHY),
        (manager.pk, "see", "event", [f"event:{event.uuid}"], WHY),
    ]


def test_a_word_is_no_reason(event, manager, client):
    answered = give_reason(client, event, "because")
    assert answered.status_code == 400
    assert client.get(register(event)).status_code == 302


def test_the_reason_holds_for_an_hour_for_this_event_in_this_session(event, manager, client):
    other = factories.EventFactory()
    give_reason(client, event)
    assert client.get(register(other)).status_code == 302
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=reasons.SECONDS + 1)):
        assert client.get(register(event)).status_code == 302
    client.logout()
    client.force_login(manager)
    assert client.get(register(event)).status_code == 302


def test_a_reason_opens_nothing_that_is_not_ones_own(event, client):
    stranger = grant(UserFactory(), Role.MANAGER, country="PL")
    client.force_login(stranger)
    client.post(reasons.question(f"event:{event.uuid}", "x", "/"), {"reason": WHY})
    assert client.get(register(event)).status_code == 404


def test_the_events_own_trainer_is_not_asked_and_what_they_see_is_written_down(event, client):
    trainer = factories.trainer(event=event)
    client.force_login(trainer)
    assert "Zzyzx" in client.get(register(event)).content.decode()
    assert list(AuditEntry.objects.values_list("actor", "action", "keys", "reason")) == [
        (trainer.pk, "see", [f"event:{event.uuid}"], "")
    ]


@pytest.mark.parametrize("token", ["none", "WyJldmVudCIsIngiLCJodHRwczovL2V2aWwuZXhhbXBsZSJd:1:forged"])
def test_a_forged_question_is_nobodys(manager, client, token):
    assert client.get(reverse("oberih_safeguarding:reason", args=[token])).status_code == 404


@pytest.mark.parametrize(
    "referer", ["http://testserver//evil.example/", "http://evil.example/x", "//evil.example", ""]
)
def test_a_refused_form_leads_back_to_this_site_alone(event, manager, client, referer):
    session = event.sessions.get()
    asked = client.post(reverse("oberih_attendance:all_present", args=[session.pk]), headers={"referer": referer})
    back = client.post(asked.url, {"reason": WHY}).url
    assert back.startswith("/")
    assert not back.startswith("//")


def test_participants_are_not_asked_for_reasons(event, client):
    client.force_login(UserFactory())
    assert client.get(reasons.question("event:x", "x", "/")).status_code == 403
