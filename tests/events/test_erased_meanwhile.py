"""Somebody is erased while a form of theirs is on its way: nothing of who they were comes back."""

import datetime as dt

import pytest
from django.utils import timezone

from events import actions, guardians, registering, walk_ins
from events.exceptions import GuardianError, MoveError, RegistrationError
from events.models import Confidential, Registration, RegistrationAnswer, Status
from events.people import Guardian, Reply
from notifications.models import Message
from participants import erasing
from participants.models import Consent, ContactKey, Participant
from safeguarding import personal_data
from tests.events.factories import EventFactory, SessionFactory, known, person, register, user
from tests.events.test_questions import question

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


@pytest.fixture
def going_on():
    """An event that has begun and still registers: whoever is erased keeps the place that is counted."""
    closes = timezone.now() + dt.timedelta(days=1)
    event = EventFactory(starts_on=timezone.localdate(), registration_closes_at=closes, sessions=[])
    SessionFactory(event=event, date=event.starts_on - dt.timedelta(days=1))
    return event


def test_what_is_changed_after_it_is_not_written(going_on, olena):
    stale = register(going_on, participant=olena, full_name="Olena Koval", email="olena@example.org").registration
    erase(olena)
    assert Registration.objects.get().status == Status.CONFIRMED
    with pytest.raises(MoveError):
        actions.change_answers(
            registration=stale, replies={question(going_on): Reply(text="By bus")}, access_needs="A lift"
        )
    assert [rows.count() for rows in (Confidential.objects, RegistrationAnswer.objects)] == [0, 0]


def test_no_guardian_is_named_after_it(going_on, olena):
    mother = Guardian("Iryna", "mother", "iryna@example.org")
    young = {"birth_year": going_on.starts_on.year - 15, "guardian": mother}
    stale = register(going_on, participant=olena, full_name="Olena Koval", **young).registration
    erase(olena)
    with pytest.raises(GuardianError):
        guardians.ask_again(registration=stale, by=user("trainer@example.org"), guardian=mother)
    assert [rows.count() for rows in (Confidential.objects, Message.objects)] == [0, 0]
