"""What those registered are told when an event changes."""

import datetime as dt

import pytest
import time_machine
from django.utils import translation
from i18nfield.strings import LazyI18nString

from events import actions, revisions
from events.models import EventRevision, ParallelGroup
from tests.events.factories import EventFactory, SessionFactory, VenueFactory, register, trainer
from tests.events.mails import send

pytestmark = pytest.mark.django_db
DAY = dt.date(2027, 6, 1)
NOON = dt.datetime(2027, 5, 20, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def event():
    return EventFactory(starts_on=DAY)


def listed(message):
    return [line.removeprefix("- ") for line in message.body.splitlines() if line.startswith("- ")]


def moved(event, day=DAY, start=10):
    (session,) = event.sessions.all()
    return [(day, dt.time(start), dt.time(13), "", session.venue, session.pk)]


def test_a_change_is_told_from_what_to_what(event):
    register(event)
    send()
    actions.change(event=event, sessions=moved(event, DAY + dt.timedelta(days=1), 11), title="Another title")
    (message,) = send()
    assert listed(message) == [
        "Title: Recognising trafficking → Another title",
        "Session: Tuesday, 1 June 2027, 10:00–13:00 → Wednesday, 2 June 2027, 11:00–13:00",
    ]
    html = message.alternatives[0].content
    assert "<s><bdi>Recognising trafficking</bdi></s><br>→ <strong><bdi>Another title</bdi></strong>" in html


def test_only_what_is_new_since_the_last_message_is_told_and_twice_changed_is_once(event, clock):
    register(event)
    send()
    actions.change(event=event, title="Two")
    send()
    clock.shift(60)
    event = actions.change(event=event, sessions=moved(event, start=11))
    event = actions.change(event=event, sessions=moved(event, start=12))
    messages = send()
    assert [listed(one) for one in messages] == [
        ["Session: Tuesday, 1 June 2027, 10:00–13:00 → Tuesday, 1 June 2027, 12:00–13:00"]
    ]


def test_what_changed_before_they_came_is_no_news(event, clock):
    actions.change(event=event, title="Two")
    clock.shift(60)
    register(event)
    send()
    actions.change(event=event, mode="online")
    (message,) = send()
    assert listed(message) == ["How it is held: On site → Online"]


def test_what_was_changed_back_is_said_in_a_sentence(event):
    register(event)
    send()
    event = actions.change(event=event, zone="Europe/Warsaw")
    actions.change(event=event, zone="Europe/Kyiv")
    (message,) = send()
    assert listed(message) == []
    assert "changed and changed back" in message.body


def test_the_link_to_a_meeting_is_in_no_log(event):
    register(event)
    send()
    actions.change(event=event, online_link="https://meet.example.org/secret")
    assert list(EventRevision.objects.values_list("changes", flat=True)) == [
        [{"what": "online_link", "before": False, "after": True}]
    ]
    (message,) = send()
    assert listed(message) == ["Link to the meeting: There is a new one."]


def test_sessions_that_come_and_go_and_rooms_are_told_in_order_of_their_days(event):
    register(event)
    send()
    (first,) = event.sessions.all()
    hall = VenueFactory(name=LazyI18nString({"en": "Town hall", "uk": "Ратуша"}))
    later = SessionFactory(event=event, date=DAY + dt.timedelta(days=4))
    actions.change(
        event=event,
        sessions=[
            (DAY, dt.time(10), dt.time(13), "", hall, first.pk),
            (DAY + dt.timedelta(days=2), dt.time(9), dt.time(10), "", None, None),
        ],
    )
    assert not event.sessions.filter(pk=later.pk).exists()
    (message,) = send()
    assert listed(message) == [
        "Session: Tuesday, 1 June 2027, 10:00–13:00 → Tuesday, 1 June 2027, 10:00–13:00, Town hall",
        "New session: Thursday, 3 June 2027, 09:00–10:00",
        "Not held any more: Saturday, 5 June 2027, 10:00–13:00",
    ]


def test_sessions_of_another_group_are_no_news(event):
    mine, theirs = (ParallelGroup.objects.create(event=event, title=title) for title in ("Mine", "Theirs"))
    sessions = {None: {"date": "2027-06-01", "start": "10:00", "end": "13:00", "venue": None, "group": theirs.pk}}
    change = revisions.Change("session", 1, None, sessions[None])
    assert revisions.of_group([change], mine.pk) == []
    assert revisions.of_group([change], theirs.pk) == [change]
    left = revisions.Change("session", 1, {**sessions[None], "group": mine.pk}, sessions[None])
    assert revisions.removed(revisions.of_group([left], mine.pk)) == {1: left.before}


def test_it_is_told_in_the_readers_language(event):
    changes = [revisions.Change("title", None, {"en": "One", "uk": "Перша"}, {"en": "Two", "uk": "Друга"})]
    with translation.override("uk"):
        (line,) = revisions.lines(changes)
    assert (line.before, line.after) == ("Перша", "Друга")


def test_who_changed_it_is_written_down(event):
    by = trainer(event=event)
    actions.change(event=event, by=by, title="Two")
    assert EventRevision.objects.get().by == by


def test_the_message_is_owed_in_as_many_statements_for_one_change_as_for_ten(event, django_assert_num_queries):
    made = register(event).registration
    for title in "ABCDEFGHIJ":
        actions.change(event=event, title=title)
    with django_assert_num_queries(2):
        assert len(revisions.untold(made)) == 1


def test_staff_read_the_newest_changes(client, event):
    for title in "ABCDEFG":
        actions.change(event=event, title=title)
    client.force_login(trainer(event=event))
    page = client.get(f"/en/trainings/{event.uuid}/").content.decode()
    assert [line for line in ("Title: A → B", "Title: B → C", "Title: F → G") if line in page] == [
        "Title: B → C",
        "Title: F → G",
    ]
