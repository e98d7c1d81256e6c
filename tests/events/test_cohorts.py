"""The events of a programme: how one joins, how many people came, and what staff and strangers are shown of them."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from attendance.models import Attendance, ReportedPresence
from events import actions, cohorts
from events.exceptions import ScheduleError
from events.models import Event, Programme, ProgrammeStep, Registration
from participants.models import Participant
from reporting.measures import people_trained
from reporting.scope import Filters, Window
from safeguarding.models import AuditEntry, Role
from tests.events.factories import CourseFactory, EventFactory, registration, trainer, user

pytestmark = pytest.mark.django_db


def days_ago(number):
    return timezone.localdate() - dt.timedelta(days=number)


def school(code, days, **fields):
    first = days_ago(days)
    return EventFactory(
        **{
            "code": code,
            "kind": "youth_summer_school",
            "title": LazyI18nString({"en": f"School in {code}"}),
            "starts_on": first,
            **fields,
        }
    )


def programme(*steps, code="schools", **fields):
    """Events are steps; one in a list is an alternative to the one before."""
    made = Programme.objects.create(**{"code": code, "title": "Youth schools", "is_public": True, **fields})
    for position, step in enumerate(steps):
        event = step[0] if isinstance(step, list) else step
        ProgrammeStep.objects.create(
            programme=made, event=event, position=position, is_alternative=isinstance(step, list)
        )
    return made


def steps(made):
    return [
        (step.event.code if step.event else "course", step.is_alternative)
        for step in made.steps.select_related("event")
    ]


def join(event, made):
    return actions.join_programme(event=event, programme=made, by=None)


def attends(event, number, participant=None):
    row = registration(event, number=number)
    if participant is not None:
        Registration.objects.filter(pk=row.pk).update(participant=participant)
    session = event.sessions.get()
    Attendance.objects.create(session=session, registration=row, status="present", minutes=session.minutes)
    return row


def test_an_event_like_the_one_step_it_repeats_becomes_another_way_to_take_it():
    first, second, webinar = (
        school("vinnytsia", 40),
        school("lviv", -20),
        EventFactory(code="webinar", kind="webinar"),
    )
    made = programme(first, webinar)
    assert join(second, made).programme == made
    assert steps(made) == [("vinnytsia", False), ("lviv", True), ("webinar", False)]
    third = school("ivano", 20)
    join(third, made)
    assert steps(made) == [("vinnytsia", False), ("lviv", True), ("ivano", True), ("webinar", False)]
    # A second time changes nothing.
    join(third, made)
    assert len(steps(made)) == 4


def test_an_event_unlike_every_step_only_names_the_programme():
    course = CourseFactory()
    made = programme(school("vinnytsia", 40))
    for number, event in enumerate(
        [EventFactory(kind="webinar"), school("lviv", 3, course=course), school("is-a-step", 3)]
    ):
        if number == 2:
            ProgrammeStep.objects.create(programme=made, event=event, position=7)
        before = steps(made)
        join(event, made)
        assert (steps(made), Event.objects.get(pk=event.pk).programme) == (before, made)


def test_where_two_steps_are_alike_the_choice_is_an_editors():
    made = programme(school("first", 40), school("second", 30))
    join(school("third", 3), made)
    assert steps(made) == [("first", False), ("second", False)]


def test_leaving_takes_the_other_way_with_it_and_no_step_that_an_editor_made():
    first, second = school("vinnytsia", 40), school("lviv", -20)
    made = programme(first)
    join(second, made)
    join(first, made)
    join(second, None)
    assert (steps(made), Event.objects.get(pk=second.pk).programme) == ([("vinnytsia", False)], None)
    with pytest.raises(ScheduleError, match="is a step of “Youth schools”"):
        join(first, None)
    assert Event.objects.get(pk=first.pk).programme == made


@pytest.mark.parametrize(
    ("fields", "message"), [({"state": "cancelled"}, "cancelled"), ({"is_imported": True}, "imported")]
)
def test_some_events_join_nothing(fields, message):
    made = programme()
    with pytest.raises(ScheduleError, match=message):
        join(school("lviv", 3, **fields), made)


def test_a_trainer_joins_on_the_page_of_the_training(client):
    first, second = school("vinnytsia", 40), school("lviv", -20)
    made = programme(first)
    other = programme(code="other", title="Other")
    client.force_login(trainer(event=second))
    page = f"/en/trainings/{second.uuid}/"
    assert [str(label) for _value, label in client.get(page).context["joining"].fields["programme"].choices] == [
        "None",
        "Other",
        "Youth schools",
    ]
    address = reverse("oberih_events:join_programme", kwargs={"uuid": second.uuid})
    assert client.post(address, {"programme": made.pk}).url == page
    client.post(address, {"programme": other.pk})
    client.post(address, {"programme": 0})
    assert Event.objects.get(pk=second.pk).programme == other
    client.post(address, {"programme": ""})
    assert Event.objects.get(pk=second.pk).programme is None
    assert list(
        AuditEntry.objects.filter(action="change_programme").order_by("pk").values_list("keys", flat=True)
    ) == [
        [second.subject_key, "+programme:schools"],
        [second.subject_key, "-programme:schools", "+programme:other"],
        [second.subject_key, "-programme:other"],
    ]
    elsewhere = reverse("oberih_events:join_programme", kwargs={"uuid": first.uuid})
    assert client.post(elsewhere, {"programme": other.pk}).status_code == 404


def test_figures_are_those_of_the_reports():
    """Somebody at two events is two participations and one person; nobody is counted who was not there or is a test."""
    first, second, meeting = (
        school("vinnytsia", 40),
        school("lviv", 20),
        EventFactory(kind="coordination", starts_on=days_ago(5)),
    )
    twice = attends(first, 1).participant
    attends(second, 2, twice)
    attends(first, 3)
    merged = attends(second, 4).participant
    Participant.objects.filter(pk=merged.pk).update(merged_into=twice)
    attends(second, 5, Participant.objects.create(full_name="Test", is_test=True))
    attends(meeting, 6)
    registration(second, number=7)
    never = registration(second, number=8)
    ReportedPresence.objects.create(registration=never, sessions_present=0)
    found = cohorts.figures([first, second, meeting])
    assert (dict(found.registered), dict(found.attended)) == (
        {first.pk: 2, second.pk: 4, meeting.pk: 1},
        {first.pk: 2, second.pk: 1},
    )
    totals = people_trained(Window(days_ago(60), days_ago(0)), Filters()).totals
    assert (found.participations, found.persons) == (totals["participations"], totals["unique_persons"]) == (3, 2)


def test_the_staffs_page_shows_what_the_reader_may_work_with(client):
    here, there = school("lviv", 20, country="UA"), school("chisinau", 20, country="MD")
    made = programme(here, [there])
    attends(here, 1)
    attends(there, 2)
    here.follow_ups.create(held_from=days_ago(9), held_to=days_ago(9), kind="prevention_action", value=3)
    there.follow_ups.create(held_from=days_ago(9), held_to=days_ago(9), kind="prevention_action", value=9)
    address = reverse("oberih_events:held_programme", kwargs={"code": made.code})
    client.force_login(user("here@example.org", Role.MANAGER, country="UA"))
    page = client.get(address)
    assert [str(one["title"]) for one in page.context["entries"]] == ["School in lviv"]
    assert [one["value"] for one in page.context["figures"]] == ["1", "1", "1", "3"]
    assert "1 more event of this programme is held by others." in page.content.decode()
    assert "School in chisinau" not in page.content.decode()
    client.force_login(user("all@example.org", Role.MANAGER))
    page = client.get(address)
    assert [one["value"] for one in page.context["figures"]] == ["2", "2", "2", "12"]
    facts = [[fact["text"] for fact in one["facts"][1:]] for one in page.context["entries"]]
    assert facts == [
        ["1 registered, 1 came", "9 prevention actions"],
        ["1 registered, 1 came", "3 prevention actions"],
    ]


def test_the_next_one_is_planned_from_the_last(client):
    made, empty = programme(school("vinnytsia", 40), [school("lviv", 20)]), programme(code="empty")
    last = Event.objects.get(code="lviv")
    client.force_login(user("all@example.org", Role.MANAGER))
    urls = [
        client.get(reverse("oberih_events:held_programme", kwargs={"code": one.code})).context["plan_url"]
        for one in (made, empty)
    ]
    assert urls == [f"/en/trainings/new/?again={last.uuid}", "/en/trainings/new/?programme=empty"]


def test_the_list_says_how_many_events_are_the_readers(client):
    mine = school("lviv", 20)
    made = programme(mine, [school("vinnytsia", 40)])
    join(mine, made)
    programme(code="empty", is_public=False)
    client.force_login(trainer(event=mine))
    entries = client.get(reverse("oberih_events:held_programmes")).context["entries"]
    assert [(one["facts"][0]["text"], one["tag"]) for one in entries] == [
        ("No event of yours yet", ""),
        ("1 event", "On the site"),
    ]


def test_somebody_who_came_from_the_programme_is_led_back_to_it(client):
    event = school("lviv", 20)
    made = programme(event)
    client.force_login(trainer(event=event))
    sent = {"kind": "peer_session", "value": "1", "qualifier": "exact", "held_from": days_ago(3).isoformat()}
    address = reverse("oberih_events:new_follow_up", kwargs={"uuid": event.uuid}) + "?from=programme"
    assert client.post(address, sent).url == f"/en/trainings/{event.uuid}/"
    join(event, made)
    assert client.post(address, {**sent, "note": "b"}).url == "/en/trainings/programmes/schools/"


def statements(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


@pytest.mark.parametrize("name", ["held_programme", "programme"])
def test_a_programme_of_eight_events_takes_as_many_statements_as_one_of_three(client, name):
    made = programme(school("past", 40), school("coming", -9))
    address = reverse(f"oberih_events:{name}", kwargs={"code": made.code})
    if name == "held_programme":
        client.force_login(user("all@example.org", Role.MANAGER))
    counts = []
    for some in (3, 5):
        for number in range(some):
            event = school(f"{some}-{number}", 30 - 20 * number, kind="workshop", programme=made)
            attends(event, number)
            event.follow_ups.create(held_from=days_ago(1), held_to=days_ago(1), kind="peer_session", value=1)
        counts.append(statements(client, address))
    assert counts[0] == counts[1]


def shown(client, made):
    return client.get(reverse("oberih_events:programme", kwargs={"code": made.code})).context["path"]


def test_strangers_see_what_is_still_held_on_the_way_and_what_was_held_below(client):
    vinnytsia, ivano, lviv = school("vinnytsia", 60), school("ivano", 40), school("lviv", -20)
    made = programme(vinnytsia, [ivano], [lviv])
    extra = school("extra", -30, programme=made)
    school("secret", 50, programme=made, policy="invitation")
    school("off", 50, programme=made, state="cancelled")
    path = shown(client, made)
    register = [reverse("oberih_events:register", kwargs={"code": one.code}) for one in (lviv, extra)]
    assert [(step.label, step.action, step.action_url) for step in path.steps] == [
        ("School in lviv", "Register", register[0])
    ]
    assert [(str(one["title"]), one["button_url"]) for one in path.more] == [("School in extra", register[1])]
    assert [str(one["title"]) for one in path.held] == ["School in ivano", "School in vinnytsia"]
    assert path.next.label == "School in lviv"


def test_of_a_step_that_is_over_everywhere_the_last_one_stands_on_the_way(client):
    path = shown(client, programme(school("vinnytsia", 60), [school("ivano", 40)]))
    assert [step.label for step in path.steps] == ["School in ivano"]
    assert (len(path.states), path.next) == (1, None)


@pytest.mark.parametrize(
    ("fields", "action"),
    [
        ({}, "Register"),
        ({"capacity": 1}, "Join the waiting list"),
        ({"capacity": 1, "policy": "approval"}, "Register"),
        ({"capacity": 1, "has_waiting_list": False}, ""),
        ({"policy": "organisation"}, ""),
        ({"registration_closes_at": timezone.now() - dt.timedelta(days=1)}, ""),
    ],
)
def test_one_registers_from_the_way_where_one_can(client, fields, action):
    event = school("lviv", -20, **fields)
    registration(event)
    (step,) = shown(client, programme(event)).steps
    assert (step.action, bool(step.action_url)) == (action, bool(action))


def test_strangers_read_what_people_did_and_no_words_of_staff(client):
    held = school("vinnytsia", 60)
    secret = school("secret", 50, policy="invitation")
    made = programme(held, [secret])
    page = reverse("oberih_events:programme", kwargs={"code": made.code})
    assert "What came of it" not in client.get(page).content.decode()
    for event, kind, value, note in [
        (held, "prevention_action", 4, "with Olena"),
        (held, "Talk by Olena", 2, ""),
        (secret, "prevention_action", 30, ""),
    ]:
        event.follow_ups.create(
            held_from=dt.date(2026, 8, 3), held_to=dt.date(2026, 9, 1), kind=kind, value=value, note=note
        )
    answer = client.get(page)
    assert answer.context["path"].afterwards == [
        "Afterwards those who took part held 4 prevention actions (August to September 2026).",
        "Afterwards those who took part held 2 actions (August to September 2026).",
    ]
    assert "Olena" not in answer.content.decode()


def test_the_kept_page_of_strangers_hears_of_follow_ups(client, settings):
    settings.OBERIH_UI_PAGE_CACHE_SECONDS = 60
    held = school("vinnytsia", 60)
    made = programme(held)
    page = reverse("oberih_events:programme", kwargs={"code": made.code})
    client.get(page)
    actions.record_follow_up(
        cohort=held, by=None, kind="peer_session", value=3, held_from=days_ago(3), held_to=days_ago(3)
    )
    assert "3 peer sessions" in client.get(page).content.decode()
    cache.clear()
