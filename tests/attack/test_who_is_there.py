"""Somebody who looks for a person learns nothing by registering them.

Whether the person is known or registered, whoever sends the form sees the same: on its pages, in the mailboxes that are
theirs, behind the links that arrive there, and in the lists that they may read afterwards.
"""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from events import actions
from events.models import Allocation, Registration, RegistrationList, Source
from events.people import Guardian
from notifications.actions import send_due
from notifications.models import Message
from participants import erasing
from participants.models import Organisation, Participant
from safeguarding.models import Role
from tests.events.factories import EventFactory, known, register
from tests.events.test_guardians import decide, year
from tests.events.test_pages import form
from tests.events.test_parties import party
from tests.events.test_registering_colleagues import confirmed, form_of, instead, to
from tests.factories import UserFactory, grant

pytestmark = pytest.mark.django_db

NAME, EMAIL = "Olena Koval", "olena@example.org"
MOTHER = Guardian("Iryna Koval", "mother", "iryna@example.org")
CHARLIE = "charlie@example.org"


@pytest.fixture
def event():
    return EventFactory(title="Recognising trafficking", capacity=20)


@pytest.fixture
def two(db):
    return Organisation.objects.create(code="two", label="Organisation Two")


# Who the person may be


def nobody(event):
    pass


def known_as_typed(event):
    return known(NAME, EMAIL)


def known_by_more_names(event):
    return known("Olena Petrivna Koval", EMAIL)


def known_in_other_letters(event):
    return known("КОВАЛЬ Олена", EMAIL)


def known_as_young(event):
    Participant.objects.filter(pk=known_as_typed(event).pk).update(birth_year=year(event, 15))


def registered(event):
    register(event, full_name=NAME, email=EMAIL)


def registered_with_other_spelling(event):
    register(event, full_name="Koval Olga", email=EMAIL)
    register(event, full_name="Коваль Олена", email=EMAIL)


def registered_and_known(event):
    register(event, participant=known_by_more_names(event), full_name="Olena Petrivna Koval", email=EMAIL)


def registered_with_a_guardian(event):
    register(event, full_name=NAME, email=EMAIL, birth_year=year(event, 16), guardian=MOTHER)


def registered_by_a_family(event):
    Client().post(f"/en/events/{event.code}/register/?people=1", party(NAME, email=EMAIL))


def registered_by_an_organisation(event):
    two = Organisation.objects.get(code="two")
    register(event, full_name=NAME, email=EMAIL, organisation=two, source=Source.COLLEAGUE)


def registered_and_gone(event):
    register(event, full_name=NAME, email=EMAIL)
    actions.cancel_registration(registration=Registration.objects.get())


def registered_and_erased(event):
    registered_and_known(event)
    erasing.erase(participant=Participant.objects.get(), certificates="keep", by=None)


WORLDS = [
    known_as_typed,
    known_by_more_names,
    known_in_other_letters,
    known_as_young,
    registered,
    registered_with_other_spelling,
    registered_and_known,
    registered_with_a_guardian,
    registered_by_a_family,
    registered_by_an_organisation,
    registered_and_gone,
    registered_and_erased,
]


# What somebody sees


def without_keys(text):
    """The text without what is drawn anew each time."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "uuid", text)
    text = re.sub(r"/(p|s|guardian|registered)/[^/\s\"]+/", r"/\1/token/", text)
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


def seen(answer):
    return answer.status_code, without_keys(answer.get("Location", "")), without_keys(answer.content.decode())


def arrived(mailbox):
    """The mails that arrived there, and their links."""
    send_due()
    mails = [one for one in mail.outbox if one.to == [mailbox]]
    return [(one.subject, without_keys(one.body)) for one in mails], [
        link for one in mails for link in re.findall(r"http://localhost:8000(\S+)", one.body)
    ]


def in_the_world_of(world, event, look):
    """What `look` sees in a world of which nothing stays."""
    with transaction.atomic():
        world(event)
        Message.objects.all().delete()
        mail.outbox.clear()
        cache.clear()
        found = look()
        transaction.set_rollback(True)
    return found


@pytest.fixture
def told_apart(event, two):
    """The worlds in which `look` sees something else than where nobody is."""

    def compare(look):
        expected = in_the_world_of(nobody, event, look)
        return [world.__name__ for world in WORLDS if in_the_world_of(world, event, look) != expected]

    return compare


def test_these_worlds_are_told_apart_by_whoever_sees_more(event, told_apart):
    """The control: one who reads whether anybody has that address, or has a place."""
    same = told_apart(lambda: (Participant.objects.exclude(email="").count(), Registration.objects.count()))
    assert same == [world.__name__ for world in WORLDS]


# A stranger


def as_an_adult(event):
    return form(full_name=NAME, email=EMAIL)


def as_a_child_of_mine(event):
    said = {"guardian_name": "Charlie", "guardian_relation": "uncle", "guardian_email": CHARLIE}
    return form(full_name=NAME, email=EMAIL, birth_year=year(event, 16), **said)


def as_a_child_of_her_mother(event):
    said = {"guardian_name": MOTHER.name, "guardian_relation": "mother", "guardian_email": MOTHER.email}
    return form(full_name=NAME, email=EMAIL, birth_year=year(event, 16), **said)


def as_one_of_a_family(event):
    return party(NAME, ("Bohdan Koval", year(event, 10)), email=EMAIL, comes_too="on", full_name="Charlie")


@pytest.mark.parametrize(
    "filled_in", [as_an_adult, as_a_child_of_mine, as_a_child_of_her_mother, as_one_of_a_family]
)
def test_a_stranger_who_registers_somebody_learns_nothing_of_them(event, told_apart, filled_in):
    def look():
        stranger, address = Client(), f"/en/events/{event.code}/register/"
        filled = filled_in(event)
        if "people" in filled:
            address += "?people=2"
        found = []
        for _again in range(2):
            sent = stranger.post(address, filled_in(event))
            found.append(seen(sent))
        found.append(seen(stranger.get(sent.url)))
        mails, links = arrived(CHARLIE)
        found.append(mails)
        for link in links:
            found += [seen(stranger.get(link)), seen(decide(stranger, link)), seen(stranger.get(link))]
        return found

    assert told_apart(look) == []


def test_each_form_takes_as_long_whoever_is_there(event, told_apart):
    """Where no worker sends them, a message and the ticket in it are most of what a stranger waits for."""

    def look():
        written = []
        for _again in range(3):
            before = Message.objects.count()
            Client().post(f"/en/events/{event.code}/register/", as_an_adult(event))
            written.append(Message.objects.count() - before)
        return written

    assert told_apart(look) == []


# A focal point


@pytest.fixture
def one(db):
    return Organisation.objects.create(code="one", label="Organisation One")


@pytest.fixture
def focal_point(one):
    browser = Client()
    browser.force_login(grant(UserFactory(), Role.FOCAL_POINT, organisation="one"))
    return browser


ROWS = [
    {"full_name": name, "email": email, "of_age": "on", "sex": "F", "latin_name": "Typed Name"}
    for name, email in [(NAME, EMAIL), ("Petro Bondar", "petro@example.org")]
]


def pages_of(browser, event, organisation):
    addresses = [to("colleagues_event", event, organisation), reverse("oberih_events:colleagues")]
    return [seen(browser.get(address)) for address in addresses]


@pytest.mark.parametrize("seats", [0, 2])
def test_a_focal_point_learns_nothing_of_whom_they_register(event, one, focal_point, told_apart, seats):
    if seats:
        Allocation.objects.create(event=event, organisation=one, seats=seats)

    def look():
        found = []
        for _again in range(2):
            sent = focal_point.post(to("colleagues_register", event, one), form_of(ROWS))
            preview = focal_point.get(sent.url)
            batch = RegistrationList.objects.latest("pk")
            found += [
                seen(sent),
                seen(preview),
                seen(confirmed(focal_point, batch)),
                seen(focal_point.get(sent.url)),
            ]
            found += pages_of(focal_point, event, one)
        return found

    assert told_apart(look) == []


def test_nor_by_giving_them_the_seat_of_somebody_else(event, one, focal_point, told_apart):
    Allocation.objects.create(event=event, organisation=one, seats=2)

    def look():
        mine = register(
            event, 7, organisation=one, source=Source.COLLEAGUE, allocation=event.allocations.get()
        ).registration
        said = {key: ROWS[0][key] for key in ("full_name", "email", "of_age")}
        sent = instead(focal_point, mine, **said)
        return [seen(sent), *pages_of(focal_point, event, one)]

    assert told_apart(look) == []
