import datetime as dt
import uuid

import pytest
import time_machine

from events import actions
from events.models import Event, EventState, Registration, RegistrationPolicy, Session, Status, Venue
from notifications.models import Message
from participants.models import Area, Organisation, Project
from safeguarding.models import Role
from tests.events.factories import (
    EventFactory,
    SessionFactory,
    known,
    person,
    register,
    registration,
    trainer,
    user,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2027, 6, 1)
KINDS = ("groups", "organisations", "questions")


@pytest.fixture
def area():
    return Area.objects.create(code="T46", label="Lviv oblast", country="UA")


def posted(where, rows=None, do="save", **fields):
    rows = rows or [{"date": "2027-06-01", "start": "10:00", "end": "13:00", "title": "Welcome"}]
    sent = {
        "kind": "training",
        "title": "Recognising trafficking",
        "languages": ["uk", "en"],
        "mode": "onsite",
        "country": "UA",
        "area": where.pk,
        "zone": "Europe/Kyiv",
        "capacity": "25",
        "policy": "open",
        "attendance_threshold": "80",
        "has_waiting_list": "on",
        "naming": "kind",
        "reminder_hours": ["48", "3"],
        **dict.fromkeys([f"{kind}-{count}" for kind in KINDS for count in ("TOTAL_FORMS", "INITIAL_FORMS")], 0),
        "sessions-TOTAL_FORMS": len(rows),
        "sessions-INITIAL_FORMS": 0,
        "do": do,
        **fields,
    }
    for number, row in enumerate(rows):
        sent |= {f"sessions-{number}-{name}": value for name, value in row.items()}
    return sent


def test_pages_of_staff_are_for_staff(client):
    event = EventFactory()
    made = registration(event)
    pages = [
        "/en/trainings/",
        "/en/trainings/new/",
        f"/en/trainings/{event.uuid}/",
        f"/en/trainings/{event.uuid}/edit/",
        f"/en/trainings/{event.uuid}/cancel/",
        f"/en/trainings/{event.uuid}/people/{made.uuid}/",
    ]
    assert {client.get(page).status_code for page in pages} == {302}
    client.force_login(user("charlie@example.org"))
    assert {client.get(page).status_code for page in pages} == {403}
    client.force_login(trainer("other@example.org"))
    assert [client.get(page).status_code for page in pages] == [200, 200, 404, 404, 404, 404]
    client.force_login(trainer("mine@example.org", event))
    assert {client.get(page).status_code for page in pages} == {200}


def test_a_manager_sees_the_events_of_their_scope():
    project = Project.objects.create(code="p1", label="Project")
    organisation = Organisation.objects.create(code="o1", label="Organisation")
    moldova, ukraine = EventFactory(country="MD"), EventFactory(country="UA")
    funded = EventFactory(country="MD", project=project)
    hosted = EventFactory(country="PL")
    hosted.organisations.create(organisation=organisation, role="host")
    scopes = {
        "": ({}, {moldova, ukraine, funded, hosted}),
        "country": ({"country": "UA"}, {ukraine}),
        "project": ({"project": "p1"}, {funded}),
        "both": ({"country": "UA", "project": "p1"}, set()),
        "organisation": ({"organisation": "o1"}, {hosted}),
    }
    for name, (scope, seen) in scopes.items():
        manager = user(f"manager{name}@example.org", Role.MANAGER, **scope)
        assert set(Event.objects.for_staff(manager)) == seen, name
    assert set(Event.objects.for_staff(user("editor@example.org", Role.EDITOR))) == set()
    admin = user("admin@example.org", Role.ADMINISTRATOR)
    assert Event.objects.for_staff(admin).count() == 4


def test_a_training_is_scheduled_from_the_form(client, area):
    by = trainer()
    client.force_login(by)
    response = client.post(
        "/en/trainings/new/",
        posted(
            area,
            second_language="uk",
            second_title="Як розпізнати торгівлю людьми",
            venue_name="House of Culture",
            venue_address="Svobody 1",
            closes_on="2027-05-27",
        ),
    )
    event = Event.objects.get()
    assert response.url == f"/en/trainings/{event.uuid}/"
    assert event.title.data == {"en": "Recognising trafficking", "uk": "Як розпізнати торгівлю людьми"}
    assert (event.state, event.capacity, event.languages, list(event.trainers.all())) == (
        EventState.SCHEDULED,
        25,
        ["uk", "en"],
        [by],
    )
    assert event.registration_closes_at == dt.datetime(2027, 5, 27, 21, tzinfo=dt.UTC)
    assert (str(event.venues.get().name), event.venues.get().area) == ("House of Culture", area)
    assert [(one.date, one.start_time, str(one.title)) for one in event.sessions.all()] == [
        (DAY, dt.time(10), "Welcome")
    ]


ROW = {"date": "2027-06-01", "start": "10:00", "end": "13:00", "title": "Welcome"}
SECOND = {"date": "2027-06-02", "start": "09:00", "end": "12:00", "title": ""}
THIRD = {"date": "2027-06-02", "start": "14:00", "end": "16:00", "title": "After lunch"}


@pytest.mark.parametrize(
    ("do", "rows", "expected"),
    [
        ("add", [ROW], [ROW, {"date": "2027-06-01", "start": None, "end": None, "title": None}]),
        (
            "copy",
            [ROW, SECOND, THIRD],
            [ROW, SECOND, THIRD, {**SECOND, "date": "2027-06-03"}, {**THIRD, "date": "2027-06-03"}],
        ),
        ("copy", [{"title": "No date"}], [{"title": "No date"}]),
        ("remove-0", [ROW, SECOND], [SECOND]),
        ("remove-9", [ROW, SECOND], [ROW, SECOND]),
        ("remove-0", [ROW], [ROW]),
        ("nonsense", [ROW], [ROW]),
    ],
)
def test_the_buttons_of_the_sessions_lose_nothing_and_judge_nothing(client, area, do, rows, expected):
    client.force_login(trainer())
    response = client.post("/en/trainings/new/", posted(area, rows, do, title="", summary="Half a text"))
    form, formset = response.context["form"], response.context["formset"]
    assert (response.status_code, form.errors, form["summary"].value()) == (200, {}, "Half a text")
    shown = [
        {
            name: value if value is None else str(value)
            for name in row
            if (value := given[name].value()) is not Ellipsis
        }
        for given, row in zip(formset, expected, strict=True)
    ]
    assert [{key: value or None for key, value in row.items()} for row in shown] == [
        {key: value or None for key, value in row.items()} for row in expected
    ]
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "rows", "words"),
    [
        ({"title": ""}, None, "Write a title, or choose the course it delivers."),
        ({"area": ""}, None, "Say in which area or at which venue it is."),
        ({"country": "MD"}, None, "This area lies in another country."),
        ({"second_title": "Назва"}, None, "Say which language this is."),
        ({"venue_address": "Svobody 1"}, None, "Name the new venue."),
        ({}, [{**ROW, "end": "09:00"}], "The session ends before it starts."),
        ({}, [{**ROW, "date": ""}], "This field is required."),
        (
            {},
            [{**ROW, "date": "2027-03-28", "start": "03:30", "end": "05:00"}],
            "There is no 03:30 on 28 March 2027",
        ),
    ],
)
def test_what_cannot_be_is_said(client, area, fields, rows, words):
    client.force_login(trainer())
    response = client.post("/en/trainings/new/", posted(area, rows, **fields))
    assert response.status_code == 400
    assert words in response.content.decode()
    assert (Event.objects.count(), Venue.objects.count()) == (0, 0)


def test_an_empty_schedule_is_answered(client):
    client.force_login(trainer())
    assert client.post("/en/trainings/new/", {}).status_code == 400


def test_a_training_is_changed_and_those_registered_are_told(client, area):
    event = EventFactory(starts_on=DAY, sessions=["Welcome"])
    event.areas.add(area)
    by = trainer(event=event)
    register(event)
    session = event.sessions.get()
    client.force_login(by)
    page = client.get(f"/en/trainings/{event.uuid}/edit/")
    assert page.context["form"]["second_title"].value() == "Як розпізнати торгівлю людьми"
    same = {
        "second_language": "uk",
        "second_title": "Як розпізнати торгівлю людьми",
        "capacity": "",
    }
    rows = [{**ROW, "session": session.pk}]
    client.post(f"/en/trainings/{event.uuid}/edit/", posted(area, rows, **same))
    event.refresh_from_db()
    assert (event.revision, Message.objects.filter(purpose="events.changed").count()) == (0, 0)
    rows = [{**ROW, "session": session.pk, "start": "11:00"}]
    client.post(f"/en/trainings/{event.uuid}/edit/", posted(area, rows, **same))
    event.refresh_from_db()
    assert (event.revision, Message.objects.filter(purpose="events.changed").count()) == (1, 1)
    assert Session.objects.get() == session


def test_an_event_in_two_areas_keeps_both_when_the_form_is_saved(client, area):
    other = Area.objects.create(code="T05", label="Vinnytsia oblast", country="UA", position=9)
    event = EventFactory(starts_on=DAY)
    event.areas.set([area, other])
    client.force_login(trainer(event=event))
    rows = [{**ROW, "session": event.sessions.get().pk}]
    client.post(f"/en/trainings/{event.uuid}/edit/", posted(area, rows))
    assert set(event.areas.all()) == {area, other}


def test_an_event_that_is_over_is_not_edited(client):
    event = EventFactory(state=EventState.CANCELLED)
    client.force_login(trainer(event=event))
    assert client.get(f"/en/trainings/{event.uuid}/edit/").url == f"/en/trainings/{event.uuid}/"


def test_a_trainer_of_one_country_schedules_there(client, area):
    client.force_login(user("md@example.org", Role.TRAINER, country="MD"))
    page = client.get("/en/trainings/new/")
    assert [code for code, _name in page.context["form"].fields["country"].choices] == ["MD"]
    assert client.post("/en/trainings/new/", posted(area)).status_code == 400


def test_approving_declining_and_cancelling(client):
    event = EventFactory(policy=RegistrationPolicy.APPROVAL)
    client.force_login(trainer(event=event))
    people = [register(event, number).registration for number in (1, 2)]

    def decide(person, do):
        client.post(f"/en/trainings/{event.uuid}/people/{person.uuid}/", {"do": do})
        person.refresh_from_db()
        return person.status

    assert decide(people[0], "approve") == Status.CONFIRMED
    assert decide(people[1], "decline") == Status.DECLINED
    assert decide(people[0], "nonsense") == Status.CONFIRMED
    assert decide(people[0], "decline") == Status.CONFIRMED
    assert decide(people[0], "cancel") == Status.CANCELLED


def test_who_waits_for_approval_is_approved_in_the_list_in_the_order_of_arrival(client):
    event = EventFactory(policy=RegistrationPolicy.APPROVAL)
    client.force_login(trainer(event=event))
    for name in ("Yurii", "Andrii"):
        register(event, full_name=name, email=f"{name}@example.org")
    url = f"/en/trainings/{event.uuid}/"
    page = client.get(url)
    assert [row["name"] for row in page.context["pending"]] == ["Yurii", "Andrii"]
    assert "Nobody has registered yet" not in page.content.decode()
    for number, (row, then) in enumerate(zip(page.context["pending"], ["#pending", ""], strict=True), 1):
        assert f'<form method="post" action="{row["url"]}">' in page.content.decode()
        assert client.post(row["url"], {"do": "approve"}).url == f"{url}{then}"
        assert event.registrations.confirmed().count() == number


def test_on_the_day_the_register_comes_first_and_closing_only_when_it_is_over(client):
    event = EventFactory(starts_on=DAY, ends_on=DAY + dt.timedelta(days=1))
    first = event.sessions.get()
    second = SessionFactory(event=event, date=DAY + dt.timedelta(days=1))
    by, offered = trainer(event=event), []
    for day, hour in ((-1, 12), (0, 6), (0, 8), (0, 12), (1, 6), (1, 12)):
        with time_machine.travel(
            dt.datetime(2027, 6, 1, hour, tzinfo=dt.UTC) + dt.timedelta(days=day), tick=False
        ):
            client.force_login(by)
            page = client.get(f"/en/trainings/{event.uuid}/").context
            offered.append((page["register_url"], bool(page["close_url"]), page["over"]))
    first, second = (f"/en/registers/{session.pk}/" for session in (first, second))
    assert offered == [
        ("", False, False),
        (first, False, False),
        (first, True, False),
        ("", True, False),
        (second, True, False),
        ("", True, True),
    ]


def test_a_registration_is_cancelled_in_two_steps(client):
    event = EventFactory(capacity=1)
    client.force_login(trainer(event=event))
    seated, waiting = (register(event, number).registration for number in (1, 2))
    pages = [
        client.get(f"/en/trainings/{event.uuid}/people/{one.uuid}/").content.decode() for one in (seated, waiting)
    ]
    for page in pages:
        _before, _details, inside = page.partition("<details")
        assert (page.count('value="cancel"'), inside.count('value="cancel"')) == (1, 1)
    assert ["the seat goes to the next in line" in page for page in pages] == [True, False]


def test_the_waiting_list_says_who_waits_for_seats_together(client):
    """Two seats are free, and yet a family of three waits: that must not look like a mistake."""
    event = EventFactory(capacity=2)
    people = [person(number, email="mother@example.org") for number in range(1, 4)]
    actions.register_together(event=event, people=people, submission=uuid.uuid4(), language="en")
    register(event, 9)
    client.force_login(trainer(event=event))
    line = client.get(f"/en/trainings/{event.uuid}/").context["line"]
    assert [row["secondary"].removesuffix(" · No photographs") for row in line] == [
        "Number 1 in line · only together with 2 others",
        "Number 2 in line · only together with 2 others",
        "Number 3 in line · only together with 2 others",
        "Number 4 in line",
    ]


def test_a_person_of_another_event_is_not_reached_through_ones_own(client):
    mine, other = EventFactory(), EventFactory()
    client.force_login(trainer(event=mine))
    made = register(other).registration
    url = f"/en/trainings/{mine.uuid}/people/{made.uuid}/"
    assert (client.get(url).status_code, client.post(url, {"do": "cancel"}).status_code) == (404, 404)


def test_cancelling_an_event_asks_why(client):
    event = EventFactory()
    register(event)
    client.force_login(trainer(event=event))
    url = f"/en/trainings/{event.uuid}/cancel/"
    assert "1 person who has a place" in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 400
    client.post(url, {"reason": "Power cut"})
    event.refresh_from_db()
    assert (event.state, event.cancelled_reason) == (EventState.CANCELLED, "Power cut")


def test_cancelling_an_event_of_nobody_tells_nobody(client):
    event = EventFactory()
    client.force_login(trainer(event=event))
    page = client.get(f"/en/trainings/{event.uuid}/cancel/")
    assert page.context["warning"] == ""
    assert "ob-notice" not in page.content.decode()
    done = client.post(f"/en/trainings/{event.uuid}/cancel/", {"reason": "Power cut"}, follow=True)
    assert [str(one) for one in done.context["messages"]] == ["The event is cancelled."]


def test_who_may_be_a_minor_is_marked(client):
    event = EventFactory()
    olena = known()
    olena.birth_year = event.starts_on.year - 18
    olena.save()
    register(event, participant=olena, full_name=olena.full_name, email=olena.email)
    client.force_login(trainer(event=event))
    page = client.get(f"/en/trainings/{event.uuid}/")
    assert [row["tag"] for row in page.context["confirmed"]] == ["No consent of a parent or guardian"]
    Registration.objects.update(guardian_consent="given")
    page = client.get(f"/en/trainings/{event.uuid}/")
    assert [row["tag"] for row in page.context["confirmed"]] == ["May be under 18"]


def counted(client, url):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def crowd(event, people):
    for number in range(people):
        registration(event, [Status.CONFIRMED, Status.WAITLISTED, Status.PENDING][number % 3], number)


def test_the_page_of_a_training_costs_the_same_with_three_people_and_with_thirty(client):
    small, large = EventFactory(), EventFactory(sessions=[str(number) for number in range(10)])
    by = trainer(event=small)
    large.trainers.add(by)
    crowd(small, 3)
    crowd(large, 30)
    client.force_login(by)
    assert counted(client, f"/en/trainings/{large.uuid}/") == counted(client, f"/en/trainings/{small.uuid}/")


def test_a_manager_names_the_trainers(client, area):
    anna, ivan = trainer("anna@example.org"), trainer("ivan@example.org")
    charlie = user("charlie@example.org")
    client.force_login(user("manager@example.org", Role.MANAGER))
    client.post("/en/trainings/new/", posted(area, trainers=[anna.pk]))
    event = Event.objects.get()
    assert list(event.trainers.all()) == [anna]
    url = f"/en/trainings/{event.uuid}/edit/"
    assert client.get(url).context["form"]["trainers"].value() == [anna.pk]
    rows = [{**ROW, "session": event.sessions.get().pk}]
    assert client.post(url, posted(area, rows, trainers=[charlie.pk])).status_code == 400
    client.post(url, posted(area, rows, trainers=[ivan.pk]))
    assert list(event.trainers.all()) == [ivan]


def test_a_trainer_cannot_name_another(client, area):
    mine = trainer()
    client.force_login(mine)
    client.post("/en/trainings/new/", posted(area, trainers=[trainer("ivan@example.org").pk]))
    assert list(Event.objects.get().trainers.all()) == [mine]


@pytest.mark.parametrize(
    ("state", "code", "said"),
    [
        ("bounced", "5.1.1", "It came back from \u2068{address}\u2069. There is no such mailbox."),
        (
            "failed",
            "SMTPServerDisconnected",
            "It could not be delivered to \u2068{address}\u2069, and is no longer tried.",
        ),
    ],
)
def test_a_message_that_came_back_says_from_where_and_why(client, state, code, said):
    event = EventFactory()
    made = registration(event)
    client.force_login(trainer(event=event))
    Message.objects.create(
        purpose="events.registered",
        subject_key=str(made.uuid),
        recipient=made.participant.email,
        channel="email",
        language="en",
        state=state,
        last_error=code,
    )
    said = said.format(address=made.participant.email)
    for path in (f"/en/trainings/{event.uuid}/", f"/en/trainings/{event.uuid}/people/{made.uuid}/"):
        assert said in client.get(path).content.decode()


def test_the_address_of_a_guardian_that_came_back_is_not_shown_whole(client):
    event = EventFactory()
    made = registration(event)
    client.force_login(trainer(event=event))
    Message.objects.create(
        purpose="events.guardian",
        subject_key=str(made.uuid),
        recipient="iryna@example.org",
        channel="email",
        language="en",
        state="bounced",
        last_error="5.1.1",
    )
    page = client.get(f"/en/trainings/{event.uuid}/").content.decode()
    assert ("iryna@example.org" in page, "i…@example.org" in page) == (False, True)
