"""The form in which an event is scheduled: its rows, what it remembers, and holding an event again."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from events import actions
from events.models import Event, Programme, RegistrationPolicy, Session, Status
from events.staff.session_forms import weekly
from notifications.models import Message
from participants.models import Area, Organisation, Topic
from safeguarding.models import AuditEntry, Role
from tests.events.factories import (
    CourseFactory,
    EventFactory,
    SessionFactory,
    VenueFactory,
    register,
    registration,
    trainer,
    user,
)
from tests.events.test_trainings import DAY, ROW, counted, posted

pytestmark = pytest.mark.django_db

NEW = "/en/trainings/new/"


@pytest.fixture
def area():
    return Area.objects.create(code="T46", label="Lviv oblast", country="UA")


@pytest.fixture
def ngo():
    return Organisation.objects.create(code="ngo", label="Helping Hands")


@pytest.fixture
def by(client):
    made = trainer()
    client.force_login(made)
    return made


def rows(kind, *given):
    sent = {f"{kind}-TOTAL_FORMS": len(given), f"{kind}-INITIAL_FORMS": 0}
    for number, row in enumerate(given):
        sent |= {f"{kind}-{number}-{name}": value for name, value in row.items()}
    return sent


LUNCH = {
    "kind": "choice",
    "text": "Lunch?",
    "purpose": "To order it.",
    "options": "Anything\r\n\r\n Without meat ",
    "is_required": "on",
}


# What is typed and kept.


def test_a_title_is_that_of_the_course_in_all_its_languages(client, area, by):
    course = CourseFactory(title=LazyI18nString({"en": "Safe migration", "uk": "Безпечна міграція", "ar": "هجرة"}))
    client.post(NEW, posted(area, title="", course=course.pk))
    assert Event.objects.get().title.data == {"en": "Safe migration", "uk": "Безпечна міграція", "ar": "هجرة"}


def test_a_second_title_goes_before_that_of_the_course(client, area, by):
    course = CourseFactory(title=LazyI18nString({"en": "Safe migration", "uk": "Безпечна міграція"}))
    client.post(NEW, posted(area, title="", course=course.pk, second_language="uk", second_title="Інша назва"))
    assert Event.objects.get().title.data == {"en": "Safe migration", "uk": "Інша назва"}


def test_a_training_is_scheduled_with_everything(client, area, by, ngo):
    programme = Programme.objects.create(code="p1", title="Programme")
    hall = VenueFactory()
    sessions = [
        ROW,
        {**ROW, "start": "14:00", "end": "16:00", "group": "1", "venue": hall.pk, "capacity": "8"},
        {**ROW, "start": "16:00", "end": "18:00", "group": "0"},
    ]
    client.post(
        NEW,
        posted(
            area,
            sessions,
            opens_on="2027-05-01",
            closes_on="2027-05-27",
            has_waiting_list="",
            naming="neutral",
            reminder_hours=["3", "168"],
            programme=programme.pk,
            second_language="uk",
            second_title="Назва",
            **rows("groups", {"title": "Red", "capacity": "10"}, {"title": "Blue"}),
            **rows(
                "organisations",
                {"organisation": ngo.pk, "co_organises": "on", "seats": "5", "held_until": "2027-05-20"},
            ),
            **rows(
                "questions",
                {
                    **LUNCH,
                    "second_text": "Обід?",
                    "second_purpose": "Щоб замовити.",
                    "second_options": "Усе\nБез м’яса",
                },
            ),
        ),
    )
    event = Event.objects.get()
    assert (event.has_waiting_list, event.naming, event.reminder_hours, event.programme) == (
        False,
        "neutral",
        [168, 3],
        programme,
    )
    assert (event.registration_opens_at, event.registration_closes_at) == (
        dt.datetime(2027, 4, 30, 21, tzinfo=dt.UTC),
        dt.datetime(2027, 5, 27, 21, tzinfo=dt.UTC),
    )
    assert [(str(one.title), one.capacity) for one in event.groups.all()] == [("Red", 10), ("Blue", None)]
    assert [(one.group and str(one.group), one.venue, one.capacity) for one in event.sessions.all()] == [
        (None, None, None),
        ("Blue", hall, 8),
        ("Red", None, None),
    ]
    assert list(event.allocations.values_list("organisation", "seats", "held_until")) == [
        (ngo.pk, 5, dt.datetime(2027, 5, 20, 21, tzinfo=dt.UTC))
    ]
    assert list(event.organisations.values_list("organisation", "role")) == [(ngo.pk, "co_organiser")]
    question = event.questions.get()
    assert (question.text.data, question.purpose.data, question.is_required) == (
        {"en": "Lunch?", "uk": "Обід?"},
        {"en": "To order it.", "uk": "Щоб замовити."},
        True,
    )
    assert [option["text"] for option in question.options] == [
        {"en": "Anything", "uk": "Усе"},
        {"en": "Without meat", "uk": "Без м’яса"},
    ]


def test_rows_left_empty_are_as_if_they_were_not_there(client, area, by):
    sessions = [{**ROW, "group": "1"}]
    groups = rows("groups", {"title": "", "capacity": ""}, {"title": "Blue"})
    client.post(
        NEW,
        posted(area, sessions, **groups, **rows("organisations", {}), **rows("questions", {"kind": "text"})),
    )
    event = Event.objects.get()
    assert (event.sessions.get().group, event.allocations.count(), event.questions.count()) == (
        event.groups.get(),
        0,
        0,
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"policy": "organisation"}, "Set seats aside for an organisation; otherwise nobody can register."),
        (rows("organisations", {"seats": "5"}), "Organisation 1, Organisation: This field is required."),
        (
            rows("organisations", {"organisation": "{ngo}"}),
            "Organisation 1, Seats set aside for its people: Say how",
        ),
        (
            rows("organisations", *[{"organisation": "{ngo}", "seats": "5"}] * 2),
            "Organisation 2, Organisation: This organisation stands here twice.",
        ),
        (
            rows("organisations", {"organisation": "{ngo}", "seats": "26"}),
            "26 seats are set aside for organisations, and the event has 25.",
        ),
        (rows("groups", {"capacity": "5"}), "Group 1, Name: This field is required."),
        (rows("questions", {**LUNCH, "purpose": ""}), "Question 1, Why it is asked: This field is required."),
        (rows("questions", {**LUNCH, "options": "One"}), "Question 1, Answers to choose from: Give at least two"),
        (
            {
                "second_language": "uk",
                "second_title": "Назва",
                **rows("questions", {**LUNCH, "second_options": "Усе"}),
            },
            "Question 1, Answers in the second language: Give as many answers",
        ),
        ({"opens_on": "2027-05-20", "closes_on": "2027-05-10"}, "Registration closes before it opens."),
        ({"venue": "{abroad}"}, "This venue lies in another country."),
        ({"title": "", "second_title": "x", "second_language": "uk"}, "Write a title, or choose the course"),
        ({"groups-TOTAL_FORMS": ""}, "ManagementForm data is missing"),
    ],
)
def test_what_does_not_fit_together_is_said(client, area, by, ngo, fields, words):
    places = {"{ngo}": ngo.pk, "{abroad}": VenueFactory(country="MD").pk}
    fields = {name: places.get(value, value) for name, value in fields.items()}
    response = client.post(NEW, posted(area, **fields))
    assert (response.status_code, Event.objects.count()) == (400, 0)
    assert words in response.content.decode()


def test_a_group_that_a_session_names_needs_a_name(client, area, by):
    response = client.post(NEW, posted(area, [{**ROW, "group": "0"}], **rows("groups", {})))
    assert "Group 1, Name: Name this group." in response.content.decode()


def test_a_group_that_no_session_names_is_said_beside_its_name_and_nothing_is_lost(client, area, by):
    groups = rows("groups", {"title": "Red", "capacity": "9"}, {"title": "Blue"}, {})
    response = client.post(NEW, posted(area, [ROW, {**ROW, "group": "0"}], **groups))
    assert (response.status_code, Event.objects.count()) == (400, 0)
    plan = response.context["plan"]
    assert [list(row.errors.get("title", [])) for row in plan.groups] == [
        [],
        ["No session belongs to the group “Blue”. Choose it at a session, or remove the group."],
        [],
    ]
    assert values(plan.groups, "title", "capacity")[:2] == [("Red", "9"), ("Blue", None)]
    assert (values(plan.sessions, "group"), plan.sides()["groups"]["open"]) == ([(None,), ("0",)], True)


def test_a_time_that_clocks_skip_is_said_beside_its_session(client, area, by):
    night = {"date": "2027-03-28", "start": "03:30", "end": "05:00"}
    response = client.post(NEW, posted(area, [ROW, night]))
    assert response.status_code == 400
    assert "Session 2, Starts: There is no 03:30 on 28 March 2027 in Europe/Kyiv" in response.content.decode()
    assert list(response.context["formset"].forms[1].errors) == ["start"]


def test_the_area_is_that_of_the_venue(client, area, by):
    client.post(NEW, posted(area, area="", venue=VenueFactory(area=area).pk))
    assert Event.objects.get().areas.get() == area


def test_an_area_that_is_the_venues_changes_with_it(client, area, by):
    hall, other = VenueFactory(area=area), Area.objects.create(code="T26", label="Other oblast", country="UA")
    client.post(NEW, posted(area, venue=hall.pk))
    event = Event.objects.get()
    assert [shown(client, page)["area"] for page in (NEW, f"/en/trainings/{event.uuid}/edit/")] == [None, None]
    moved = posted(area, [{**ROW, "session": event.sessions.get().pk}], area="", venue=VenueFactory(area=other).pk)
    client.post(f"/en/trainings/{event.uuid}/edit/", moved)
    assert event.areas.get() == other


def test_a_new_venue_has_an_area_where_there_are_some(client, area, by):
    response = client.post(NEW, posted(area, area="", venue_name="Town hall"))
    assert response.context["form"].errors["area"] == ["Say in which area the new venue is: reports count by it."]
    Area.objects.update(is_active=False)
    client.post(NEW, posted(area, area="", venue_name="Town hall"))
    assert str(Event.objects.get().venues.get().name) == "Town hall"


def test_nobody_travels_to_what_is_only_online(client, area, by):
    client.post(NEW, posted(area, mode="online", area="", venue=VenueFactory(area=area).pk))
    event = Event.objects.get()
    assert (event.venues.count(), event.areas.count()) == (0, 0)
    response = client.post(NEW, posted(area, mode="online", venue_name="Town hall"))
    assert response.context["form"].errors["venue_name"] == [
        "It is only online. Leave the venue out, or choose another way."
    ]


# The buttons of the rows.


def pressed(client, area, do, given=(), url=NEW, **fields):
    response = client.post(url, posted(area, list(given) or None, do, title="Half a", **fields))
    assert (response.status_code, response.context["form"]["title"].value()) == (200, "Half a")
    return response.context["plan"]


def values(formset, *names):
    return [tuple(row[name].value() for name in names) for row in formset]


def test_a_group_is_added_and_offered_to_the_sessions(client, area, by):
    plan = pressed(client, area, "add-groups", **rows("groups", {"title": "Red"}))
    assert values(plan.groups, "title") == [("Red",), (None,)]
    choices = plan.sessions.forms[0].fields["group"].choices
    assert [str(words) for _value, words in choices] == ["Everybody", "Red", "Group 2"]
    assert plan.sides()["groups"]["open"] is True


def test_sessions_keep_their_group_when_another_is_removed(client, area, by):
    sessions = [{**ROW, "group": group} for group in ("0", "1", "2", "")]
    groups = rows("groups", {"title": "Red"}, {"title": "Blue"}, {"title": "Green"})
    plan = pressed(client, area, "remove-groups-1", sessions, **groups)
    assert values(plan.groups, "title") == [("Red",), ("Green",)]
    assert values(plan.sessions, "group") == [(0,), (None,), (1,), (None,)]


def test_a_question_is_added_in_one_tap_in_both_languages(client, area, by):
    plan = pressed(client, area, "question-shirt", second_language="uk", **rows("questions", LUNCH))
    assert values(plan.questions, "kind", "text", "options")[1] == (
        "choice",
        "Which shirt size do you wear?",
        "S\nM\nL\nXL\nXXL",
    )
    assert values(plan.questions, "second_options") == [(None,), ("S\nM\nL\nXL\nXXL",)]
    assert plan.questions.forms[0]["options"].value() == LUNCH["options"]


@pytest.mark.parametrize("name", ["lunch", "travel", "shirt"])
def test_each_ready_question_can_be_kept_as_it_is(client, area, by, name):
    plan = pressed(client, area, f"question-{name}")
    sent = {field: plan.questions.forms[0][field].value() for field in ("kind", "text", "purpose", "options")}
    assert client.post(NEW, posted(area, **rows("questions", sent))).status_code == 302
    assert len(Event.objects.get().questions.get().options) >= 3


def test_what_was_typed_in_a_second_language_survives_while_none_is_chosen(client, area, by):
    plan = pressed(client, area, "add-questions", **rows("questions", {**LUNCH, "second_text": "Обід?"}))
    assert values(plan.questions, "second_text") == [("Обід?",), (None,)]
    assert plan.questions.forms[0]["second_text"] in plan.questions.forms[0].kept()


@pytest.mark.parametrize(
    "do",
    ["add-nonsense", "question-nonsense", "remove-groups-7", "remove-nonsense-0", "remove-groups-x", "repeat"],
)
def test_a_button_that_nobody_offers_changes_nothing(client, area, by, do):
    plan = pressed(client, area, do, [{"title": "No date"}], weeks="²")
    assert [len(rows.forms) for rows in plan.sets.values()] == [0, 0, 0, 1]


# Every week.


def test_the_last_week_is_repeated(client, area, by):
    sessions = [ROW, {**ROW, "date": "2027-06-08"}, {**ROW, "date": "2027-06-10", "title": "Second"}]
    plan = pressed(client, area, "repeat", sessions, weeks="2")
    assert values(plan.sessions, "date", "title")[3:] == [
        (dt.date(2027, 6, 15), "Welcome"),
        (dt.date(2027, 6, 17), "Second"),
        (dt.date(2027, 6, 22), "Welcome"),
        (dt.date(2027, 6, 24), "Second"),
    ]


@pytest.mark.parametrize(("weeks", "expected"), [("", 2), ("0", 1), ("3", 4), ("999", 53), ("many", 2)])
def test_it_is_repeated_within_reason(client, area, by, weeks, expected):
    assert len(pressed(client, area, "repeat", [ROW], weeks=weeks).sessions.forms) == expected


def test_an_event_has_room_for_a_hundred_sessions():
    rows = [{"date": f"2027-06-0{day}"} for day in range(1, 8)]
    assert len(weekly(rows, 52)) == 98


@pytest.mark.parametrize(("zone", "hours"), [("Europe/Kyiv", [7, 7, 8]), ("Europe/Chisinau", [7, 7, 8])])
def test_the_time_on_the_wall_stays_over_the_change_of_the_clocks(client, area, by, zone, hours):
    first = {**ROW, "date": "2026-10-12"}
    given = [first, *({**ROW, "date": f"2026-10-{day}"} for day in (19, 26))]
    shown = pressed(client, area, "repeat", [first], weeks="2").sessions
    assert [str(date) for (date,) in values(shown, "date")] == [row["date"] for row in given]
    client.post(NEW, posted(area, given, zone=zone))
    sessions = Session.objects.order_by("starts_at")
    assert [(one.start_time, one.starts_at.hour) for one in sessions] == [(dt.time(10), hour) for hour in hours]


# What the form remembers.


def shown(client, url=NEW):
    plan = client.get(url).context["plan"]
    return {name: plan.form[name].value() for name in plan.form.fields}


def test_a_new_event_begins_with_what_the_trainer_used_last(client, area, by):
    hall = VenueFactory(country="MD")
    place = Area.objects.create(code="T99", label="Chisinau", country="MD")
    old = EventFactory(
        country="MD", zone="Europe/Chisinau", languages=["ro"], created_at=timezone.now() - dt.timedelta(2)
    )
    old.venues.add(hall)
    old.areas.add(place)
    for event in (old, EventFactory(country="MD", zone="Europe/Chisinau", languages=["ru"], mode="online")):
        event.trainers.add(by)
    EventFactory(country="PL", zone="Europe/Warsaw")
    first = shown(client)
    names = ("country", "zone", "languages", "venue", "area", "mode", "title", "capacity")
    assert [first[name] for name in names] == [
        "MD",
        "Europe/Chisinau",
        ["ru"],
        hall.pk,
        place.pk,
        None,
        None,
        None,
    ]


def test_a_first_event_begins_with_what_is_usual(client, by, settings):
    first = shown(client)
    names = ("country", "zone", "languages", "naming", "reminder_hours", "has_waiting_list", "venue")
    assert [first[name] for name in names] == ["UA", settings.TIME_ZONE, ["en"], "kind", [48, 3], True, None]


def test_the_programme_can_be_named_in_the_address(client, by):
    programme = Programme.objects.create(code="schools", title="Schools")
    assert shown(client, f"{NEW}?programme=schools")["programme"] == programme.pk
    assert shown(client, f"{NEW}?programme=none")["programme"] is None


# Changing.


def edit_page(client, event):
    return client.get(f"/en/trainings/{event.uuid}/edit/").context["plan"]


def sent_back(plan):
    """What a browser sends of a page that nobody touched."""
    sent = {"do": "save"}
    for part in [plan.form, *(row for rows in plan.sets.values() for row in rows)]:
        for field in part:
            value = field.value()
            if value is not None and value is not False:
                sent[field.html_name] = [str(one) for one in value] if isinstance(value, list) else str(value)
    for name, rows in plan.sets.items():
        sent |= {f"{name}-TOTAL_FORMS": len(rows.forms), f"{name}-INITIAL_FORMS": rows.initial_form_count()}
    return sent


def full_event(by, area, ngo):
    event = actions.schedule(
        by=by,
        kind="youth_summer_school",
        title=LazyI18nString({"en": "School", "uk": "Школа", "ar": "مدرسة"}),
        country="UA",
        zone="Europe/Kyiv",
        languages=["uk"],
        capacity=30,
        areas=[area],
        topics=[Topic.objects.create(code="t1", label="Topic")],
        registration_opens_at=dt.datetime(2027, 5, 1, 9, 15, tzinfo=dt.UTC),
        registration_closes_at=dt.datetime(2027, 5, 28, 9, 30, tzinfo=dt.UTC),
        reminder_hours=[72, 3],
        sessions=[
            actions.Slot(
                DAY, dt.time(10), dt.time(13), LazyI18nString({"en": "Start", "ar": "بداية"}), capacity=25
            ),
            actions.Slot(DAY, dt.time(14), dt.time(16), LazyI18nString({"en": "Team"}), VenueFactory(), group=0),
        ],
        groups=[(LazyI18nString({"en": "Red", "ar": "أحمر"}), 12)],
        allocations=[(ngo, 5, dt.datetime(2027, 5, 20, 9, tzinfo=dt.UTC))],
        questions=[
            actions.QuestionPlan(
                "choice",
                LazyI18nString({"en": "Lunch?", "uk": "Обід?", "ar": "غداء؟"}),
                LazyI18nString({"en": "To order.", "uk": "Щоб замовити."}),
                ({"en": "All", "uk": "Усе", "ar": "كل"}, {"en": "No meat", "uk": "Без м’яса"}),
            )
        ],
        co_organisers=[ngo],
    )
    return Event.objects.get(pk=event.pk)


def as_it_is(event):
    """Everything that the form could harm."""
    return {
        "event": Event.objects.filter(pk=event.pk)
        .values("title", "registration_opens_at", "registration_closes_at", "reminder_hours", "revision")
        .get(),
        "sessions": list(event.sessions.values("pk", "title", "starts_at", "venue", "capacity", "group")),
        "groups": list(event.groups.values("pk", "title", "capacity")),
        "allocations": list(event.allocations.values("pk", "organisation", "seats", "held_until", "key")),
        "questions": list(event.questions.values("key", "kind", "text", "purpose", "options", "is_required")),
        "organisations": list(event.organisations.values("pk", "organisation", "role")),
        "topics": list(event.topics.values_list("code", flat=True)),
    }


def test_a_page_that_nobody_touched_changes_nothing(client, area, by, ngo):
    event = full_event(by, area, ngo)
    before = as_it_is(event)
    response = client.post(f"/en/trainings/{event.uuid}/edit/", sent_back(edit_page(client, event)))
    assert response.status_code == 302, [(words, part.errors) for words, part in response.context["plan"].parts()]
    assert as_it_is(event) == before


def test_whoever_moves_a_training_reads_that_people_are_told(client, area, by, ngo):
    event = full_event(by, area, ngo)

    def answer(**changed):
        sent = sent_back(edit_page(client, event)) | changed
        page = client.post(f"/en/trainings/{event.uuid}/edit/", sent, follow=True)
        return [str(message) for message in page.context["messages"]]

    assert answer(**{"sessions-0-start": "09:00"}) == ["Saved."], "nobody has registered"
    registration(event)
    assert answer(**{"sessions-0-start": "09:30"}) == ["Saved. Everybody registered is told what changed."]
    assert answer(capacity="40") == ["Saved."]


def test_a_button_of_the_rows_loses_nothing_of_an_event(client, area, by, ngo):
    event = full_event(by, area, ngo)
    page = edit_page(client, event)
    url = f"/en/trainings/{event.uuid}/edit/"
    plan = client.post(url, {**sent_back(page), "do": "add-questions"}).context["plan"]
    assert sent_back(plan) == {
        **sent_back(page),
        "questions-TOTAL_FORMS": 2,
        "questions-INITIAL_FORMS": 2,
        "questions-1-kind": "text",
    }


def test_another_word_for_an_answer_keeps_its_key_and_its_languages(client, area, by, ngo):
    event = full_event(by, area, ngo)
    before = event.questions.get().options
    sent = {**sent_back(edit_page(client, event)), "questions-0-options": "Anything\nNo meat"}
    client.post(f"/en/trainings/{event.uuid}/edit/", sent)
    assert event.questions.get().options == [
        {"key": before[0]["key"], "text": {"en": "Anything", "uk": "Усе", "ar": "كل"}},
        before[1],
    ]


def test_what_people_hang_on_is_refused_in_words(client, area, by, ngo):
    event = full_event(by, area, ngo)
    registration(event, group=event.groups.get())
    sent = {**sent_back(edit_page(client, event)), **rows("groups"), "sessions-1-group": ""}
    response = client.post(f"/en/trainings/{event.uuid}/edit/", sent)
    assert response.status_code == 400
    assert "People are registered for the group “Red”, so it cannot be removed." in response.content.decode()


def test_the_page_of_a_plan_costs_the_same_with_one_row_and_with_ten(client, area, by, ngo):
    small, large = EventFactory(), EventFactory()
    for event, count in ((small, 1), (large, 10)):
        event.trainers.add(by)
        for number in range(count):
            SessionFactory(event=event, venue=VenueFactory())
            event.groups.create(title=f"Group {number}")
            event.questions.create(text="What?", purpose="To know.")
            one = Organisation.objects.create(code=f"{event.pk}-{number}", label="One")
            event.allocations.create(organisation=one, seats=1)
    assert counted(client, f"/en/trainings/{large.uuid}/edit/") == counted(
        client, f"/en/trainings/{small.uuid}/edit/"
    )


# Again.


@time_machine.travel(dt.datetime(2027, 6, 9, 12, tzinfo=dt.UTC))
def test_an_event_is_held_again_on_the_same_days_of_a_coming_week(client, area, by, ngo):
    client.force_login(by)
    event = full_event(by, area, ngo)
    registration(event)
    url = f"{NEW}?again={event.uuid}"
    plan = client.get(url).context["plan"]
    assert values(plan.sessions, "date", "start") == [
        (dt.date(2027, 6, 15), dt.time(10)),
        (dt.date(2027, 6, 15), dt.time(14)),
    ]
    # Two weeks later than 20 May is over, too; then nobody's seats are held, and registration is open at once.
    assert (plan.form["opens_on"].value(), plan.form["closes_on"].value()) == (None, dt.date(2027, 6, 11))
    assert values(plan.organisations, "seats", "held_until") == [(5, None)]
    assert Event.objects.count() == 1
    response = client.post(url, sent_back(plan))
    copy = Event.objects.exclude(pk=event.pk).get()
    assert response.url == f"/en/trainings/{copy.uuid}/"
    old, new = as_it_is(event), as_it_is(copy)
    assert (new["event"]["title"], new["topics"], copy.capacity) == (old["event"]["title"], ["t1"], 30)
    for kind, own in {
        "sessions": {"pk", "starts_at", "group"},
        "groups": {"pk"},
        "allocations": {"pk", "held_until", "key"},
        "organisations": {"pk"},
    }.items():
        assert [{**row, **dict.fromkeys(own)} for row in new[kind]] == [
            {**row, **dict.fromkeys(own)} for row in old[kind]
        ], kind
        assert not {row["pk"] for row in new[kind]} & {row["pk"] for row in old[kind]}
    assert [str(one.group or "") for one in copy.sessions.all()] == ["", "Red"]
    assert new["allocations"][0]["key"] != old["allocations"][0]["key"]
    texts = [[option["text"] for option in row["options"]] for row in (old["questions"][0], new["questions"][0])]
    assert texts[0] == texts[1]
    assert new["questions"][0]["key"] != old["questions"][0]["key"]
    assert (copy.registrations.count(), copy.code) == (0, "school-2027-06-15")
    assert as_it_is(event) == old


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (dt.date(2027, 5, 1), dt.date(2027, 6, 8)),
        (dt.date(2027, 6, 1), dt.date(2027, 6, 8)),
        (dt.date(2027, 6, 7), dt.date(2027, 6, 8)),
        (dt.date(2027, 6, 8), dt.date(2027, 6, 15)),
        (dt.date(2029, 1, 1), dt.date(2029, 1, 2)),
    ],
)
def test_the_coming_week_is_the_next_that_is_possible(client, today, first):
    event = EventFactory(starts_on=DAY)
    with time_machine.travel(dt.datetime.combine(today, dt.time(9), tzinfo=dt.UTC)):
        client.force_login(trainer(event=event))
        plan = client.get(f"{NEW}?again={event.uuid}").context["plan"]
    assert values(plan.sessions, "date") == [(first,)]


def test_a_copy_keeps_the_buttons_of_its_rows(client, area, by, ngo):
    event = full_event(by, area, ngo)
    url = f"{NEW}?again={event.uuid}"
    sent = {**sent_back(client.get(url).context["plan"]), "do": "copy"}
    response = client.post(url, sent)
    plan = response.context["plan"]
    assert (len(plan.sessions.forms), plan.form.language, plan.source) == (4, "en", event)
    assert f'action="{url}"' in response.content.decode()


def test_only_an_event_of_ones_own_is_held_again(client, by):
    pages = [f"{NEW}?again={key}" for key in (EventFactory().uuid, uuid.uuid4(), "nonsense")]
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    assert client.post(pages[0], {}).status_code == 404


def test_the_page_of_a_training_offers_to_hold_it_again(client):
    event, imported = EventFactory(), EventFactory(is_imported=True)
    by = trainer(event=event)
    imported.trainers.add(by)
    client.force_login(by)
    offered = [
        f"{NEW}?again={one.uuid}" in client.get(f"/en/trainings/{one.uuid}/").content.decode()
        for one in (event, imported)
    ]
    assert offered == [True, False]


# The page of a training.


def test_groups_and_links_are_shown_with_what_is_taken(client, ngo):
    event = EventFactory(policy=RegistrationPolicy.INVITATION)
    red, blue = event.groups.create(title="Red", capacity=3), event.groups.create(title="Blue", position=1)
    seats = event.allocations.create(
        organisation=ngo, seats=5, held_until=dt.datetime(2027, 5, 20, 21, tzinfo=dt.UTC)
    )
    for number, (group, status) in enumerate(
        [(red, Status.CONFIRMED), (red, Status.CONFIRMED), (red, Status.CANCELLED), (blue, Status.WAITLISTED)]
    ):
        registration(event, status, number, group=group, allocation=seats)
    client.force_login(trainer(event=event))
    page = client.get(f"/en/trainings/{event.uuid}/")
    assert page.context["groups"] == [
        {"label": "Red", "value": "2 of 3 seats"},
        {"label": "Blue", "value": "0 registered"},
    ]
    assert page.context["links"] == [
        {
            "label": "For everybody who is invited",
            "note": "",
            "address": f"http://testserver/en/events/{event.code}/",
        },
        {
            "label": "Helping Hands",
            "note": "2 of 5 seats, until Thursday, 20 May 2027, end of the day",
            "address": f"http://testserver/en/events/{event.code}/register/?for={seats.key}",
        },
    ]
    assert f'value="http://testserver/en/events/{event.code}/register/?for={seats.key}"' in page.content.decode()


def test_groups_and_links_cost_the_same_for_many(client):
    small, large = EventFactory(), EventFactory()
    by = trainer(event=small)
    large.trainers.add(by)
    for event, count in ((small, 1), (large, 9)):
        for number in range(count):
            one = Organisation.objects.create(code=f"{event.pk}-{number}", label="One")
            registration(
                event,
                number=number,
                group=event.groups.create(title="Group"),
                allocation=event.allocations.create(organisation=one, seats=1),
            )
    client.force_login(by)
    assert counted(client, f"/en/trainings/{large.uuid}/") == counted(client, f"/en/trainings/{small.uuid}/")


def test_more_people_than_seats_are_said(client):
    event = EventFactory(capacity=2)
    for number in range(2):
        register(event, number)
    client.force_login(trainer(event=event))
    url = f"/en/trainings/{event.uuid}/"
    assert client.get(url).context["overfull"] == ""
    actions.change(event=event, capacity=1)
    assert client.get(url).context["overfull"] == (
        "2 people have a seat or are offered one, and there are 1. Nobody loses theirs; nobody new gets one."
    )


# Who goes first.


def waiting(event, number):
    return registration(event, Status.WAITLISTED, number)


def test_a_trainer_lets_somebody_go_first_and_back(client):
    event = EventFactory(capacity=1)
    registration(event)
    _first, second = waiting(event, 1), waiting(event, 2)
    by = trainer(event=event)
    client.force_login(by)
    url = f"/en/trainings/{event.uuid}/people/{second.uuid}/"

    def pressed(do):
        client.post(url, {"do": do})
        second.refresh_from_db()
        return second.priority, [one.pk for one in event.registrations.queue()].index(second.pk)

    assert "Let them go first" in client.get(url).content.decode()
    assert pressed("first") == (1, 0)
    assert "Back to their place in line" in client.get(url).content.decode()
    assert pressed("in_line") == (0, 1)
    entries = AuditEntry.objects.filter(action="change_priority").values_list("actor", "keys")
    assert list(entries) == [(by.pk, [str(second.uuid)])] * 2


def test_a_manager_does_not_say_who_goes_first(client):
    event = EventFactory(capacity=1)
    registration(event)
    one = waiting(event, 1)
    client.force_login(user("manager@example.org", Role.MANAGER))
    url = f"/en/trainings/{event.uuid}/people/{one.uuid}/"
    assert client.post(url, {"do": "first"}).status_code in {302, 403}
    one.refresh_from_db()
    assert (one.priority, AuditEntry.objects.filter(action="change_priority").count()) == (0, 0)


def test_somebody_with_a_seat_has_no_place_in_line(client):
    event = EventFactory()
    one = registration(event)
    client.force_login(trainer(event=event))
    url = f"/en/trainings/{event.uuid}/people/{one.uuid}/"
    assert "Let them go first" not in client.get(url).content.decode()
    page = client.post(url, {"do": "first"}, follow=True)
    assert "This registration does not wait for a seat." in page.content.decode()


# Who goes into which group.


def grouped(capacity=2):
    event = EventFactory(capacity=5)
    one, other = (event.groups.create(title=name, capacity=capacity) for name in ("Morning", "Evening"))
    return event, one, other


def put(client, registration, group):
    url = f"/en/trainings/{registration.event.uuid}/people/{registration.uuid}/"
    assert "Put into another group" in client.get(url).content.decode()
    page = client.post(f"{url}group/", {"group": group.pk}, follow=True)
    registration.refresh_from_db()
    return registration.group, page.content.decode()


def test_a_trainer_puts_somebody_into_another_group_and_they_are_told(client):
    event, morning, evening = grouped()
    nobody_asked, asked = registration(event), registration(event, number=2, group=morning)
    by = trainer(event=event)
    client.force_login(by)
    for one in (nobody_asked, asked):
        group, page = put(client, one, evening)
        assert (group, "The person is told." in page) == (evening, True)
        assert Message.objects.filter(purpose="events.group", subject_key=str(one.uuid)).count() == 1
    entries = AuditEntry.objects.filter(action="change_group").order_by("pk").values_list("actor", "keys")
    assert list(entries) == [(by.pk, [str(one.uuid)]) for one in (nobody_asked, asked)]


def test_a_full_group_takes_nobody_and_the_same_one_changes_nothing(client):
    event, morning, evening = grouped(capacity=1)
    registration(event, group=evening)
    one = registration(event, number=2, group=morning)
    client.force_login(trainer(event=event))
    group, page = put(client, one, evening)
    assert (group, "No seat is free in this group." in page) == (morning, True)
    group, page = put(client, one, morning)
    assert (group, "The person is told." in page) == (morning, False)
    assert not Message.objects.filter(purpose="events.group").exists()
    assert not AuditEntry.objects.filter(action="change_group").exists()


def test_the_group_that_somebody_is_in_is_not_offered(client):
    event, morning, evening = grouped()
    one = registration(event, group=morning)
    client.force_login(trainer(event=event))
    url = f"/en/trainings/{event.uuid}/people/{one.uuid}/"
    assert [str(group) for group in client.get(url).context["groups"].fields["group"].queryset] == ["Evening"]
    evening.delete()
    assert "Put into another group" not in client.get(url).content.decode()


def test_a_group_of_another_event_is_refused(client):
    event, morning, _evening = grouped()
    one = registration(event, group=morning)
    client.force_login(trainer(event=event))
    url = f"/en/trainings/{event.uuid}/people/{one.uuid}/group/"
    assert client.post(url, {"group": grouped()[1].pk}).status_code == 400
    one.refresh_from_db()
    assert one.group == morning


# Who decided.


@pytest.mark.parametrize(
    ("do", "status"), [("approve", Status.PENDING), ("decline", Status.PENDING), ("cancel", Status.CONFIRMED)]
)
def test_who_decided_about_somebody_is_written_down_once(client, do, status):
    event = EventFactory(policy=RegistrationPolicy.APPROVAL)
    one = registration(event, status)
    by = trainer(event=event)
    client.force_login(by)
    for _time in range(2):
        client.post(f"/en/trainings/{event.uuid}/people/{one.uuid}/", {"do": do})
    entries = AuditEntry.objects.filter(action=do, subject="registration").values_list("actor", "keys")
    assert list(entries) == [(by.pk, [str(one.uuid)])]


def test_who_called_an_event_off_is_written_down_once(client):
    event = EventFactory()
    by = trainer(event=event)
    client.force_login(by)
    for _time in range(2):
        client.post(f"/en/trainings/{event.uuid}/cancel/", {"reason": "Power cut"})
    entries = AuditEntry.objects.filter(action="cancel", subject="event").values_list("actor", "keys")
    assert list(entries) == [(by.pk, [event.subject_key])]


def test_what_somebody_does_about_themselves_is_no_deed_of_staff():
    one = registration(EventFactory())
    actions.cancel_registration(registration=one)
    assert not AuditEntry.objects.exists()
