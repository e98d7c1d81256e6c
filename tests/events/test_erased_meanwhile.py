"""Somebody is erased while a form of theirs is on its way: nothing of who they were comes back."""

import pytest

from events import actions, registering, walk_ins
from events.exceptions import RegistrationError
from events.models import Confidential, Registration, Status
from notifications.models import Message
from participants import erasing
from participants.models import Consent, ContactKey, Participant
from safeguarding import personal_data
from tests.events.factories import EventFactory, known, person, register, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def olena():
    return known()


def erase(participant):
    erasing.erase(participant=participant, certificates="keep", by=None)


@pytest.fixture
def erased_after_the_look(monkeypatch):
    """The person is erased between the look-up of a known contact and what is done with it."""

    def looked_up(**details):
        found = looks(**details)
        erase(found)
        return found

    looks = registering.find_known
    for place in (registering, walk_ins):
        monkeypatch.setattr(place, "find_known", looked_up)


def test_who_opened_their_link_before_is_refused(olena):
    stale = Participant.objects.get(pk=olena.pk)
    erase(olena)
    with pytest.raises(RegistrationError):
        register(EventFactory(), participant=stale, full_name=stale.full_name, email=stale.email, birth_year=1990)
    olena.refresh_from_db()
    assert (olena.birth_year, olena.email) == (None, "")
    assert [rows.count() for rows in (Registration.objects, Message.objects, Consent.objects)] == [0, 0, 0]


def test_who_was_known_by_a_contact_registers_as_somebody_new(olena, erased_after_the_look):
    made = register(EventFactory(), full_name="Olena Koval", email="olena@example.org").registration
    assert (made.participant == olena, made.participant.email) == (False, "olena@example.org")
    assert not olena.registrations.exists()
    assert not ContactKey.objects.filter(participant=olena).exists()


def test_who_walks_in_is_somebody_new(olena, erased_after_the_look):
    said = person(full_name="Olena Koval", email="olena@example.org")
    made = actions.add_walk_in(event=EventFactory(), by=user("trainer@example.org"), person=said)
    assert (made.participant == olena, olena.registrations.exists()) == (False, False)


def test_a_registration_that_came_before_the_lock_is_given_back(olena, monkeypatch):
    prepare, came = personal_data.prepare_erasing, []

    def prepared(people, **wishes):
        prepare(people, **wishes)
        if not came:
            came.append(
                register(EventFactory(), participant=olena, full_name="Olena Koval", access_needs="A lift")
            )

    monkeypatch.setattr(personal_data, "prepare_erasing", prepared)
    erase(olena)
    left = Registration.objects.get()
    assert (left.status, left.contact_digest, left.name_digest) == (Status.CANCELLED, "", "")
    assert [rows.count() for rows in (Message.objects, Confidential.objects)] == [0, 0]
