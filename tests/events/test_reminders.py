import datetime as dt
import uuid

import pytest
import time_machine

from courses.models import Course
from events import actions, registers, reminders, thanks
from events.models import Confidential, CountBasis, ParallelGroup, Status
from notifications import work
from notifications.models import Message, MessageState
from participants.models import Participant
from tests.courses import trees
from tests.events.factories import (
    CourseFactory,
    EventFactory,
    SessionFactory,
    VenueFactory,
    register,
    registration,
)
from tests.events.mails import send

pytestmark = pytest.mark.django_db
DAY = dt.date(2027, 6, 1)
# 10:00 in Kyiv.
START = dt.datetime(2027, 6, 1, 7, tzinfo=dt.UTC)


def before(hours):
    return START - dt.timedelta(hours=hours)


@pytest.fixture(autouse=True)
def _long_before():
    with time_machine.travel(before(400), tick=False):
        yield


@pytest.fixture
def event():
    return EventFactory(starts_on=DAY)


def owed():
    return [
        (one.subject_key, one.occurrence)
        for one in Message.objects.filter(purpose="events.reminder").order_by("pk")
    ]


def test_people_are_reminded_two_days_and_three_hours_ahead_and_once_each(event):
    made = registration(event)
    assert [reminders.remind(now=before(hours)) for hours in (49, 48, 47, 3, 1)] == [0, 1, 0, 1, 0]
    assert owed() == [(str(made.uuid), "2027-06-01 48"), (str(made.uuid), "2027-06-01 3")]


def test_only_the_nearest_is_sent_however_late_it_is_and_none_once_it_has_begun(event):
    made = registration(event)
    assert [reminders.remind(now=START + dt.timedelta(minutes=minutes)) for minutes in (0, 5)] == [0, 0]
    assert reminders.remind(now=before(2)) == 1
    assert owed() == [(str(made.uuid), "2027-06-01 3")]


def test_whoever_has_a_seat_only_since_then_is_not_reminded(event):
    registration(event, confirmed_at=before(20))
    assert reminders.remind(now=before(19)) == 0
    assert reminders.remind(now=before(3)) == 1


@pytest.mark.parametrize("status", [Status.WAITLISTED, Status.PENDING, Status.CANCELLED, Status.DECLINED])
def test_only_those_with_a_seat_are_reminded(event, status):
    registration(event, status)
    assert reminders.remind(now=before(48)) == 0


@pytest.mark.parametrize("fields", [{"reminder_hours": []}, {"state": "cancelled"}, {"state": "draft"}])
def test_events_that_send_none(fields):
    event = EventFactory(starts_on=DAY, **fields)
    registration(event)
    assert reminders.remind(now=before(48)) == 0


def test_what_follows_after_a_pause_of_days_is_reminded_of_and_the_next_day_is_not():
    event = EventFactory(starts_on=DAY, ends_on=DAY + dt.timedelta(days=30), sessions=[], reminder_hours=[24])
    for days in (0, 1, 3, 20):
        SessionFactory(event=event, date=DAY + dt.timedelta(days=days))
    registration(event)
    hours = range(-48, 24 * 21)
    assert [-hour for hour in hours if reminders.remind(now=before(-hour))] == [24, -456]
    assert [occurrence for _key, occurrence in owed()] == ["2027-06-01 24", "2027-06-21 24"]


def test_each_group_is_reminded_of_its_own_sessions():
    event = EventFactory(starts_on=DAY, sessions=[], reminder_hours=[3])
    groups = [ParallelGroup.objects.create(event=event, title=title) for title in ("A", "B")]
    for group, hour in zip(groups, (10, 16), strict=True):
        SessionFactory(event=event, group=group, start_time=dt.time(hour), end_time=dt.time(hour + 1))
    first, second = (registration(event, number=number, group=group) for number, group in enumerate(groups))
    assert reminders.remind(now=before(3)) == 1
    assert reminders.remind(now=before(-3)) == 1
    assert [key for key, _occurrence in owed()] == [str(first.uuid), str(second.uuid)]


def test_a_family_is_reminded_once(event):
    party = uuid.uuid4()
    first, second = registration(event, party=party), registration(event, number=2, party=party)
    Participant.objects.filter(pk=second.participant_id).update(email=first.participant.email)
    assert reminders.remind(now=before(48)) == 1
    assert [key for key, _occurrence in owed()] == [str(first.uuid)]


def test_it_costs_as_much_for_one_as_for_many(event, django_assert_num_queries):
    for number in range(20):
        registration(event, number=number)
    for number in range(5):
        registration(EventFactory(starts_on=DAY), number=number)
    with django_assert_num_queries(4):
        assert reminders.remind(now=before(48)) == 25
    with django_assert_num_queries(3):
        assert reminders.remind(now=before(47)) == 0


def test_a_reminder_says_when_where_and_what_is_prepared(event):
    event.venues.set([VenueFactory(address="Svobody 1, Lviv", access_notes="Shelter in the cellar")])
    made = registration(event)
    Confidential.objects.create(registration=made, access_needs="A ramp")
    reminders.remind(now=before(48))
    (message,) = send("events.reminder")
    assert message.subject == "Reminder: Training, 1 June 2027"
    for words in (
        "It begins on Tuesday, 1 June 2027, 10:00.",
        "What you asked to have prepared is on the trainers’ list.",
        "Svobody 1, Lviv",
        "Shelter in the cellar",
        f"/en/registrations/{made.uuid}/",
    ):
        assert words in message.body
    assert "A ramp" not in message.body


def test_a_reminder_of_a_day_that_is_another_now_is_not_sent(event):
    registration(event)
    reminders.remind(now=before(48))
    (session,) = event.sessions.all()
    actions.change(
        event=event, sessions=[(DAY + dt.timedelta(days=1), dt.time(10), dt.time(13), "", None, session.pk)]
    )
    assert send("events.reminder") == []
    assert Message.objects.get(purpose="events.reminder").state == MessageState.CANCELLED


def test_a_reminder_that_comes_after_the_start_is_not_sent(event):
    registration(event)
    reminders.remind(now=before(3))
    with time_machine.travel(START, tick=False):
        assert send("events.reminder") == []


@pytest.fixture
def presence(monkeypatch):
    """What the room that keeps registers knows of who was there."""
    there = set()
    monkeypatch.setattr(registers, "_presence", [lambda keys: there & set(keys)])
    return there


def close(event, counted_by=CountBasis.ATTENDANCE):
    return actions.close_event(event=event, counted_by=counted_by, reason="Too dark")


def test_those_who_were_there_are_thanked_when_the_event_is_closed(event, presence):
    came, _absent = registration(event), registration(event, number=2)
    presence.add(came.pk)
    close(event)
    assert [one.subject_key for one in Message.objects.filter(purpose="events.thanks")] == [str(came.uuid)]


@pytest.mark.parametrize("counted_by", [CountBasis.HEADCOUNT, CountBasis.NOT_COUNTED])
def test_nobody_is_thanked_by_name_where_names_were_not_taken(event, presence, counted_by):
    presence.add(registration(event).pk)
    close(event, counted_by)
    assert not Message.objects.filter(purpose="events.thanks").exists()


def test_whose_presence_arrives_late_is_thanked_by_the_sweep_and_nobody_twice(event, presence):
    first, late = registration(event), registration(event, number=2)
    presence.add(first.pk)
    close(event)
    presence.add(late.pk)
    with time_machine.travel(START + dt.timedelta(days=2), tick=False):
        assert [work.run_sweeps()["events.thanks"] for _time in range(2)] == [1, 0]
    assert {one.subject_key for one in Message.objects.filter(purpose="events.thanks")} == {
        str(first.uuid),
        str(late.uuid),
    }


def test_the_sweep_of_thanks_costs_the_same_for_many(event, presence, django_assert_num_queries):
    for number in range(10):
        presence.add(registration(event, number=number).pk)
    event.state, event.counted_by = "closed", CountBasis.ATTENDANCE
    event.save()
    with django_assert_num_queries(4):
        assert thanks.owe_lost(now=START) == 10


@pytest.mark.parametrize("threshold", [80, None])
def test_thanks_speak_of_a_certificate_only_where_there_is_one(presence, threshold):
    event = EventFactory(starts_on=DAY, attendance_threshold=threshold, course=CourseFactory())
    made = register(event).registration
    presence.add(made.pk)
    close(event)
    (message,) = send("events.thanks")
    assert message.subject == "Thank you for coming: Training, 1 June 2027"
    assert ("it comes in a message of its own" in message.body) is (threshold is not None)
    assert f"/en/registrations/{made.uuid}/" in message.body


def test_thanks_lead_to_the_course(site_tree, presence):
    page, _module, _lessons = trees.course(trees.plant(), lessons=1)
    event = EventFactory(starts_on=DAY, course=Course.objects.get(pk=page.translation_key))
    presence.add(register(event).registration.pk)
    close(event)
    (message,) = send("events.thanks")
    assert f"http://localhost:8000{page.url}" in message.body
    assert f'href="http://localhost:8000{page.url}"' in message.alternatives[0].content
