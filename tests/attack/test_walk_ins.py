"""A name and one contact, typed at the door of one's own training, are no way to learn what else is known of somebody."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Registration, Source
from participants.actions import create_participant
from participants.models import Category, Organisation
from safeguarding.models import AuditEntry
from tests.events.factories import EventFactory, register, trainer

pytestmark = pytest.mark.django_db
EMAIL, PHONE = "olena@example.org", "+380501112233"


@pytest.fixture
def event():
    return EventFactory(starts_on=timezone.localdate())


@pytest.fixture
def by(client, event):
    made = trainer(event=event)
    client.force_login(made)
    return made


@pytest.fixture
def olena():
    """Somebody who came elsewhere before, with both contacts proved."""
    made = create_participant(
        full_name="Olena Koval",
        email=EMAIL,
        phone=PHONE,
        organisation=Organisation.objects.create(code="shelter", label="The shelter"),
        category=Category.objects.create(code="survivors", label="Survivors"),
    )
    made.contact_keys.update(verified_at=timezone.now())
    return made


def walk_in(client, event, contact, name="Olena Koval"):
    """What the trainer reads of somebody who walked in: their page, and the page of the training."""
    said = {"full_name": name, "contact": contact, "of_age": "on", "agreed": "on", "submission": uuid.uuid4()}
    assert client.post(reverse("oberih_attendance:walk_in", args=[event.uuid]), said).status_code == 302
    return read(client, Registration.objects.get(source=Source.WALK_IN))


def read(client, made):
    pages = [
        client.get(reverse("oberih_events:person", args=[made.event.uuid, made.uuid])),
        client.get(reverse("oberih_events:training", args=[made.event.uuid])),
    ]
    assert [page.status_code for page in pages] == [200, 200]
    return "".join(page.text.split("<main")[1] for page in pages)


@pytest.mark.parametrize(("typed", "hidden"), [(EMAIL, PHONE), (PHONE, EMAIL)])
def test_the_contact_that_was_not_typed_is_not_shown(client, event, by, olena, typed, hidden):
    shown = walk_in(client, event, typed)
    assert Registration.objects.get().participant == olena
    assert [words in shown for words in (typed, hidden, "The shelter", "Survivors")] == [True, False, False, False]


def test_a_contact_that_was_typed_under_an_older_key_is_shown(client, event, by, olena, settings):
    walk_in(client, event, EMAIL)
    settings.OBERIH_PARTICIPANTS_CONTACT_KEYS = {**settings.OBERIH_PARTICIPANTS_CONTACT_KEYS, 9: "a newer secret"}
    shown = read(client, Registration.objects.get())
    assert (EMAIL in shown, PHONE in shown) == (True, False)


def test_that_somebody_known_was_attached_is_written_down(client, event, by, olena):
    walk_in(client, event, EMAIL)
    made = Registration.objects.get()
    attached = AuditEntry.objects.filter(action="attach")
    assert list(attached.values_list("actor", "subject", "keys")) == [(by.pk, "registration", [str(made.uuid)])]


def test_of_somebody_new_everything_was_given_at_the_door(client, event, by):
    assert EMAIL in walk_in(client, event, EMAIL)
    assert not AuditEntry.objects.filter(action="attach").exists()


def test_whoever_registered_themselves_is_shown_with_both(client, event, by, olena):
    yesterday = timezone.now() - dt.timedelta(days=1)
    made = register(event, participant=olena, full_name=olena.full_name, email=EMAIL, phone=PHONE, now=yesterday)
    shown = read(client, made.registration)
    assert [words in shown for words in (EMAIL, PHONE, "The shelter")] == [True, True, True]
