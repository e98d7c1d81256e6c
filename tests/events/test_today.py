"""*My trainings*: what is held today and what needs attention."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from attendance import actions as attendance
from events.models import Event, EventState, RegistrationPolicy, Status
from notifications.models import Message
from safeguarding.models import Role
from tests.events.factories import (
    EventFactory,
    SessionFactory,
    VenueFactory,
    register,
    registration,
    trainer,
    user,
)
from tests.events.test_trainings import counted

pytestmark = pytest.mark.django_db

DAY = dt.date(2027, 6, 1)


def test_my_trainings_today_is_the_day_of_the_event(client):
    """At 21:30 UTC it is tomorrow in Kyiv."""
    with time_machine.travel(dt.datetime(2027, 6, 1, 21, 30, tzinfo=dt.UTC), tick=False):
        tomorrow = EventFactory(starts_on=dt.date(2027, 6, 2), capacity=5)
        today = EventFactory(starts_on=dt.date(2027, 6, 1), zone="America/New_York")
        by = trainer(event=tomorrow)
        today.trainers.add(by)
        registration(tomorrow)
        client.force_login(by)
        rows = client.get("/en/trainings/").context["today"]
    assert {(row["event"], row["seats"]) for row in rows} == {
        (tomorrow, "1 of 5 seats"),
        (today, "0 registered"),
    }


def ready(**fields):
    """An event that lacks nothing."""
    event = EventFactory(**fields)
    event.venues.add(VenueFactory())
    return event


def test_my_trainings_names_what_needs_attention(client):
    over = EventFactory(title="Over", starts_on=timezone.localdate() - dt.timedelta(days=3))
    waiting = ready(title="Waiting", policy=RegistrationPolicy.APPROVAL)
    register(waiting)
    unreached = ready(title="Unreached")
    register(unreached)
    Message.objects.filter(occurrence="confirmed").update(state="failed")
    ready(title="Fine")
    EventFactory(title="Later", starts_on=timezone.localdate() + dt.timedelta(days=60))
    bare = EventFactory(title="Bare")
    online = EventFactory(title="Online", mode="online")
    EventFactory(title="Linked", mode="online", online_link="https://meet.example.org/room")
    by = trainer()
    by.oberih_events.set(Event.objects.all())
    foreign = EventFactory(title="Foreign")
    register(foreign)
    Message.objects.filter(subject_key=str(foreign.registrations.get().uuid)).update(state="failed")
    client.force_login(by)
    rows = client.get("/en/trainings/").context["attention"]
    day = f"{bare.starts_on:%-d %B %Y}"
    assert [(str(row["title"]), row["tag"], row["text"], row["url"]) for row in rows] == [
        (
            "Over",
            "Not closed",
            f"Over since {over.ends_on:%-d %B %Y} and not closed: it is in no report yet.",
            f"/en/registers/events/{over.uuid}/close/",
        ),
        (
            "Waiting",
            "Waiting for approval",
            "1 registration waits for your approval.",
            f"/en/trainings/{waiting.uuid}/#pending",
        ),
        (
            "Unreached",
            "Message not delivered",
            "A message to 1 person could not be delivered.",
            f"/en/trainings/{unreached.uuid}/#unreached",
        ),
        (
            "Bare",
            "Not ready",
            f"It begins on {day}. It has no venue yet.",
            f"/en/trainings/{bare.uuid}/edit/",
        ),
        (
            "Online",
            "Not ready",
            f"It begins on {day}. The link to the meeting is missing.",
            f"/en/trainings/{online.uuid}/edit/",
        ),
    ]


def test_a_manager_hears_of_an_event_without_a_trainer(client):
    ready(title="Nobody’s")
    client.force_login(user("manager@example.org", Role.MANAGER))
    rows = client.get("/en/trainings/").context["attention"]
    assert [(str(row["title"]), row["text"].rpartition(". ")[2]) for row in rows] == [
        ("Nobody’s", "It has no trainer yet.")
    ]


AT_THE_DOOR = dt.datetime(2027, 6, 1, 10, 55, tzinfo=dt.UTC)


def day_of_three_sessions(**fields):
    """On the wall in Kyiv 10:00 to 13:00, 14:00 to 16:00 and 17:00 to 18:00; at the door it is 13:55."""
    event = ready(starts_on=DAY, capacity=25, sessions=["Morning"], **fields)
    SessionFactory(event=event, date=DAY, start_time=dt.time(17), end_time=dt.time(18), title="Evening")
    SessionFactory(event=event, date=DAY, start_time=dt.time(14), end_time=dt.time(16), title="Afternoon")
    return event


def today_of(client):
    rows = client.get("/en/trainings/").context["today"]
    return [
        (row["session"], row["tag"], row["seats"], row["register_label"], row["register_kind"]) for row in rows
    ]


def test_at_the_door_what_starts_next_stands_first(client):
    with time_machine.travel(AT_THE_DOOR, tick=False):
        event = day_of_three_sessions()
        for number in range(23):
            registration(event, number=number)
        client.force_login(trainer(event=event))
        assert today_of(client) == [
            ("Afternoon", "In 5 minutes", "23 of 25 seats", "Open the register", "primary"),
            ("Evening", "", "23 of 25 seats", "Open the register", "secondary"),
            ("Morning", "Register not closed", "23 of 25 seats", "Open the register", "primary"),
        ]


def test_the_day_tells_how_far_the_registers_are(client):
    with time_machine.travel(AT_THE_DOOR, tick=False) as clock:
        event = day_of_three_sessions()
        by = trainer(event=event)
        people = [registration(event, number=number) for number in range(3)]
        morning, afternoon, _evening = event.sessions.all()
        attendance.mark_all_present(session=morning, by=by)
        attendance.close_register(session=morning, by=by)
        clock.shift(dt.timedelta(minutes=10))
        for one, status in zip(people, ["present", "absent"], strict=False):
            attendance.mark(session=afternoon, registration=one, status=status, by=by, source="trainer")
        client.force_login(by)
        assert today_of(client) == [
            ("Afternoon", "Now", "1 of 3 present", "Go on with the register", "primary"),
            ("Evening", "", "3 of 25 seats", "Open the register", "secondary"),
            ("Morning", "Register closed", "3 of 3 present", "See the register", "secondary"),
        ]


def test_sessions_at_once_are_told_apart_by_their_groups(client):
    with time_machine.travel(AT_THE_DOOR, tick=False):
        event = ready(starts_on=DAY, capacity=25, sessions=[])
        by = trainer(event=event)
        for name, people in (("Red", 2), ("Blue", 1)):
            group = event.groups.create(title=name)
            SessionFactory(
                event=event, date=DAY, start_time=dt.time(14), end_time=dt.time(16), title="Practice", group=group
            )
            for number in range(people):
                registration(event, number=number, group=group)
        attendance.mark_all_present(session=event.sessions.first(), by=by)
        client.force_login(by)
        rows = client.get("/en/trainings/").context["today"]
        strip = client.get(f"/en/trainings/{event.uuid}/").context["sessions"]
    assert [(row["session"], row["group"], row["seats"]) for row in rows] == [
        ("Practice", "Red", "2 of 2 present"),
        ("Practice", "Blue", "3 of 25 seats"),
    ]
    assert [one["group"] for one in strip] == ["Red", "Blue"]


def test_a_register_left_open_yesterday_needs_attention_while_the_event_goes_on(client):
    with time_machine.travel(AT_THE_DOOR, tick=False):
        event = ready(title="Two days", starts_on=DAY - dt.timedelta(days=1), ends_on=DAY, sessions=["First"])
        SessionFactory(event=event, date=DAY, start_time=dt.time(17), end_time=dt.time(18))
        by = trainer(event=event)
        client.force_login(by)
        # Nobody to mark: a stand at a festival keeps no register.
        assert client.get("/en/trainings/").context["attention"] == []
        registration(event)
        first = event.sessions.first()
        (row,) = client.get("/en/trainings/").context["attention"]
        assert (row["text"], row["url"]) == (
            "Monday, 31 May 2027, 10:00–13:00: whoever has no mark there is not counted yet.",
            f"/en/registers/{first.pk}/",
        )
        attendance.close_register(session=first, by=by)
        assert client.get("/en/trainings/").context["attention"] == []


def test_an_event_that_is_over_names_the_registers_that_are_open(client):
    with time_machine.travel(AT_THE_DOOR + dt.timedelta(days=1), tick=False):
        event = day_of_three_sessions()
        by = trainer(event=event)
        registration(event)
        attendance.close_register(session=event.sessions.first(), by=by)
        client.force_login(by)
        (row,) = client.get("/en/trainings/").context["attention"]
    assert row["text"].endswith("it is in no report yet. 2 registers are still open.")


def test_what_is_held_today_is_not_announced_as_coming(client):
    with time_machine.travel(AT_THE_DOOR, tick=False):
        event = day_of_three_sessions()
        later = ready(title="Later", starts_on=DAY + dt.timedelta(days=1), capacity=1)
        registration(later)
        registration(later, Status.WAITLISTED, 2)
        by = trainer(event=event)
        later.trainers.add(by)
        client.force_login(by)
        coming = client.get("/en/trainings/").context["coming"]
    assert [(str(one["title"]), [fact["text"] for fact in one["facts"][-2:]]) for one in coming] == [
        ("Later", ["1 of 1 seats", "1 on the waiting list"])
    ]


def test_my_trainings_costs_the_same_with_three_events_and_with_thirty(client):
    by = trainer()
    client.force_login(by)

    def add(number):
        for _ in range(number):
            event = EventFactory(sessions=["A", "B"], starts_on=timezone.localdate())
            event.venues.add(VenueFactory())
            event.trainers.add(by)
            registration(event)
            closed = EventFactory(state=EventState.CLOSED, counted_by="attendance", starts_on=dt.date(2026, 1, 1))
            closed.trainers.add(by)

    add(3)
    few = counted(client, "/en/trainings/")
    add(12)
    assert counted(client, "/en/trainings/") == few
