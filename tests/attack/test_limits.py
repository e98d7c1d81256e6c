"""Guessing and flooding are stopped; a hall of people who do what everybody should do is not."""

import uuid

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import reverse

from attendance.models import Mark
from certificates.models import certificate_number
from events.models import Registration
from notifications.models import Message
from safeguarding import client as clients
from safeguarding import limits
from safeguarding.limits import Limit
from tests.attendance.factories import ParticipantFactory
from tests.certificates.factories import an_issued_certificate
from tests.events.factories import EventFactory, known, registration, trainer
from tests.events.test_pages import TEXTS
from tests.participants.test_my_data import correction, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def lowered(settings):
    """Rates for a test, as a site names its own."""

    def lower(**rates):
        settings.OBERIH_SAFEGUARDING_LIMITS = {name.replace("__", "."): rate for name, rate in rates.items()}

    return lower


def form(number, **fields):
    return {
        "submission": str(uuid.uuid4()),
        "full_name": f"Person {number}",
        "email": f"person{number}@example.org",
        "agree": "on",
        "of_age": "on",
        "texts": TEXTS,
        **fields,
    }


def test_a_hall_of_three_hundred_behind_one_address_registers(client, consent_texts):
    event = EventFactory(capacity=300)
    place = reverse("oberih_events:register", args=[event.code])
    statuses = {client.post(place, form(number)).status_code for number in range(300)}
    assert (statuses, Registration.objects.filter(event=event).count()) == ({302}, 300)


def test_a_hall_of_three_hundred_checks_its_certificates(client):
    certificate = an_issued_certificate(participant=ParticipantFactory(full_name="Olena Koval"))
    place = reverse("oberih_certificates:verify", args=[certificate.token])
    statuses = {client.post(place, {"name": "Olena Koval"}).status_code for _ in range(300)}
    statuses |= {client.post("/en/verify/", {"number": certificate.number}).status_code for _ in range(300)}
    assert statuses == {200, 302}


def test_nobodys_mailbox_is_filled_by_a_strangers_form(client, consent_texts):
    for number in range(14):
        event = EventFactory()
        place = reverse("oberih_events:register", args=[event.code])
        answer = client.post(place, form(1, full_name=f"Prank {number}"))
        assert answer.status_code == (302 if number < 10 else 429)
    assert len(mail.outbox) <= 10
    # The capital letters of an address are no other address, and somebody else is not stopped with them.
    assert client.post(place, form(1, email="PERSON1@example.org")).status_code == 429
    assert client.post(place, form(2)).status_code == 302


def test_a_flood_of_invented_contacts_ends(client, consent_texts, lowered):
    lowered(events__register__address="5/h")
    event, other = EventFactory(), EventFactory()
    place = reverse("oberih_events:register", args=[event.code])
    statuses = [client.post(place, form(number)).status_code for number in range(7)]
    assert statuses == [302] * 5 + [429] * 2
    assert client.post(place, form(9), REMOTE_ADDR="192.0.2.7").status_code == 302
    assert client.post(reverse("oberih_events:register", args=[other.code]), form(10)).status_code == 302


def test_no_stranger_is_written_to_as_the_parent_of_invented_children(client, consent_texts):
    event = EventFactory()
    place = reverse("oberih_events:register", args=[event.code])
    parent = {"guardian_name": "G", "guardian_relation": "mother", "guardian_email": "target@example.org"}

    def child(number, **fields):
        born = {"of_age": "", "birth_year": event.starts_on.year - 15}
        return client.post(place, form(number, **{**born, **parent, **fields})).status_code

    assert [child(number) for number in range(12)] == [302] * 10 + [429] * 2
    assert Message.objects.filter(recipient="target@example.org").count() == 10
    assert child(20, guardian_email="TARGET@example.org") == 429
    assert child(21, guardian_email="", guardian_phone="+380671234567") == 302
    # Whoever is of age names nobody whom a message would go to.
    assert client.post(place, form(22, **parent)).status_code == 302


def corrected(browser, who, **contacts):
    return browser.post("/en/me/correct/", correction(who, **contacts)).status_code


def test_nobody_writes_to_strangers_by_changing_their_contact(client):
    olena, other = known(), known("Iryna Hryn", "iryna@example.org")
    browser, theirs = opened(olena), opened(other)
    answers = [
        corrected(browser, olena, email=f"t{number}@example.org", phone=f"+38067123450{number}")
        for number in range(4)
    ]
    assert answers == [302, 302, 429, 429]
    asked = Message.objects.filter(purpose="participants.new_contact")
    assert asked.count() == 4
    # What writes to nobody is not stopped, and nobody else is.
    assert corrected(browser, olena, full_name="Olena Nova") == 302
    assert corrected(theirs, other, email="new@example.org") == 302


def test_nor_do_many_together(client, lowered):
    lowered(participants__new_contact__everybody="3/h")
    answers = []
    for number in range(5):
        who = known("Olena Koval", f"olena{number}@example.org")
        answers.append(corrected(opened(who), who, email=f"new{number}@example.org"))
    assert answers == [302] * 3 + [429] * 2


def test_guesses_of_numbers_are_all_answered_alike_and_then_stopped(client, lowered):
    certificate = an_issued_certificate()
    lowered(certificates__wrong__client="300/h")
    answers = [client.post("/en/verify/", {"number": certificate_number()}) for _ in range(302)]
    assert [one.status_code for one in answers] == [200] * 300 + [429] * 2
    assert len({len(one.content) for one in answers[:300]}) == 1
    # A right number is not told apart any more, either.
    assert client.post("/en/verify/", {"number": certificate.number}).status_code == 429
    # Another client goes on, and the code on the paper leads to its page for everybody.
    assert client.post("/en/verify/", {"number": certificate.number}, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert client.get(reverse("oberih_certificates:verify", args=[certificate.token])).status_code == 200


def test_guesses_from_everywhere_at_once_are_stopped(client, lowered):
    lowered(certificates__wrong__number="20/h")
    statuses = [
        client.post("/en/verify/", {"number": certificate_number()}, REMOTE_ADDR=f"192.0.2.{number}").status_code
        for number in range(22)
    ]
    assert statuses == [200] * 20 + [429] * 2


def test_guesses_of_codes_count_against_their_client(client, lowered):
    lowered(certificates__wrong__client="20/h")
    answers = [client.get(f"/en/verify/{'x' * 20}{number:04}/") for number in range(20)]
    assert {(one.status_code, len(one.content)) for one in answers} == {(404, len(answers[0].content))}
    assert client.post("/en/verify/", {"number": certificate_number()}).status_code == 429


def test_the_name_on_a_certificate_is_not_guessed_from_many_addresses(client):
    certificate = an_issued_certificate(participant=ParticipantFactory(full_name="Olena Koval"))
    place = reverse("oberih_certificates:verify", args=[certificate.token])
    statuses = [
        client.post(place, {"name": f"Olena Guess{number}"}, REMOTE_ADDR=f"192.0.2.{number}").status_code
        for number in range(22)
    ]
    assert statuses == [200] * 20 + [429] * 2
    assert client.post(place, {"name": "Olena Koval"}, REMOTE_ADDR="192.0.2.99").status_code == 429
    assert "Koval" not in client.get(place).content.decode()


def test_marks_are_counted_by_user(client, lowered):
    lowered(attendance__mark__user="3/m")
    event = EventFactory()
    somebody, colleague = trainer("one@example.org", event), trainer("two@example.org", event)
    who, session = registration(event), event.sessions.get()
    place = reverse("oberih_attendance:mark", args=[session.pk, who.uuid])
    client.force_login(somebody)
    assert [client.post(place, {"status": "present"}).status_code for _ in range(4)] == [302, 302, 302, 429]
    # What is sent without leaving the page comes back as a page that says so.
    unshown = client.post(place, {"status": "absent"}, headers={"HX-Request": "true"})
    assert (unshown.status_code, unshown["HX-Refresh"]) == (204, "true")
    assert "was not saved" in client.get(reverse("oberih_attendance:register", args=[session.pk])).content.decode()
    client.force_login(colleague)
    assert client.post(place, {"status": "late"}).status_code == 302
    assert set(Mark.objects.values_list("author", flat=True)) == {somebody.pk, colleague.pk}


def test_the_refusal_says_when_to_try_again(client, lowered, time_machine):
    time_machine.move_to("2026-11-21 12:00Z", tick=False)
    lowered(certificates__wrong__client="1/h")
    client.post("/en/verify/", {"number": certificate_number()})
    refused = client.post("/en/verify/", {"number": certificate_number()})
    seconds = int(refused["Retry-After"])
    assert 0 < seconds <= 3600
    assert f"Try again in {-(-seconds // 60)} minute" in refused.content.decode()
    assert refused["Cache-Control"] == "private, no-store"
    time_machine.shift(seconds + 1)
    assert client.post("/en/verify/", {"number": certificate_number()}).status_code == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        # Nobody stands before us: the header is the client's own invention.
        (0, "198.51.100.1", "192.0.2.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        # What the client sent stands in front of what our proxy added.
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        # Fewer than there should be: somebody went past a proxy.
        (2, "198.51.100.1", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "nonsense", "192.0.2.1"),
        # A household has a whole network of the sixth version.
        (1, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
    ],
)
def test_a_forged_address_is_not_believed(settings, proxies, forwarded, seen):
    settings.OBERIH_SAFEGUARDING_TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="192.0.2.1")
    assert clients.address(request) == seen


def test_another_address_in_every_request_buys_no_more_guesses(client, lowered, settings):
    settings.OBERIH_SAFEGUARDING_TRUSTED_PROXIES = 1
    lowered(certificates__wrong__client="5/h")
    statuses = [
        client.post(
            "/en/verify/",
            {"number": certificate_number()},
            headers={"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.1"},
        ).status_code
        for number in range(7)
    ]
    assert statuses == [200] * 5 + [429] * 2


def test_the_cache_does_not_tell_who_came(lowered):
    Limit("probe", "5/h").seconds_to_wait("olena@example.org")
    assert "olena" not in str(cache._cache)


def test_a_cache_that_fails_stops_nobody(monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(limits, "get_usage", broken)
    assert Limit("probe", "0/h").seconds_to_wait("anybody") == 0
    assert "The cache does not answer" in caplog.text
