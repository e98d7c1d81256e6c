import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from events import actions, guardians
from events.models import Confidential, Registration
from events.people import Guardian
from notifications import work
from notifications.models import Message
from participants.actions import change_consent, record_consents
from participants.models import ConsentText, Participant, Purpose
from safeguarding.models import AuditEntry, Role, RoleGrant
from tests.events.factories import EventFactory, known, register, registration, trainer, user
from tests.events.test_pages import form
from tests.factories import say_why

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


def needing(event, number=1, **fields):
    return register(event, number, access_needs="A place without steps", **fields).registration


def seen():
    rows = AuditEntry.objects.filter(action="see", subject="confidential").order_by("pk")
    return list(rows.values_list("actor__email", "keys"))


def test_what_somebody_needs_is_kept_apart(client, event):
    client.post(f"/en/events/{event.code}/register/", form(access_needs="A place without steps"))
    held = Confidential.objects.get()
    assert (held.registration, held.access_needs, held.guardian_link_version) == (
        Registration.objects.get(),
        "A place without steps",
        0,
    )
    assert Message.objects.filter(purpose=guardians.MESSAGE).count() == 0


def test_whoever_needs_nothing_has_no_row(event):
    register(event)
    assert Confidential.objects.count() == 0


def test_the_trainer_reads_it_and_that_is_written_down(client, event):
    made = needing(event)
    needing(EventFactory(), 2)
    client.force_login(trainer(event=event))
    page = client.get(f"/en/trainings/{event.uuid}/")
    assert page.context["to_prepare"] == [{"label": "Olena Kovalb 1", "value": "A place without steps"}]
    assert b"A place without steps" in client.get(f"/en/trainings/{event.uuid}/people/{made.uuid}/").content
    assert seen() == [("trainer@example.org", [str(made.uuid)])] * 2


def test_where_nothing_is_held_nothing_is_written_down(client, event):
    register(event)
    client.force_login(trainer(event=event))
    client.get(f"/en/trainings/{event.uuid}/")
    assert seen() == []


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_charlie_who_may_work_with_the_event_but_does_not_train_there_does_not(client, event, role):
    made = needing(event)
    charlie = user("charlie@example.org", role)
    client.force_login(charlie)
    say_why(client, f"event:{event.uuid}")
    for page in (f"/en/trainings/{event.uuid}/", f"/en/trainings/{event.uuid}/people/{made.uuid}/"):
        answer = client.get(page)
        assert answer.status_code == 200
        assert b"A place without steps" not in answer.content
    assert (Confidential.objects.for_trainer(charlie).count(), seen()) == (0, [])


def test_a_trainer_of_another_event_finds_nothing(event):
    needing(event)
    charlie = trainer("charlie@example.org", EventFactory())
    assert list(Confidential.objects.for_trainer(charlie)) == []


def test_it_takes_the_role_and_the_event(event):
    held = needing(event).confidential
    ivan = user("ivan@example.org", Role.MANAGER)
    event.trainers.add(ivan)
    assert list(Confidential.objects.for_trainer(ivan)) == []
    RoleGrant.objects.create(user=ivan, role=Role.TRAINER)
    del ivan.oberih_grants
    assert list(Confidential.objects.for_trainer(ivan)) == [held]


def test_the_day_after_the_event_it_is_gone_with_the_messages_to_the_guardian(event):
    young = {"guardian": Guardian("Iryna", "mother", "iryna@example.org"), "birth_year": event.starts_on.year - 15}
    needing(event, **young)
    later = needing(EventFactory(starts_on=event.starts_on + dt.timedelta(days=20)), 2)
    noon = dt.datetime.combine(event.ends_on, dt.time(12), dt.UTC)
    for hours, left in [(0, 2), (36, 1)]:
        with time_machine.travel(noon + dt.timedelta(hours=hours), tick=False):
            assert work.run_sweeps()["events.confidential"] == 2 - left
            assert Confidential.objects.count() == left
    assert Confidential.objects.get().registration == later
    assert Message.objects.filter(purpose=guardians.MESSAGE).count() == 0
    assert Registration.objects.filter(guardian_consent="missing").count() == 1


def test_an_event_that_goes_on_elsewhere_keeps_it(event):
    needing(event)
    midnight = dt.datetime.combine(event.ends_on + dt.timedelta(days=1), dt.time(1), event.tz)
    with time_machine.travel(midnight, tick=False):
        assert work.run_sweeps()["events.confidential"] == 0


def test_with_the_place_it_goes_at_once(event):
    cancelled, declined, off = needing(event), needing(EventFactory(policy="approval"), 2), EventFactory()
    needing(off, 3)
    actions.cancel_registration(registration=cancelled)
    assert Confidential.objects.count() == 2
    actions.decline(registration=declined, by=None)
    assert Confidential.objects.count() == 1
    actions.cancel_event(event=off, reason="No power")
    assert Confidential.objects.count() == 0


# Photographs


def test_whoever_did_not_agree_is_not_to_be_photographed(client, event):
    rows = [registration(event, number=number) for number in (1, 2, 3)]
    yes, no, _unasked = (row.participant for row in rows)
    for who, given in ((yes, True), (no, False)):
        record_consents(who, {Purpose.PHOTO: given}, language="en", subject_key=event.subject_key)
    client.force_login(trainer(event=event))

    def told():
        page = client.get(f"/en/trainings/{event.uuid}/")
        return [row["secondary"] for row in page.context["confirmed"]]

    assert told() == ["", "No photographs", "No photographs"]
    text = ConsentText.objects.filter(purpose=Purpose.PHOTO).last()
    change_consent(participant=yes, text=text, given=False, language="en")
    assert told() == ["No photographs"] * 3
    person = client.get(f"/en/trainings/{event.uuid}/people/{rows[0].uuid}/")
    assert {"label": "Photographs", "value": "No photographs"} in person.context["rows"]


# No page of the public's names somebody young


def test_no_public_page_names_anybody_young(client):
    event = EventFactory(capacity=1)
    child = known("Solomiia Hryn", "solomiia@example.org")
    Participant.objects.filter(pk=child.pk).update(birth_year=event.starts_on.year - 15)
    told = register(event, full_name=child.full_name, email=child.email).registration
    assert told.is_minor
    month = f"/en/events/month/{event.starts_on.year}/{event.starts_on.month}/"
    pages = ["/en/events/", month, f"/en/events/{event.code}/", f"/en/events/{event.code}/dates.ics"]
    pages += [f"/en/events/{event.code}/register/", "/en/verify/", "/en/my-consents/", "/en/learn/"]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        for name in ("Solomiia", "Hryn", "solomiia@"):
            assert name not in answer.content.decode(), page
    assert timezone.localdate() < event.starts_on
