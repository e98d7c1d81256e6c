"""Somebody fills in the form for others, or writes a contact beside their own, to learn of people or to act for them."""

import pytest
from django.core import mail

from events import actions
from events.exceptions import MoveError
from events.models import Status
from notifications.actions import send_due
from notifications.models import Message
from participants import erasing
from participants.actions import create_participant, verify_contact
from participants.models import ContactKind
from tests.events.factories import EventFactory, known, register, registration
from tests.events.test_parties import child, errors, party, place

pytestmark = pytest.mark.django_db

OLENA = {"full_name": "Olena Koval", "email": "olena@example.org"}
PHONE = "+380671234567"
CHARLIE = {"full_name": "Charlie Brown", "email": "charlie@example.org", "phone": PHONE, "comes_too": "on"}


def nobody(event):
    pass


def known_by_phone(event):
    who = create_participant(full_name="Olena Mykolaivna Koval", phone=PHONE, language="en")
    verify_contact(who, ContactKind.PHONE)


def registered_by_phone(event):
    register(event, full_name="Olena Koval", email="", phone=PHONE)


@pytest.mark.parametrize("is_there", [False, True])
def test_a_name_that_stands_there_twice_is_refused_whoever_is_registered(client, is_there):
    event = EventFactory(capacity=5)
    if is_there:
        register(event, **OLENA)
    answer = client.post(place(event), party("Olena Koval", "Olena Koval", email=OLENA["email"]))
    assert (answer.status_code, errors(answer)) == (400, {"__all__": [None]})


@pytest.mark.parametrize("is_known", [False, True])
def test_two_names_of_one_who_is_known_are_two_people(client, is_known):
    event = EventFactory(capacity=5)
    if is_known:
        known(**OLENA)
    answer = client.post(place(event), party("Olena Koval", "Olena Mykolaivna Koval", email=OLENA["email"]))
    assert answer.status_code == 302
    names = [str(one.participant) for one in event.registrations.order_by("pk")]
    assert names == ["Olena Koval", "Olena Mykolaivna Koval"]


@pytest.mark.parametrize("is_there", [False, True])
def test_the_last_seats_do_not_say_who_is_registered(client, is_there):
    """One seat is left: it is too few for two, also where one of them has a seat already."""
    event = EventFactory(capacity=2)
    register(event, 1, **(OLENA if is_there else {}))
    answer = client.post(place(event), party("Olena Koval", email=OLENA["email"], comes_too="on"))
    assert client.get(answer.url).context["status"] == Status.WAITLISTED


@pytest.mark.parametrize("known_as", [nobody, known_by_phone, registered_by_phone])
def test_a_contact_beside_ones_own_tells_nothing_of_whose_it_is(client, known_as):
    event = EventFactory(capacity=9)
    known_as(event)
    Message.objects.all().delete()
    client.post(place(event), party("Olena Koval", **CHARLIE))
    assert [one.recipient for one in Message.objects.all()] == [CHARLIE["email"]]
    send_due()
    assert [(one.to, "For whom: Charlie Brown, Olena Koval" in one.body) for one in mail.outbox] == [
        ([CHARLIE["email"]], True)
    ]


@pytest.mark.parametrize("known_as", [nobody, known_by_phone, registered_by_phone])
def test_an_answer_comes_whomever_the_phone_beside_the_email_belongs_to(known_as):
    event = EventFactory(capacity=9)
    known_as(event)
    Message.objects.all().delete()
    register(event, full_name="Olena Koval", email=CHARLIE["email"], phone=PHONE)
    assert [one.recipient for one in Message.objects.all()] == [CHARLIE["email"]]


def test_whoever_is_reached_elsewhere_hears_of_it_there_and_alone(client):
    """They are of one party and known by contacts of their own: each message names who is reached in that place."""
    event = EventFactory(capacity=9)
    client.post(place(event), party("Marko Koval", comes_too="on"))
    _iryna, marko = event.registrations.order_by("pk")
    marko.participant.email = "marko@example.org"
    marko.participant.save()
    Message.objects.all().delete()
    actions.cancel_event(event=event, reason="Air raid")
    send_due()
    assert sorted((one.to, "Iryna" in one.body, "Marko" in one.body) for one in mail.outbox) == [
        (["iryna@example.org"], True, False),
        (["marko@example.org"], False, True),
    ]


def test_an_ended_place_takes_no_seats_of_those_who_come_together(client):
    event = EventFactory(capacity=2)
    holders = [registration(event, number=number) for number in (1, 2)]
    client.post(place(event), party("Hanna Koval", comes_too="on"))
    iryna, hanna = event.registrations.order_by("pk")[2:]
    actions.cancel_registration(registration=iryna)
    for holder in holders:
        actions.cancel_registration(registration=holder)
    with pytest.raises(MoveError, match="“Cancelled” already"):
        actions.accept_offer(registration=iryna)
    hanna.refresh_from_db()
    assert hanna.status == Status.OFFERED


def test_no_stranger_is_written_to_as_the_mother_of_invented_children(client):
    """That the form was received and that somebody is asked are a message each, however many children there are."""
    names = ["Anna", "Bohdan", "Vira", "Hlib"]
    sent = [client.post(place(event), party(*[(name, child(event)) for name in names])) for event in events(6)]
    assert [one.status_code for one in sent] == [302] * 5 + [429]
    assert Message.objects.filter(recipient="iryna@example.org").count() == 10


def events(count):
    return [EventFactory() for _number in range(count)]


def test_whoever_is_erased_is_no_longer_of_a_family(client):
    event = EventFactory(capacity=9)
    client.post(place(event), party("Hanna Koval", comes_too="on"))
    iryna, hanna = event.registrations.order_by("pk")
    erasing.erase(participant=iryna.participant, certificates=erasing.CertificatesWish.KEEP, by=None)
    iryna.refresh_from_db()
    assert (iryna.party, hanna.party is None) == (None, False)
