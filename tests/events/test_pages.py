import datetime as dt
import uuid

import pytest
from django.core import signing
from django.test import RequestFactory
from django.utils import timezone

from events import actions, parts
from events.models import Registration, RegistrationPolicy, Status
from participants.contacts import masked
from participants.models import Participant
from tests.events.factories import (
    CourseFactory,
    EventFactory,
    known,
    register,
    registration,
    user,
)

pytestmark = pytest.mark.django_db
# The versions of the texts that the page of a training shows.
TEXTS = "register:1 statistics:1 certificate:1 further_training:1 photo:1"


def remember(client, participant):
    """Let the client be somebody who opened their personal link."""
    session = client.session
    session["oberih_participant"] = [str(participant.uuid), participant.link_version]
    session.save()


def form(**fields):
    return {
        "submission": uuid.uuid4(),
        "texts": TEXTS,
        "full_name": "Олена Коваль",
        "email": "olena@example.org",
        "agree": "on",
        "may_be_counted": "on",
        "sex": "F",
        "birth_year": "1990",
        **fields,
    }


@pytest.fixture
def queries_of():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(client, url):
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    return count


def test_the_page_of_an_event_costs_the_same_however_many_sessions_and_people(client, queries_of):
    small = EventFactory(capacity=40, sessions=["A"])
    large = EventFactory(capacity=40, sessions=[f"S{n}" for n in range(30)])
    for number in range(30):
        registration(large, Status.CONFIRMED, number)
    assert queries_of(client, f"/en/events/{large.code}/") == queries_of(client, f"/en/events/{small.code}/")


def test_an_event_by_invitation_opens_for_whoever_has_its_address(client):
    event = EventFactory(policy=RegistrationPolicy.INVITATION)
    assert client.get(f"/en/events/{event.code}/").status_code == 200
    assert client.get(f"/en/events/{EventFactory(state='draft').code}/").status_code == 404


def test_an_imported_event_has_no_public_page(client):
    event = EventFactory(state="closed", counted_by="not_stated", is_imported=True)
    assert client.get(f"/en/events/{event.code}/").status_code == 404
    assert client.get(f"/en/events/{event.code}/register/").status_code == 404


def test_the_page_of_an_event_says_what_can_be_done(client):
    free, full = EventFactory(capacity=3), EventFactory(capacity=1)
    registration(full)
    assert b"Register</span>" in client.get(f"/en/events/{free.code}/").content
    assert b"Join the waiting list</span>" in client.get(f"/en/events/{full.code}/").content
    off = EventFactory(state="cancelled", cancelled_reason="Power cut")
    page = client.get(f"/en/events/{off.code}/")
    assert (page.context["is_open"], page.context["closed"]) == (False, "")
    assert b"Power cut" in page.content


def test_the_online_link_is_for_those_who_have_a_seat(client):
    event = EventFactory(mode="online", online_link="https://meet.example.org/room")
    olena = known()
    waiting = register(event, participant=olena, full_name=olena.full_name, email=olena.email).registration
    assert b"meet.example.org" not in client.get(f"/en/events/{event.code}/").content
    remember(client, olena)
    assert b"meet.example.org" in client.get(f"/en/registrations/{waiting.uuid}/").content
    Registration.objects.update(status=Status.WAITLISTED)
    assert b"meet.example.org" not in client.get(f"/en/registrations/{waiting.uuid}/").content


@pytest.mark.parametrize(("mode", "has_ticket"), [("online", False), ("mixed", True)])
def test_the_page_has_a_ticket_where_there_is_a_door(client, mode, has_ticket):
    event, olena = EventFactory(mode=mode, online_link="https://meet.example.org/room"), known()
    made = register(event, participant=olena, full_name=olena.full_name, email=olena.email).registration
    remember(client, olena)
    page = client.get(f"/en/registrations/{made.uuid}/").content.decode()
    assert [words in page for words in ("ticket.svg", "ticket.pdf", "at the door")] == [has_ticket] * 3
    assert page.count("https://meet.example.org/room") == 1


def test_somebody_registers_and_reads_what_came_of_it(client):
    event = EventFactory(capacity=1)
    response = client.post(f"/en/events/{event.code}/register/", form())
    assert response.status_code == 302
    assert response.url.startswith(f"/en/events/{event.code}/registered/")
    made = Registration.objects.get()
    who = made.participant
    assert (who.full_name, who.latin_name, who.email, made.sex, made.language) == (
        "Олена Коваль",
        "Olena Koval",
        "olena@example.org",
        "F",
        "en",
    )
    page = client.get(response.url)
    assert (page.context["status"], page.context["contact"]) == ("confirmed", "o…@example.org")
    assert str(made.uuid) not in response.url
    assert b"olena@example.org" not in page.content
    assert str(made.uuid).encode() not in page.content


def test_whoever_waits_is_told_their_place_by_mail_and_not_on_the_page(client):
    event = EventFactory(capacity=1)
    registration(event)
    registration(event, Status.WAITLISTED, 2)
    response = client.post(f"/en/events/{event.code}/register/", form(), follow=True)
    assert response.context["status"] == "waitlisted"
    assert "The message says your place in line." in response.content.decode()


def test_seats_and_places_tell_no_stranger_who_is_registered(client):
    """Somebody sends the form for Olena twice, once she is known and once she is not, and compares what is public."""
    said = []
    for knows in (True, False):
        event = EventFactory(capacity=20)
        if knows:
            client.post(f"/en/events/{event.code}/register/", form())
        before = [str(fact["text"]) for fact in client.get(f"/en/events/{event.code}/").context["facts"]]
        client.post(f"/en/events/{event.code}/register/", form())
        after = [str(fact["text"]) for fact in client.get(f"/en/events/{event.code}/").context["facts"]]
        said.append((before == after, "Seats are free (20 in all)" in after))
    assert said == [(True, True), (True, True)]


def test_a_stranger_cannot_find_out_who_is_registered(client):
    """The page of a duplicate is, but for the token, the page of a newcomer."""
    event = EventFactory(capacity=2)
    first = client.post(f"/en/events/{event.code}/register/", form(), follow=True)
    again = client.post(f"/en/events/{event.code}/register/", form(), follow=True)
    newcomer = client.post(
        f"/en/events/{event.code}/register/", form(full_name="Оксана Руденко", email="o@example.org"), follow=True
    )
    said = [(page.context["status"], page.context["contact"]) for page in (first, again, newcomer)]
    assert said == [("confirmed", "o…@example.org")] * 3


def test_a_forged_or_foreign_token_shows_nothing(client):
    event, other = EventFactory(), EventFactory()
    url = client.post(f"/en/events/{event.code}/register/", form()).url
    assert client.get(url.replace(event.code, other.code)).status_code == 404
    assert client.get(f"/en/events/{event.code}/registered/{signing.dumps([1])}/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"full_name": ""}, "full_name", "required"),
        ({"email": ""}, "email", "contact"),
        ({"email": "nonsense"}, "email", "invalid"),
        ({"phone": "12"}, "phone", "phone"),
        ({"latin_name": "Олена"}, "latin_name", "not_latin"),
        ({"birth_year": "2999"}, "birth_year", "future"),
        ({"agree": ""}, "agree", "required"),
        ({"submission": "x"}, "submission", "invalid"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(client, fields, field, code):
    event = EventFactory()
    response = client.post(f"/en/events/{event.code}/register/", form(**fields))
    assert response.status_code == 400
    assert {
        name: [error.code for error in errors.as_data()]
        for name, errors in response.context["form"].errors.items()
    } == {field: [code]}
    assert b"There is a problem" in response.content
    assert b'value="1990"' in response.content or field == "birth_year"
    assert Registration.objects.count() == 0


def test_an_empty_form_is_answered_with_what_is_missing(client):
    response = client.post(f"/en/events/{EventFactory().code}/register/", {})
    assert sorted(response.context["form"].errors) == [
        "__all__",
        "agree",
        "email",
        "full_name",
        "of_age",
        "submission",
    ]


def test_without_the_tick_the_answers_are_not_kept(client):
    event = EventFactory()
    client.post(f"/en/events/{event.code}/register/", form(may_be_counted=""))
    made = Registration.objects.get()
    assert (made.sex, made.age_band, made.participant.birth_year) == ("U", "AUNK", None)


def test_registration_that_closes_while_somebody_types_keeps_what_they_typed(client):
    event = EventFactory(registration_closes_at=timezone.now() - dt.timedelta(minutes=1))
    response = client.post(f"/en/events/{event.code}/register/", form())
    assert response.status_code == 400
    assert response.context["form"].non_field_errors() == ["Registration for this event is closed."]
    assert "Олена Коваль" in response.content.decode()
    assert client.get(f"/en/events/{event.code}/register/").status_code == 302


def test_somebody_who_is_recognised_is_not_asked_again(client):
    event, olena = EventFactory(), known()
    olena.sex, olena.birth_year = "F", 1990
    olena.save()
    remember(client, olena)
    page = client.get(f"/en/events/{event.code}/register/")
    asked = page.context["form"]
    assert [name for name in ("full_name", "latin_name", "email", "phone") if name in asked.fields] == []
    assert (asked["sex"].value(), asked["own_year"].value()) == ("F", 1990)
    response = client.post(
        f"/en/events/{event.code}/register/",
        {**form(), "birth_year": "", "own_year": "1991"},
    )
    made = Registration.objects.get()
    assert (response.url, made.participant) == (f"/en/registrations/{made.uuid}/", olena)
    olena.refresh_from_db()
    assert olena.birth_year == 1991
    assert client.get(f"/en/events/{event.code}/register/").url == f"/en/registrations/{made.uuid}/"


def test_somebody_who_is_recognised_can_register_another(client):
    event, olena = EventFactory(), known()
    remember(client, olena)
    response = client.post(
        f"/en/events/{event.code}/register/?other=1", form(full_name="Іван Мельник", email="ivan@example.org")
    )
    assert "/registered/" in response.url
    assert Registration.objects.get().participant.full_name == "Іван Мельник"


def test_a_user_who_registers_a_colleague_stays_themselves(client):
    event, charlie = EventFactory(), user("charlie@example.org")
    client.force_login(charlie)
    client.post(f"/en/events/{event.code}/register/", form())
    assert Participant.objects.get().user is None
    client.post(f"/en/events/{event.code}/register/", form(full_name="Charlie", email="Charlie@example.org"))
    assert Participant.objects.get(user=charlie).full_name == "Charlie"


def test_a_parent_registers_a_child_under_their_own_address(client):
    event, parent = EventFactory(), user("olena@example.org")
    olena = known()
    Participant.objects.filter(pk=olena.pk).update(user=parent)
    register(event, participant=olena, full_name=olena.full_name, email=olena.email)
    client.force_login(parent)
    client.post(f"/en/events/{event.code}/register/?other=1", form(full_name="Марко Коваль"))
    made = Registration.objects.exclude(participant=olena).get()
    assert (made.participant.full_name, made.participant.user, made.status) == ("Марко Коваль", None, "confirmed")


def test_a_registration_is_shown_to_its_owner_only(client):
    olena, charlie = known(), known("Charlie", "charlie@example.org")
    made = register(EventFactory(), participant=olena, full_name=olena.full_name, email=olena.email).registration
    pages = ["", "cancel/", "calendar.ics", "ticket.svg"]
    for page in pages:
        assert client.get(f"/en/registrations/{made.uuid}/{page}").status_code == 404
    remember(client, charlie)
    for page in pages:
        assert client.get(f"/en/registrations/{made.uuid}/{page}").status_code == 404
    for page in ("accept/", "cancel/"):
        assert client.post(f"/en/registrations/{made.uuid}/{page}").status_code == 404
    remember(client, olena)
    for page in pages:
        assert client.get(f"/en/registrations/{made.uuid}/{page}").status_code == 200
    made.refresh_from_db()
    assert made.status == Status.CONFIRMED


def test_a_registration_of_a_merged_row_belongs_to_the_person(client):
    olena, twin = known(), known()
    made = register(EventFactory(), participant=twin, full_name=twin.full_name, email=twin.email).registration
    twin.merged_into = olena
    twin.save()
    remember(client, olena)
    assert client.get(f"/en/registrations/{made.uuid}/").status_code == 200


@pytest.mark.parametrize(
    ("fields", "hint"),
    [({}, "the right address"), ({"email": "", "phone": "+380671234567"}, "the right number")],
)
def test_whoever_sent_the_form_reads_what_to_do_if_no_message_comes(client, fields, hint):
    event = EventFactory()
    page = client.get(client.post(f"/en/events/{event.code}/register/", form(**fields)).url).content.decode()
    assert ["<title>You have a seat" in page, hint in page] == [True, True]


def test_the_owner_cancels_and_takes_an_offer(client):
    event, olena = EventFactory(capacity=1), known()
    holder = registration(event)
    made = register(event, participant=olena, full_name=olena.full_name, email=olena.email).registration
    remember(client, olena)
    actions.cancel_registration(registration=holder)
    assert b"Take the seat" in client.get(f"/en/registrations/{made.uuid}/").content
    client.post(f"/en/registrations/{made.uuid}/accept/")
    made.refresh_from_db()
    assert made.status == Status.CONFIRMED
    client.post(f"/en/registrations/{made.uuid}/cancel/")
    made.refresh_from_db()
    assert made.status == Status.CANCELLED
    response = client.post(f"/en/registrations/{made.uuid}/accept/", follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "This registration is “Cancelled” already."
    ]


@pytest.mark.parametrize(
    ("status", "state", "days", "may"),
    [
        ("cancelled", "scheduled", 3, True),
        ("cancelled", "cancelled", 3, False),
        ("cancelled", "scheduled", -3, False),
        ("declined", "scheduled", 3, False),
        ("confirmed", "scheduled", 3, False),
    ],
)
def test_whoever_cancelled_finds_the_way_back_to_an_event_that_comes(client, status, state, days, may):
    olena, event = known(), EventFactory(starts_on=timezone.localdate() + dt.timedelta(days=days))
    made = registration(event, status=status)
    Registration.objects.update(participant=olena)
    event.state = state
    event.save()
    remember(client, olena)
    page = client.get(f"/en/registrations/{made.uuid}/").content.decode()
    assert (f'href="/en/events/{event.code}/"' in page, "register again" in page) == (may, may)


@pytest.mark.parametrize("status", list(Status))
def test_the_page_of_a_registration_opens_in_every_state(client, status):
    olena = known()
    made = register(EventFactory(), participant=olena, full_name=olena.full_name, email=olena.email).registration
    Registration.objects.update(status=status, offer_expires_at=timezone.now() + dt.timedelta(hours=2))
    remember(client, olena)
    page = client.get(f"/en/registrations/{made.uuid}/")
    assert (page.status_code, page["Cache-Control"]) == (
        200,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert client.get(f"/en/registrations/{made.uuid}/ticket.svg").status_code == (
        200 if status == Status.CONFIRMED else 404
    )


@pytest.mark.parametrize(
    ("contact", "shown"),
    [("olena@example.org", "o…@example.org"), ("+380671234567", "+380…67")],
)
def test_a_contact_is_masked(contact, shown):
    assert masked(contact) == shown


def request_of(participant=None):
    request = RequestFactory().get("/")
    request.oberih_participant = participant
    return request


def test_my_learning_shows_what_is_to_come():
    olena = known()
    assert parts.registrations_part(request_of()) is None
    assert parts.registrations_part(request_of(olena)) is None
    soon, over = EventFactory(title="Soon"), EventFactory(title="Over")
    for event in (soon, over):
        register(event, participant=olena, full_name=olena.full_name, email=olena.email)
    over.starts_on = over.ends_on = timezone.localdate() - dt.timedelta(days=1)
    over.save()
    part = parts.registrations_part(request_of(olena))
    assert [(str(one["title"]), one["tag"], one["tag_kind"]) for one in part.context["entries"]] == [
        ("Soon", "Confirmed", "success")
    ]


def test_the_page_of_a_course_shows_the_events_that_deliver_it():
    course = CourseFactory()
    EventFactory(title="Other")
    assert parts.coming_events_part(request_of(), course_key=course.pk) is None
    EventFactory(title="With it", course=course)
    part = parts.coming_events_part(request_of(), course_key=course.pk)
    assert [str(one["title"]) for one in part.context["entries"]] == ["With it"]
