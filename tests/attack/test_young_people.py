"""A child does not consent for themselves: neither by a contact of their own nor by another year of birth."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import Confidential, GuardianConsent, Registration
from events.people import Guardian
from notifications.models import Message
from participants import identity, sameness
from participants.actions import create_participant
from participants.models import Participant
from tests.certificates.factories import an_issued_certificate
from tests.events.factories import EventFactory, known, register, trainer, user
from tests.events.test_guardians import errors, send, year
from tests.events.test_pages import remember
from tests.participants.test_my_data import correction

pytestmark = pytest.mark.django_db
GUARDIAN = {"guardian_name": "Iryna Koval", "guardian_relation": "mother"}
PHONE = "+380671234567"


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def child(event):
    """Fourteen, known, and with two contacts of which both are theirs."""
    made = create_participant(
        full_name="Solomiia Hryn", email="kid@example.org", phone=PHONE, birth_year=year(event, 14), language="en"
    )
    made.contact_keys.update(verified_at=timezone.now())
    return made


def asked():
    """Whom the guardian's message was sent to."""
    return sorted(Message.objects.filter(purpose="events.guardian").values_list("recipient", flat=True))


def states():
    return list(Registration.objects.values_list("guardian_consent", flat=True))


# The guardian's contact


@pytest.mark.parametrize(
    ("own", "guardians"),
    [
        ({"email": "kid@example.org"}, {"guardian_email": "KID@example.org"}),
        ({"phone": "067 123 45 67"}, {"guardian_phone": PHONE}),
        (
            {"email": "kid@example.org", "phone": PHONE},
            {"guardian_email": "iryna@example.org", "guardian_phone": PHONE},
        ),
    ],
)
def test_the_contact_that_was_just_typed_is_no_guardians(client, event, own, guardians):
    said = {"email": "", **own, **GUARDIAN, **guardians, "birth_year": year(event, 15)}
    found = errors(send(client, event, **said))
    assert list(found.values()) == [["own"]]
    assert set(found) <= {"guardian_email", "guardian_phone"}
    assert (states(), asked()) == ([], [])


@pytest.mark.parametrize("guardians", [{"guardian_email": "Kid@example.org"}, {"guardian_phone": PHONE}])
def test_a_contact_that_we_hold_of_the_child_is_no_guardians(client, event, child, guardians):
    remember(client, child)
    said = {"birth_year": "", **GUARDIAN, **guardians}
    assert list(errors(send(client, event, **said)).values()) == [["own"]]
    assert (states(), asked()) == ([], [])


def test_who_did_not_prove_themselves_is_told_nothing_and_nobody_is_asked(client, event, child):
    """Whether the number is the child's is not for a stranger to learn: the trainers see that nobody has agreed."""
    said = {"full_name": "Solomiia Hryn", "email": "kid@example.org", "birth_year": year(event, 14)}
    assert send(client, event, **said, **GUARDIAN, guardian_phone=PHONE).status_code == 302
    assert (states(), asked()) == ([GuardianConsent.MISSING], [])
    assert list(Confidential.objects.values_list("guardian_name", "guardian_phone")) == [("Iryna Koval", "")]


def test_a_trainer_sends_no_link_to_the_child(client, event, child):
    made = register(
        event, participant=child, full_name=child.full_name, guardian=Guardian("Iryna", "mother", "i@example.org")
    ).registration
    client.force_login(trainer(event=event))
    place = reverse("oberih_events:person_guardian", args=[event.uuid, made.uuid])
    said = {"do": "send", "name": "Iryna", "relation": "mother"}
    for contact in ({"email": "KID@example.org"}, {"phone": PHONE}):
        answer = client.post(place, {**said, **contact})
        assert answer.status_code == 400
        assert [error.code for error in answer.context["contact"].errors.as_data().popitem()[1]] == ["own"]
    assert client.post(place, {**said, "email": "iryna@example.org"}).status_code == 302
    assert asked() == ["i@example.org", "iryna@example.org"]


# The year of birth


def test_another_year_makes_nobody_of_age(client, event, child):
    remember(client, child)
    assert sorted(errors(send(client, event, birth_year="1990", of_age="on"))) == [
        "guardian_email",
        "guardian_name",
        "guardian_relation",
    ]
    said = {"birth_year": "1990", **GUARDIAN, "guardian_email": "iryna@example.org"}
    assert send(client, event, **said).status_code == 302
    child.refresh_from_db()
    made = Registration.objects.get()
    assert (states(), asked(), child.birth_year) == (["missing"], ["iryna@example.org"], year(event, 14))
    assert made.age_band != "A30_49"


def test_nor_does_it_little_by_little(client, event, child):
    remember(client, child)
    said = {"birth_year": year(event, 16), **GUARDIAN, "guardian_email": "iryna@example.org"}
    assert send(client, event, **said).status_code == 302
    child.refresh_from_db()
    assert child.birth_year == year(event, 14)


def test_a_later_year_is_believed(client, event, child):
    remember(client, child)
    said = {"birth_year": year(event, 13), **GUARDIAN, "guardian_email": "iryna@example.org"}
    assert send(client, event, **said).status_code == 302
    child.refresh_from_db()
    assert child.birth_year == year(event, 13)


@pytest.mark.parametrize("said", [{"birth_year": "1990"}, {"birth_year": "", "of_age": "on"}])
def test_what_is_known_by_the_contact_decides_too(client, event, child, said):
    send(client, event, full_name="Solomiia Hryn", email="kid@example.org", **said)
    child.refresh_from_db()
    made = Registration.objects.get()
    assert (made.participant, made.guardian_consent, child.birth_year) == (child, "missing", year(event, 14))


def test_what_another_row_of_the_person_knows_decides(event, child):
    root = known("Solomiia Hryn", "root@example.org")
    sameness.merge(kept=root, other=child, by=user("manager@example.org"))
    made = register(
        event, participant=root, full_name=root.full_name, birth_year=1990, is_of_age=True
    ).registration
    assert made.guardian_consent == GuardianConsent.MISSING


def test_a_walk_in_who_is_known_to_be_young_is(client, child):
    event = EventFactory(starts_on=timezone.localdate())
    client.force_login(trainer(event=event))
    said = {"full_name": "Solomiia Hryn", "contact": "kid@example.org", "birth_year": "1990"}
    assert client.post(reverse("oberih_attendance:walk_in", args=[event.uuid]), said).status_code == 302
    assert states() == ["missing"]


@pytest.mark.parametrize("typed", [1990, ""])
def test_nobody_makes_themselves_older_on_their_own_page(child, typed):
    browser = Client()
    browser.get(f"/en/p/{identity.link_token(child, 'email')}/")
    answer = browser.post("/en/me/correct/", correction(child, birth_year=typed))
    assert (answer.status_code, errors(answer)) == (400, {"birth_year": ["young"]})
    child.refresh_from_db()
    held = child.birth_year
    assert held is not None
    assert browser.post("/en/me/correct/", correction(child, birth_year=held + 1)).status_code == 302
    child.refresh_from_db()
    assert child.birth_year == held + 1


def test_a_grown_up_corrects_their_year(client):
    olena = known()
    Participant.objects.filter(pk=olena.pk).update(birth_year=1990)
    browser = Client()
    browser.get(f"/en/p/{identity.link_token(olena, 'email')}/")
    for typed in (1980, 1991, ""):
        assert browser.post("/en/me/correct/", correction(olena, birth_year=typed)).status_code == 302
        olena.refresh_from_db()
        assert olena.birth_year == (typed or None)


# Their papers


def test_of_a_child_no_letter_of_the_name_is_shown_whichever_row_knows_it(client):
    child, root = known("Solomiia Hryn", "kid@example.org"), known("Solomiia Hryn", "root@example.org")
    certificate = an_issued_certificate(participant=child)
    page = f"/en/verify/{certificate.token}/"
    assert client.get(page).context["masked"] != ""
    Participant.objects.filter(pk=root.pk).update(birth_year=timezone.localdate().year - 14)
    sameness.merge(kept=root, other=child, by=user("manager@example.org"))
    assert client.get(page).context["masked"] == ""


def test_nor_of_somebody_who_was_a_child_at_an_event_of_another_row(client):
    other, root = known("Solomiia Hryn", "kid@example.org"), known("Solomiia Hryn", "root@example.org")
    event = EventFactory()
    register(event, participant=root, full_name="Solomiia Hryn", birth_year=year(event, 16))
    Participant.objects.update(birth_year=None)
    certificate = an_issued_certificate(participant=other)
    sameness.merge(kept=root, other=other, by=user("manager@example.org"))
    assert client.get(f"/en/verify/{certificate.token}/").context["masked"] == ""
