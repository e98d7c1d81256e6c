import datetime as dt
import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from attendance import actions
from attendance.exceptions import (
    HeadcountError,
    MarkKeyTakenError,
    NotAnnullableError,
    NotCountedError,
    NotHeldError,
    NotOnTheRegisterError,
    RegisterClosedError,
)
from attendance.models import Attendance, Headcount, Mark, MarkSource, ReportedPresence
from attendance.signals import attendance_changed
from events.models import CountBasis, Event, EventState, Registration, Status
from events.people import Person
from tests.attendance.factories import RegistrationFactory, SessionFactory, a_training

pytestmark = pytest.mark.django_db


def attendance(session):
    return {
        one.registration: (one.status, one.minutes)
        for one in Attendance.objects.filter(session=session).select_related("registration")
    }


def take(session, registration, status, by, **more):
    return actions.mark(
        session=session, registration=registration, status=status, by=by, source=MarkSource.TRAINER, **more
    )


def test_mark_gives_attendance():
    _event, session, (first, second, third), trainer = a_training()
    take(session, first, "present", trainer)
    take(session, second, "late", trainer, minutes=30)
    take(session, third, "excused", trainer)
    assert attendance(session) == {first: ("present", 180), second: ("late", 30), third: ("excused", 0)}


def test_the_register_of_a_group_is_that_of_its_people():
    event, session, (red, blue, free), trainer = a_training()
    groups = [event.groups.create(title=title) for title in ("Red", "Blue")]
    for group, person in zip(groups, (red, blue), strict=True):
        Registration.objects.filter(pk=person.pk).update(group=group)
    session.group = groups[0]
    session.save(update_fields=["group"])
    assert set(actions.listed(session)) == {red, free}
    walk_in = actions.add_walk_in(
        event=event, by=trainer, person=Person(full_name="Ivan Bondar", is_of_age=True), session=session
    )
    assert walk_in.group == groups[0]
    assert actions.mark_all_present(session=session, by=trainer) == 2
    actions.close_register(session=session, by=trainer)
    assert set(attendance(session)) == {red, free, walk_in}


def test_whoever_came_to_the_session_of_another_group_stays_on_its_register():
    event, session, (red, _blue, _free), trainer = a_training()
    Registration.objects.filter(pk=red.pk).update(group=event.groups.create(title="Red"))
    session.group = event.groups.create(title="Blue")
    session.save(update_fields=["group"])
    assert red not in actions.listed(session)
    take(session, red, "present", trainer)
    assert red in actions.listed(session)


def test_the_same_key_again_is_the_same_mark():
    _event, session, (first, *_), trainer = a_training()
    key = uuid.uuid4()
    once = take(session, first, "present", trainer, uuid=key)
    again = take(session, first, "present", trainer, uuid=key)
    assert (once, Mark.objects.count()) == (again, 1)


def test_the_key_of_another_persons_mark_is_refused():
    _event, session, (first, second, _third), trainer = a_training()
    key = take(session, first, "present", trainer).uuid
    with pytest.raises(MarkKeyTakenError):
        take(session, second, "present", trainer, uuid=key)
    assert attendance(session) == {first: ("present", 180)}


@pytest.mark.parametrize("status", [Status.PENDING, Status.WAITLISTED, Status.CANCELLED, Status.DECLINED])
def test_whoever_has_no_confirmed_place_is_not_on_the_register(status):
    event, session, _people, trainer = a_training(people=0)
    registration = RegistrationFactory(event=event, status=status)
    with pytest.raises(NotOnTheRegisterError):
        take(session, registration, "present", trainer)


def test_charlie_of_another_event_is_not_on_the_register():
    _event, session, _people, trainer = a_training()
    with pytest.raises(NotOnTheRegisterError):
        take(session, RegistrationFactory(), "present", trainer)


def test_no_attendance_at_a_cancelled_event():
    _event, session, (first, *_), trainer = a_training(state=EventState.CANCELLED)
    with pytest.raises(NotHeldError):
        take(session, first, "present", trainer)


def test_annulling_brings_back_what_was_before():
    _event, session, (first, *_), trainer = a_training()
    take(session, first, "late", trainer, device_time=dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC))
    wrong = take(session, first, "absent", trainer)
    actions.annul(mark=wrong, by=trainer)
    actions.annul(mark=wrong, by=trainer)
    assert (attendance(session), Mark.objects.count()) == ({first: ("late", 180)}, 3)


def test_annulling_the_only_mark_leaves_no_attendance():
    _event, session, (first, *_), trainer = a_training()
    annulment = actions.annul(mark=take(session, first, "present", trainer), by=trainer)
    assert attendance(session) == {}
    with pytest.raises(NotAnnullableError):
        actions.annul(mark=annulment, by=trainer)


def test_all_others_present_leaves_marks_alone():
    _event, session, (first, second, third), trainer = a_training()
    take(session, first, "absent", trainer)
    assert actions.mark_all_present(session=session, by=trainer) == 2
    assert attendance(session) == {first: ("absent", 0), second: ("present", 180), third: ("present", 180)}


def test_closing_makes_the_unmarked_absent_once():
    event, session, (first, second, third), trainer = a_training()
    RegistrationFactory(event=event, status=Status.CANCELLED)
    take(session, first, "present", trainer)
    register = actions.close_register(session=session, by=trainer)
    again = actions.close_register(session=session, by=trainer)
    assert attendance(session) == {first: ("present", 180), second: ("absent", 0), third: ("absent", 0)}
    assert (register, register.closed_at, Mark.objects.count()) == (again, again.closed_at, 3)
    assert register.closed_by == trainer


def test_a_closed_register_changes_only_with_a_reason():
    _event, session, (first, *_), trainer = a_training()
    actions.close_register(session=session, by=trainer)
    with pytest.raises(RegisterClosedError):
        take(session, first, "present", trainer, reason=" ")
    with pytest.raises(RegisterClosedError):
        actions.mark_all_present(session=session, by=trainer)
    take(session, first, "present", trainer, reason="Signed the paper list.")
    assert attendance(session)[first] == ("present", 180)


def test_an_event_that_is_closed_closes_its_registers():
    _event, session, (first, *_), trainer = a_training(state=EventState.CLOSED, counted_by=CountBasis.HEADCOUNT)
    with pytest.raises(RegisterClosedError):
        take(session, first, "present", trainer)


def test_news_is_sent_after_the_commit(django_capture_on_commit_callbacks):
    event, session, (first, *_), trainer = a_training()
    heard = []

    def listen(sender, event_id, **kwargs):
        heard.append(event_id)

    attendance_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks() as callbacks:
            take(session, first, "present", trainer)
        assert heard == []
        for callback in callbacks[-1:]:
            callback()
    finally:
        attendance_changed.disconnect(listen)
    assert heard == [event.pk]


def test_rebuilding_derives_the_same_attendance_again():
    _event, session, (first, second, third), trainer = a_training()
    take(session, first, "present", trainer)
    take(session, second, "late", trainer, minutes=20)
    actions.annul(mark=take(session, third, "present", trainer), by=trainer)
    right = attendance(session)
    Attendance.objects.filter(registration=first).delete()
    Attendance.objects.filter(registration=second).update(minutes=1)
    Attendance.objects.create(session=session, registration=third, status="present", minutes=180)
    call_command("rebuild_attendance", verbosity=0)
    once = attendance(session)
    call_command("rebuild_attendance", verbosity=0)
    assert (once, attendance(session)) == (right, right)


def test_walk_in_is_registered_and_present():
    event, session, _people, trainer = a_training(people=0)
    registration = actions.add_walk_in(
        event=event, by=trainer, person=Person(full_name="Іван Пізній"), session=session
    )
    assert Registration.objects.get() == registration
    assert (registration.status, registration.source) == ("confirmed", "walk_in")
    assert attendance(session) == {registration: ("present", 180)}


def a_count(value, **more):
    return actions.Count(value=value, **more)


def test_headcount_replaces_the_one_before():
    event, _session, _people, trainer = a_training(people=0)
    actions.enter_headcount(event=event, by=trainer, rows=[a_count(40), a_count(10, sex="F")])
    actions.enter_headcount(
        event=event,
        by=trainer,
        rows=[a_count(300, qualifier="at_least"), a_count(200, sex="F"), a_count(100, sex="M")],
    )
    rows = Headcount.objects.filter(event=event).values_list("value", "qualifier", "sex", "part_of")
    assert list(rows) == [
        (300, "at_least", "", None),
        (200, "exact", "F", event.pk),
        (100, "exact", "M", event.pk),
    ]


def test_another_unit_of_the_event_is_left_alone():
    event, _session, _people, trainer = a_training(people=0)
    sites = Headcount.objects.create(event=event, value=33, unit="sites")
    actions.enter_headcount(event=event, by=trainer, rows=[a_count(40)])
    assert Headcount.objects.filter(unit="sites").get() == sites


@pytest.mark.parametrize(
    "rows",
    [
        [a_count(10), a_count(6, sex="F"), a_count(5, sex="M")],
        [a_count(10), a_count(11, age_band="A18_24")],
        [a_count(10), a_count(3, sex="F"), a_count(4, sex="F")],
        [a_count(10), a_count(3)],
    ],
)
def test_contradicting_headcount_is_refused(rows):
    event, _session, _people, trainer = a_training(people=0)
    with pytest.raises(HeadcountError):
        actions.enter_headcount(event=event, by=trainer, rows=rows)
    assert Headcount.objects.count() == 0


def test_parts_split_differently_are_not_added():
    event, _session, _people, trainer = a_training(people=0)
    rows = [
        a_count(10),
        a_count(10, sex="F"),
        a_count(10, age_band="A18_24"),
        a_count(4, sex="F", age_band="A18_24"),
    ]
    actions.enter_headcount(event=event, by=trainer, rows=rows)
    assert Headcount.objects.count() == 4


def test_no_headcount_of_an_event_that_is_not_on():
    event, _session, _people, trainer = a_training(people=0, state=EventState.DRAFT)
    with pytest.raises(NotHeldError):
        actions.enter_headcount(event=event, by=trainer, rows=[a_count(1)])


def test_the_headcount_of_an_imported_event_is_left_to_the_import():
    event, _session, _people, trainer = a_training(
        people=0, state=EventState.CLOSED, counted_by=CountBasis.NOT_STATED, is_imported=True
    )
    Headcount.objects.create(event=event, value=300, qualifier="at_least", is_imported=True)
    with pytest.raises(HeadcountError):
        actions.enter_headcount(event=event, by=trainer, rows=[a_count(310)])
    assert list(Headcount.objects.values_list("value", flat=True)) == [300]


def closed(event):
    event = Event.objects.get(pk=event.pk)
    return event.state, event.counted_by, event.not_counted_reason


def test_event_without_any_count_is_not_closed():
    event, session, (first, *_), trainer = a_training()
    take(session, first, "absent", trainer)
    Headcount.objects.create(event=event, value=3, unit="sites")
    with pytest.raises(NotCountedError):
        actions.close_event(event=event, by=trainer, reason="  ")
    assert closed(event) == ("scheduled", "", "")


def test_event_is_closed_with_a_reason():
    event, _session, _people, trainer = a_training()
    actions.close_event(event=event, by=trainer, reason="The alarm went on all day.")
    assert closed(event) == ("closed", "not_counted", "The alarm went on all day.")


def test_event_with_attendance_is_closed_by_it():
    event, session, (first, *_), trainer = a_training()
    take(session, first, "late", trainer)
    actions.close_event(event=event, by=trainer, reason="not needed")
    assert closed(event) == ("closed", "attendance", "")


def test_reported_presence_counts_like_marks():
    event, _session, (first, *_), trainer = a_training()
    ReportedPresence.objects.create(registration=first, first_present_on=dt.date(2026, 3, 2))
    actions.close_event(event=event, by=trainer)
    assert closed(event) == ("closed", "attendance", "")


def test_event_with_a_headcount_is_closed_by_it():
    event, _session, _people, trainer = a_training(people=0)
    actions.enter_headcount(event=event, by=trainer, rows=[a_count(300)])
    actions.close_event(event=event, by=trainer)
    assert closed(event) == ("closed", "headcount", "")


@pytest.mark.parametrize("basis", [CountBasis.ATTENDANCE, CountBasis.HEADCOUNT])
def test_event_is_not_closed_by_a_count_that_is_not_there(basis):
    event, _session, _people, trainer = a_training()
    with pytest.raises(NotCountedError):
        actions.close_event(event=event, by=trainer, counted_by=basis)


def test_event_with_attendance_is_not_closed_as_not_counted():
    event, session, (first, *_), trainer = a_training()
    take(session, first, "present", trainer)
    with pytest.raises(NotCountedError):
        actions.close_event(event=event, by=trainer, counted_by=CountBasis.NOT_COUNTED, reason="Forgot.")


def test_closing_takes_as_many_statements_for_three_as_for_thirty():
    taken = []
    for people in (3, 30):
        _event, session, _people, trainer = a_training(people=people)
        with CaptureQueriesContext(connection) as statements:
            actions.close_register(session=session, by=trainer)
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_sessions_have_registers_of_their_own():
    event, session, (first, *_), trainer = a_training()
    other = SessionFactory(event=event, date=dt.date(2026, 3, 3))
    take(session, first, "present", trainer)
    assert (attendance(session), attendance(other)) == ({first: ("present", 180)}, {})


def test_an_event_that_has_not_begun_is_not_closed():
    event, _session, _people, trainer = a_training(people=0)
    coming = timezone.localdate() + dt.timedelta(days=3)
    Event.objects.filter(pk=event.pk).update(starts_on=coming, ends_on=coming)
    event.refresh_from_db()
    with pytest.raises(NotHeldError):
        actions.close_event(event=event, by=trainer, reason="Nobody came.")
