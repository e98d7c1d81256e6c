import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from i18nfield.strings import LazyI18nString

from attendance.models import Mark
from events import actions, signals
from events.exceptions import NonexistentTimeError, ScheduleError
from events.models import CountBasis, EventState, RegistrationPolicy, Session, Status
from notifications.models import Message
from tests.events.factories import EventFactory, VenueFactory, register, registration, trainer

pytestmark = pytest.mark.django_db

DAY = dt.date(2027, 6, 1)
FIELDS = {"kind": "training", "title": "Training", "country": "UA", "zone": "Europe/Kyiv", "languages": ["uk"]}


def plan(day=DAY, start=dt.time(10), end=dt.time(13), title=""):
    return (day, start, end, title)


def test_an_event_is_scheduled_with_its_sessions_and_its_trainer():
    by, venue = trainer(), VenueFactory()
    event = actions.schedule(
        by=by, sessions=[plan(DAY + dt.timedelta(days=1)), plan(title="Welcome")], venues=[venue], **FIELDS
    )
    assert (event.state, event.code, event.starts_on, event.ends_on) == (
        EventState.SCHEDULED,
        "training-2027-06-01",
        DAY,
        DAY + dt.timedelta(days=1),
    )
    assert (list(event.trainers.all()), list(event.venues.all())) == ([by], [venue])
    assert [(str(one.title), one.date, one.starts_at, one.minutes) for one in event.sessions.all()] == [
        ("Welcome", DAY, dt.datetime(2027, 6, 1, 7, tzinfo=dt.UTC), 180),
        ("", DAY + dt.timedelta(days=1), dt.datetime(2027, 6, 2, 7, tzinfo=dt.UTC), 180),
    ]


def test_two_events_of_one_name_and_day_have_two_codes():
    first, second = (actions.schedule(by=None, sessions=[plan()], **FIELDS) for _ in range(2))
    assert second.code.startswith(f"{first.code}-")


def test_a_ukrainian_title_makes_a_readable_code():
    title = LazyI18nString({"uk": "Протидія торгівлі людьми"})
    event = actions.schedule(by=None, sessions=[plan()], **{**FIELDS, "title": title})
    assert event.code == "protydiia-torhivli-liudmy-2027-06-01"


def test_the_code_of_an_event_by_invitation_cannot_be_guessed():
    event = actions.schedule(by=None, sessions=[plan()], policy=RegistrationPolicy.INVITATION, **FIELDS)
    assert (len(event.code), "training" in event.code) == (16, False)


def test_a_session_in_the_hour_that_the_clocks_skip_schedules_nothing():
    night = plan(dt.date(2027, 3, 28), dt.time(3, 30), dt.time(5))
    with pytest.raises(NonexistentTimeError):
        actions.schedule(by=None, sessions=[plan(), night], **FIELDS)
    assert Session.objects.count() == 0


def test_an_event_has_a_session_and_a_known_zone():
    with pytest.raises(ScheduleError):
        actions.schedule(by=None, sessions=[], **FIELDS)
    with pytest.raises(ValidationError):
        actions.schedule(by=None, sessions=[plan()], **{**FIELDS, "zone": "Europe/Nowhere"})
    with pytest.raises(ValidationError):
        actions.change(event=EventFactory(), zone="Europe/Nowhere")
    with pytest.raises(ValidationError):
        actions.schedule(by=None, sessions=[plan()], **{**FIELDS, "kind": "party"})


def test_the_three_days_over_the_end_of_summer_time_are_as_long_as_they_are():
    """A summer school in Kyiv from 24 to 26 October 2026: the wall says 09:00 each day, the instants differ."""
    days = [dt.date(2026, 10, day) for day in (24, 25, 26)]
    event = actions.schedule(by=None, sessions=[plan(day, dt.time(9), dt.time(17)) for day in days], **FIELDS)
    assert [(one.starts_at.hour, one.minutes) for one in event.sessions.all()] == [(6, 480), (7, 480), (7, 480)]


def test_another_zone_moves_the_instants_and_not_the_wall():
    event = EventFactory(starts_on=DAY)
    actions.change(event=event, zone="Europe/Warsaw")
    session = event.sessions.get()
    assert (session.start_time, session.starts_at) == (dt.time(10), dt.datetime(2027, 6, 1, 8, tzinfo=dt.UTC))


def test_those_registered_hear_of_each_change_once():
    event = EventFactory(capacity=1)
    register(event, 1)
    register(event, 2)
    gone = register(event, 3).registration
    actions.cancel_registration(registration=gone)
    session = event.sessions.get()
    later = [(session.date, dt.time(11), session.end_time, "", None, session.pk)]
    for _ in range(2):
        event = actions.change(event=event, sessions=later)
    assert event.revision == 1
    heard = Message.objects.filter(purpose="events.changed").values_list("recipient", "occurrence")
    assert sorted(heard) == [("person1@example.org", "revision 1"), ("person2@example.org", "revision 1")]
    assert [one.pk for one in event.sessions.all()] == [session.pk]


def test_what_concerns_nobody_who_comes_is_told_to_nobody():
    event = EventFactory()
    register(event)
    event = actions.change(event=event, capacity=30, summary="More about it", attendance_threshold=70)
    assert (event.revision, Message.objects.filter(purpose="events.changed").count()) == (0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"title": LazyI18nString({"en": "Another"})},
        {"online_link": "https://meet.example.org/x"},
        {"mode": "online"},
    ],
)
def test_title_link_and_way_are_heard_of(change):
    assert actions.change(event=EventFactory(), **change).revision == 1


def test_another_venue_is_heard_of():
    assert actions.change(event=EventFactory(), venues=[VenueFactory()]).revision == 1


def test_a_session_with_attendance_is_not_removed():
    event = EventFactory(sessions=["One", "Two"])
    first, second = event.sessions.all()
    Mark.objects.create(session=second, registration=registration(event), status="present", source="trainer")
    with pytest.raises(ScheduleError):
        actions.change(event=event, sessions=[(first.date, dt.time(10), dt.time(13), "One", None, first.pk)])
    assert event.sessions.count() == 2


def test_a_session_that_is_gone_is_not_changed():
    event, other = EventFactory(), EventFactory().sessions.get()
    with pytest.raises(ScheduleError):
        actions.change(event=event, sessions=[(DAY, dt.time(10), dt.time(13), "", None, other.pk)])


def test_cancelling_ends_every_place_and_tells_everybody(django_capture_on_commit_callbacks):
    heard = []

    def hear(event_id, **kwargs):
        heard.append(event_id)

    event = EventFactory(capacity=1)
    for number in (1, 2):
        register(event, number)
    signals.event_cancelled.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            for _ in range(2):
                event = actions.cancel_event(event=event, reason=" Air raids ")
    finally:
        signals.event_cancelled.disconnect(hear)
    assert (event.state, event.cancelled_reason, event.revision) == (EventState.CANCELLED, "Air raids", 1)
    assert set(event.registrations.values_list("status", flat=True)) == {Status.CANCELLED}
    told = Message.objects.filter(purpose="events.event_cancelled").values_list("recipient", flat=True)
    assert sorted(told) == ["person1@example.org", "person2@example.org"]
    assert heard == [event.pk]


def test_cancelling_needs_a_reason_and_an_event_that_was_not_held():
    with pytest.raises(ScheduleError):
        actions.cancel_event(event=EventFactory(), reason=" ")
    with pytest.raises(ScheduleError):
        actions.cancel_event(event=EventFactory(state=EventState.CLOSED, counted_by="attendance"), reason="x")


def test_closing_says_how_it_was_counted():
    event = actions.close_event(event=EventFactory(), counted_by=CountBasis.HEADCOUNT)
    assert (event.state, event.counted_by, event.not_counted_reason) == (EventState.CLOSED, "headcount", "")
    event = actions.close_event(event=EventFactory(), counted_by=CountBasis.NOT_COUNTED, reason="Power cut")
    assert (event.state, event.not_counted_reason) == (EventState.CLOSED, "Power cut")


def test_closing_uncounted_needs_a_reason_and_a_scheduled_event():
    with pytest.raises(ScheduleError):
        actions.close_event(event=EventFactory(), counted_by=CountBasis.NOT_COUNTED)
    with pytest.raises(ScheduleError):
        actions.close_event(event=EventFactory(state=EventState.DRAFT), counted_by=CountBasis.HEADCOUNT)


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.CLOSED])
def test_an_ended_event_is_not_changed(state):
    with pytest.raises(ScheduleError):
        actions.change(event=EventFactory(state=state, counted_by="attendance"), capacity=3)


def test_instants_follow_a_government_that_changes_its_clocks():
    event = EventFactory()
    session = event.sessions.get()
    right = session.starts_at
    Session.objects.update(starts_at=right - dt.timedelta(hours=1))
    assert (actions.recompute(), actions.recompute()) == (1, 0)
    session.refresh_from_db()
    assert session.starts_at == right


# The nights on which the clocks change: at 01:00 UTC in Kyiv and, by a law of its own, at 00:00 UTC in Chisinau.


@pytest.mark.parametrize(
    ("zone", "day", "starts_at", "minutes"),
    [
        ("Europe/Kyiv", dt.date(2026, 10, 25), dt.datetime(2026, 10, 24, 21, 30, tzinfo=dt.UTC), 330),
        ("Europe/Chisinau", dt.date(2026, 10, 25), dt.datetime(2026, 10, 24, 21, 30, tzinfo=dt.UTC), 330),
        ("Europe/Kyiv", dt.date(2026, 3, 29), dt.datetime(2026, 3, 28, 22, 30, tzinfo=dt.UTC), 210),
        ("Europe/Chisinau", dt.date(2026, 3, 29), dt.datetime(2026, 3, 28, 22, 30, tzinfo=dt.UTC), 210),
    ],
)
def test_a_night_over_the_change_of_the_clocks_is_as_long_as_it_is(zone, day, starts_at, minutes):
    event = actions.schedule(by=None, sessions=[plan(day, dt.time(0, 30), dt.time(5))], **{**FIELDS, "zone": zone})
    session = event.sessions.get()
    assert (session.starts_at, session.minutes) == (starts_at, minutes)


@pytest.mark.parametrize(
    ("zone", "start", "starts_at"),
    [
        ("Europe/Kyiv", dt.time(2, 30), dt.datetime(2026, 10, 24, 23, 30, tzinfo=dt.UTC)),
        ("Europe/Kyiv", dt.time(3, 30), dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)),
        ("Europe/Kyiv", dt.time(4, 30), dt.datetime(2026, 10, 25, 2, 30, tzinfo=dt.UTC)),
        ("Europe/Chisinau", dt.time(2, 30), dt.datetime(2026, 10, 24, 23, 30, tzinfo=dt.UTC)),
        ("Europe/Chisinau", dt.time(3, 30), dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)),
    ],
)
def test_a_session_in_the_hour_that_comes_twice_is_in_the_earlier(zone, start, starts_at):
    night = plan(dt.date(2026, 10, 25), start, dt.time(6))
    event = actions.schedule(by=None, sessions=[night], **{**FIELDS, "zone": zone})
    assert event.sessions.get().starts_at == starts_at


@pytest.mark.parametrize(
    ("zone", "missing", "held"),
    [("Europe/Kyiv", dt.time(3, 30), dt.time(2, 30)), ("Europe/Chisinau", dt.time(2, 30), dt.time(3, 30))],
)
def test_each_zone_skips_an_hour_of_its_own(zone, missing, held):
    def night(start):
        fields = {**FIELDS, "zone": zone}
        return actions.schedule(by=None, sessions=[plan(dt.date(2026, 3, 29), start, dt.time(6))], **fields)

    with pytest.raises(NonexistentTimeError):
        night(missing)
    assert night(held).sessions.get().start_time == held
