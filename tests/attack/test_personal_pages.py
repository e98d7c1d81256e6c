"""Somebody who learned the address of another person's page; each kind of page, each kind of stranger."""

import pytest
from django.urls import reverse

from certificates.models import Certificate
from courses import actions as courses
from events.models import Registration, Status
from participants.actions import create_participant
from participants.identity import link_token
from tests.certificates.factories import an_issued_certificate
from tests.courses.factories import AssessmentFactory, EnrolmentFactory, QuestionFactory
from tests.courses.factories import CourseFactory as CourseOfQuestions
from tests.events.factories import EventFactory, registration, trainer
from tests.events.test_pages import TEXTS
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def a_person(name):
    who = create_participant(full_name=name, email=f"{name.lower()}@example.org")
    who.user = UserFactory()
    who.save()
    return who


@pytest.fixture
def olena(db):
    return a_person("Olena")


@pytest.fixture
def pages(olena, locales):
    """The address of each of Olena's pages: what a GET of it gives her, and what a POST does."""
    event = EventFactory()
    mine = registration(event)
    Registration.objects.filter(pk=mine.pk).update(participant=olena)
    course = CourseOfQuestions()
    enrolment = EnrolmentFactory(participant=olena, course=course)
    assessment = AssessmentFactory(course=course, questions=QuestionFactory.create_batch(2))
    attempt = courses.start_attempt(enrolment=enrolment, assessment=assessment, language="en")
    other = EnrolmentFactory(participant=olena, course=CourseOfQuestions())
    handed_in = courses.start_attempt(
        enrolment=other,
        assessment=AssessmentFactory(course=other.course, questions=QuestionFactory.create_batch(1)),
        language="en",
    )
    courses.submit_attempt(attempt=handed_in, language="en")
    certificate = an_issued_certificate(participant=olena)
    return {
        "registration": reverse("oberih_events:registration", args=[mine.uuid]),
        "cancel": reverse("oberih_events:cancel", args=[mine.uuid]),
        "accept": reverse("oberih_events:accept", args=[mine.uuid]),
        "calendar": reverse("oberih_events:calendar", args=[mine.uuid]),
        "ticket": reverse("oberih_events:ticket", args=[mine.uuid]),
        "attempt": reverse("oberih_courses:attempt", args=[attempt.uuid]),
        "result": reverse("oberih_courses:result", args=[handed_in.uuid]),
        "certificate": reverse("oberih_certificates:download", args=[certificate.uuid]),
    }


@pytest.fixture
def locales(db):
    from wagtail.models import Locale

    return [Locale.objects.get_or_create(language_code=code)[0] for code in ("en", "uk")]


def nobody(client):
    pass


def somebody_logged_in(client):
    client.force_login(a_person("Ivan").user)


def somebody_with_a_link(client):
    client.get(reverse("oberih_participants:enter", args=[link_token(a_person("Ivan"), "email")]))


def somebody_without_a_person(client):
    client.force_login(UserFactory())


def a_trainer_of_something_else(client):
    client.force_login(trainer("elsewhere@example.org", EventFactory()))


STRANGERS = [
    nobody,
    somebody_logged_in,
    somebody_with_a_link,
    somebody_without_a_person,
    a_trainer_of_something_else,
]


@pytest.mark.parametrize("stranger", STRANGERS)
def test_for_a_stranger_there_is_no_such_page(client, pages, stranger):
    stranger(client)
    seen = {name: client.get(path).status_code for name, path in pages.items()}
    assert seen == {**dict.fromkeys(pages, 404), "accept": 405}


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_stranger_changes_nothing(client, pages, stranger):
    before = [list(model.objects.order_by("pk").values()) for model in (Registration, Certificate)]
    stranger(client)
    seen = {name: client.post(path, {"wish": "hand_in"}).status_code for name, path in pages.items()}
    assert set(seen.values()) <= {404, 405}
    assert (seen["cancel"], seen["accept"], seen["attempt"]) == (404, 404, 404)
    ours = [row["pk"] if "pk" in row else row["id"] for row in before[0]]
    after = [
        list(Registration.objects.filter(pk__in=ours).order_by("pk").values()),
        list(Certificate.objects.order_by("pk").values()),
    ]
    assert after == before


def test_their_owner_is_shown_them(client, olena, pages):
    """The control: it is the stranger that is refused, and not the address."""
    client.force_login(olena.user)
    seen = {name: client.get(path).status_code for name, path in pages.items()}
    assert seen == {**dict.fromkeys(pages, 200), "accept": 405}
    client.post(pages["cancel"])
    assert Registration.objects.get(participant=olena).status == Status.CANCELLED


def test_no_store_keeps_a_copy_of_them(client, olena, pages):
    client.force_login(olena.user)
    for name, path in pages.items():
        said = client.get(path).get("Cache-Control", "")
        assert name == "accept" or {"private", "no-store"} <= set(said.split(", ")), (name, said)


def test_a_personal_link_that_was_withdrawn_opens_none_of_them(client, olena, pages):
    """Replay: a link in an old mail, and a browser that was let in by it."""
    used, unused = client, type(client)()
    token = link_token(olena, "email")
    used.get(reverse("oberih_participants:enter", args=[token]))
    assert used.get(pages["registration"]).status_code == 200
    olena.link_version += 1
    olena.save()
    assert unused.get(reverse("oberih_participants:enter", args=[token])).status_code == 410
    for browser in (used, unused):
        assert {browser.get(path).status_code for path in pages.values()} == {404, 405}


def test_a_token_of_one_kind_opens_nothing_of_another(client, olena, pages, consent_texts):
    """Each is signed for one thing: what was made for one door is a forgery at every other."""
    event = EventFactory()
    form = {
        "submission": "6f1f1c1e-1111-4222-8333-444455556666",
        "full_name": "A",
        "email": "a@example.org",
        "agree": 1,
        "of_age": 1,
        "texts": TEXTS,
    }
    told = client.post(reverse("oberih_events:register", args=[event.code]), form).url.rstrip("/").split("/")[-1]
    link = link_token(olena, "email")
    ticket = Registration.objects.get(participant=olena).ticket_code
    certificate = Certificate.objects.get().token
    registered = [
        reverse("oberih_events:registered", args=[event.code, one]) for one in (link, ticket, certificate)
    ]
    assert [client.get(path).status_code for path in registered] == [404] * 3
    entered = [reverse("oberih_participants:enter", args=[one]) for one in (told, ticket, certificate)]
    assert [client.get(path).status_code for path in entered] == [410] * 3
    verified = [reverse("oberih_certificates:verify", args=[one]) for one in (told, ticket, link)]
    assert [client.get(path).status_code for path in verified] == [404] * 3
    assert client.get(reverse("oberih_events:registered", args=[event.code, told])).status_code == 200
    # Of this event, and for a week.
    assert client.get(reverse("oberih_events:registered", args=[EventFactory().code, told])).status_code == 404


def test_what_was_told_after_registering_is_shown_for_a_week(client, consent_texts, time_machine):
    time_machine.move_to("2026-11-21 12:00Z")
    event = EventFactory()
    form = {
        "submission": "6f1f1c1e-1111-4222-8333-444455556666",
        "full_name": "A",
        "email": "a@example.org",
        "agree": 1,
        "of_age": 1,
        "texts": TEXTS,
    }
    told = client.post(reverse("oberih_events:register", args=[event.code]), form).url
    assert {"private", "no-store"} <= set(client.get(told)["Cache-Control"].split(", "))
    time_machine.shift(8 * 86_400)
    assert client.get(told).status_code == 404
