"""Groups, seats of organisations, co-organisers and questions, as they are planned and changed."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from events import actions
from events.exceptions import ScheduleError
from events.models import Event, RegistrationAnswer, Session, Status
from participants.models import Organisation
from safeguarding.models import AuditEntry
from tests.events.factories import EventFactory, register, registration, trainer
from tests.events.test_schedule import FIELDS, plan

pytestmark = pytest.mark.django_db


def organisation(code="ngo"):
    return Organisation.objects.create(code=code, label=f"Organisation {code}")


def lunch(*options, key=None, **changes):
    asked = {"kind": "choice", "text": "Lunch?", "purpose": "To order it.", "options": options, "key": key}
    return actions.QuestionPlan(**{**asked, **changes})


def asked(event):
    return event.questions.get()


def answer(event, question, *, status=Status.CONFIRMED, **fields):
    return RegistrationAnswer.objects.create(
        registration=registration(event, status, ended_at=timezone.now()), question=question, **fields
    )


def test_an_event_is_scheduled_with_all_its_rows():
    by, ngo, host = trainer(), organisation(), organisation("host")
    until = dt.datetime(2027, 5, 20, 21, tzinfo=dt.UTC)
    event = actions.schedule(
        by=by,
        capacity=20,
        sessions=[
            actions.Slot(*plan(), capacity=15),
            actions.Slot(*plan(start=dt.time(14), end=dt.time(16)), group=0),
            actions.Slot(*plan(start=dt.time(16), end=dt.time(18)), group=1),
        ],
        groups=[("Red", 10), ("Blue", None)],
        allocations=[(ngo, 5, until)],
        questions=[lunch("Anything", "Without meat"), ("text", "How do you come?", "To find a car.")],
        co_organisers=[host],
        **FIELDS,
    )
    assert [(str(one.title), one.capacity, one.position) for one in event.groups.all()] == [
        ("Red", 10, 0),
        ("Blue", None, 1),
    ]
    assert [(one.capacity, one.group and str(one.group)) for one in event.sessions.all()] == [
        (15, None),
        (None, "Red"),
        (None, "Blue"),
    ]
    assert list(event.allocations.values_list("organisation", "seats", "held_until")) == [(ngo.pk, 5, until)]
    assert [(one.kind, str(one.text), str(one.purpose), one.position) for one in event.questions.all()] == [
        ("choice", "Lunch?", "To order it.", 0),
        ("text", "How do you come?", "To find a car.", 1),
    ]
    assert [option["text"] for option in event.questions.first().options] == [
        {"en": "Anything"},
        {"en": "Without meat"},
    ]
    assert list(event.organisations.values_list("organisation", "role")) == [(host.pk, "co_organiser")]
    entry = AuditEntry.objects.get(action="change_co_organisers")
    assert (entry.actor, entry.keys) == (by, [event.subject_key, f"+organisation:{host.pk}"])


def test_rows_that_are_not_named_stay():
    event = EventFactory()
    group = event.groups.create(title="Red")
    event.allocations.create(organisation=organisation(), seats=2)
    event.questions.create(text="Lunch?", purpose="To order it.")
    event.organisations.create(organisation=organisation("host"), role="co_organiser")
    event = actions.change(event=event, capacity=9)
    assert [
        event.groups.get(),
        event.allocations.count(),
        event.questions.count(),
        event.organisations.count(),
    ] == [
        group,
        1,
        1,
        1,
    ]


# Groups.


def test_a_group_keeps_its_row_when_its_name_changes_and_goes_when_it_is_left_out():
    event = EventFactory()
    red, blue = event.groups.create(title="Red"), event.groups.create(title="Blue")
    Session.objects.update(group=blue)
    event = actions.change(event=event, groups=[("Green", 3, blue.pk)])
    assert [(one.pk, str(one.title), one.capacity) for one in event.groups.all()] == [(blue.pk, "Green", 3)]
    assert red.pk != blue.pk


def test_a_group_that_people_are_in_is_not_removed():
    event = EventFactory()
    red = event.groups.create(title="Red")
    registration(event, group=red)
    with pytest.raises(ScheduleError) as refused:
        actions.change(event=event, groups=[])
    assert str(refused.value) == "People are registered for the group “Red”, so it cannot be removed."
    assert event.groups.get() == red


def test_a_group_that_only_places_given_back_name_is_removed():
    event = EventFactory()
    gone = registration(event, Status.CANCELLED, group=event.groups.create(title="Red"))
    actions.change(event=event, groups=[])
    gone.refresh_from_db()
    assert (gone.group, event.groups.count()) == (None, 0)


def test_a_group_goes_together_with_its_sessions_choice_but_not_without():
    event = EventFactory()
    red, session = event.groups.create(title="Red"), event.sessions.get()
    Session.objects.update(group=red)
    with pytest.raises(ScheduleError):
        actions.change(event=event, groups=[])
    slot = actions.Slot(session.date, session.start_time, session.end_time, session=session.pk)
    event = actions.change(event=event, groups=[], sessions=[slot])
    session.refresh_from_db()
    assert (session.group, event.groups.count(), event.revision) == (None, 0, 1)


@pytest.mark.parametrize("groups", [[("Red",), ("Blue",)], [("Blue",), ("Red",)]])
def test_a_group_without_a_session_is_refused(groups):
    slots = [actions.Slot(*plan()), actions.Slot(*plan(start=dt.time(14), end=dt.time(16)), group=0)]
    words = f"No session belongs to the group “{groups[1][0]}”. Choose it at a session, or remove the group."
    with pytest.raises(ScheduleError) as refused:
        actions.schedule(by=trainer(), sessions=slots, groups=groups, **FIELDS)
    event = EventFactory()
    with pytest.raises(ScheduleError) as refused_too:
        actions.change(event=event, sessions=slots, groups=groups)
    assert (str(refused.value), str(refused_too.value), event.groups.count()) == (words, words, 0)


def test_an_event_with_a_group_without_a_session_can_still_be_worded():
    event = EventFactory()
    event.groups.create(title="Red")
    assert actions.change(event=event, title="Safe referral").groups.count() == 1


@pytest.mark.parametrize("of_another", ["session", "plan"])
def test_a_group_of_another_event_is_refused(of_another):
    event, other = EventFactory(), EventFactory().groups.create(title="Red")
    session = event.sessions.get()
    slot = actions.Slot(session.date, session.start_time, session.end_time, session=session.pk, group=other)
    change = {"sessions": [slot]} if of_another == "session" else {"groups": [("Red", None, other.pk)]}
    with pytest.raises(ScheduleError):
        actions.change(event=event, **change)


# Seats of organisations.


def test_an_organisation_that_keeps_seats_keeps_its_link():
    event, ngo = EventFactory(capacity=10), organisation()
    key = event.allocations.create(organisation=ngo, seats=5).key
    actions.change(event=event, allocations=[(ngo, 4, None), (organisation("other"), 6, None)])
    assert [(one.organisation.code, one.seats, one.key == key) for one in event.allocations.all()] == [
        ("ngo", 4, True),
        ("other", 6, False),
    ]


def test_no_more_seats_are_set_aside_than_there_are():
    event, ngo, other = EventFactory(capacity=10), organisation(), organisation("other")
    event = actions.change(event=event, allocations=[(ngo, 10, None)])
    with pytest.raises(ScheduleError) as refused:
        actions.change(event=event, allocations=[(ngo, 5, None), (other, 6, None)])
    assert str(refused.value) == "11 seats are set aside for organisations, and the event has 10."
    with pytest.raises(ScheduleError):
        actions.change(event=event, capacity=9)
    # Those that are everybody's by now take nothing from the others.
    past = timezone.now() - dt.timedelta(days=1)
    event = actions.change(event=event, allocations=[(ngo, 5, past), (other, 6, None)])
    assert sorted(event.allocations.values_list("seats", flat=True)) == [5, 6]
    assert actions.change(event=event, capacity=None).capacity is None


def test_seats_that_people_have_stay_set_aside_but_may_become_fewer():
    event, ngo = EventFactory(), organisation()
    one = event.allocations.create(organisation=ngo, seats=5)
    has_seat = registration(event, allocation=one)
    with pytest.raises(ScheduleError):
        actions.change(event=event, allocations=[])
    actions.change(event=event, allocations=[(ngo, 1, None)])
    has_seat.status = Status.CANCELLED
    has_seat.save()
    actions.change(event=event, allocations=[])
    assert event.allocations.count() == 0


def test_an_organisation_without_a_seat_is_refused():
    with pytest.raises(ValidationError):
        actions.change(event=EventFactory(), allocations=[(organisation(), 0, None)])


def test_fewer_seats_than_people_take_nobodys_seat():
    event = EventFactory(capacity=3)
    people = [register(event, number).registration for number in range(3)]
    event = actions.change(event=event, capacity=1)
    assert [one.status for one in event.registrations.order_by("pk")] == [Status.CONFIRMED] * len(people)
    assert register(event, 9).registration.status == Status.WAITLISTED
    actions.cancel_registration(registration=people[0])
    assert event.registrations.filter(status=Status.OFFERED).count() == 0


def test_more_seats_are_offered_to_those_who_wait():
    event = EventFactory(capacity=1)
    for number in range(3):
        register(event, number)
    actions.change(event=event, capacity=2)
    assert [one.status for one in event.registrations.order_by("pk")] == [
        Status.CONFIRMED,
        Status.OFFERED,
        Status.WAITLISTED,
    ]


# Co-organisers.


def test_co_organisers_change_and_others_stay():
    event, by = EventFactory(), trainer()
    old, kept, new = (organisation(code) for code in ("old", "kept", "new"))
    for one in (old, kept):
        event.organisations.create(organisation=one, role="co_organiser")
    event.organisations.create(organisation=old, role="participant", persons_sent=4)
    for _ in range(2):
        event = actions.change(event=event, by=by, co_organisers=[kept, new])
    assert sorted(event.organisations.values_list("organisation__code", "role")) == [
        ("kept", "co_organiser"),
        ("new", "co_organiser"),
        ("old", "participant"),
    ]
    assert [entry.keys[1:] for entry in AuditEntry.objects.filter(action="change_co_organisers")] == [
        [f"+organisation:{new.pk}", f"-organisation:{old.pk}"]
    ]


# Questions.


def keys_of(event):
    return {str(LazyI18nString(option["text"])): option["key"] for option in asked(event).options}


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        (("C", "A", "B"), {"A": "A", "B": "B", "C": "C"}),
        (("A", "Bee", "C"), {"A": "A", "B": "Bee", "C": "C"}),
        (("A", "B", "C", "D"), {"A": "A", "B": "B", "C": "C"}),
        (("A", "C"), {"A": "A", "C": "C"}),
        # Which of the two is the one that was reworded nobody can tell.
        (("A", "X", "Y", "C"), {"A": "A", "C": "C"}),
    ],
)
def test_an_option_keeps_its_key_when_its_words_or_its_place_change(after, kept):
    event = actions.schedule(by=None, sessions=[plan()], questions=[lunch("A", "B", "C")], **FIELDS)
    before = keys_of(event)
    actions.change(event=event, questions=[lunch(*after, key=asked(event).key)])
    now = keys_of(event)
    assert list(now) == list(after)
    assert {old: new for old in before for new in now if before[old] == now[new]} == kept


def test_an_option_is_known_by_its_words_in_any_language():
    texts = [{"en": "Anything", "uk": "Усе"}, {"en": "Without meat", "uk": "Без м’яса"}]
    event = actions.schedule(by=None, sessions=[plan()], questions=[lunch(*texts)], **FIELDS)
    before = [option["key"] for option in asked(event).options]
    texts = [{"en": "No meat", "uk": "Без м’яса"}, {"en": "All", "uk": "Усе"}]
    actions.change(event=event, questions=[lunch(*texts, key=asked(event).key)])
    assert [(option["key"], option["text"]) for option in asked(event).options] == [
        (before[1], texts[0]),
        (before[0], texts[1]),
    ]


def test_an_option_that_somebody_chose_is_not_removed():
    event = actions.schedule(by=None, sessions=[plan()], questions=[lunch("A", "B", "C")], **FIELDS)
    question = asked(event)
    answer(event, question, chosen=[question.options[1]["key"]])
    with pytest.raises(ScheduleError) as refused:
        actions.change(event=event, questions=[lunch("A", "C", key=question.key)])
    assert str(refused.value) == "Somebody chose the answer “B” already, so it cannot be removed."
    actions.change(event=event, questions=[lunch("A", "B", key=question.key)])
    assert list(keys_of(event)) == ["A", "B"]


def test_a_question_that_is_answered_stays_and_keeps_its_kind():
    event = actions.schedule(by=None, sessions=[plan()], questions=[lunch("A", "B")], **FIELDS)
    question = asked(event)
    answer(event, question, chosen=[question.options[0]["key"]])
    for questions in ([], [lunch(key=question.key, kind="text")]):
        with pytest.raises(ScheduleError):
            actions.change(event=event, questions=questions)
    actions.change(event=event, questions=[lunch("A", "B", key=question.key, text="Which lunch?")])
    assert (asked(event).pk, str(asked(event).text)) == (question.pk, "Which lunch?")


def test_a_question_that_only_places_given_back_answered_is_removed():
    event = actions.schedule(by=None, sessions=[plan()], questions=[lunch("A", "B")], **FIELDS)
    answer(event, asked(event), status=Status.CANCELLED, text="x")
    actions.change(event=event, questions=[])
    assert (event.questions.count(), RegistrationAnswer.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "question",
    [lunch("A", "B", purpose=""), lunch("A", "B", text=""), lunch("A"), lunch("A", "B", kind="riddle")],
    ids=["no purpose", "no text", "one option", "unknown kind"],
)
def test_what_is_no_question_is_refused(question):
    with pytest.raises((ScheduleError, ValidationError)):
        actions.schedule(by=None, sessions=[plan()], questions=[question], **FIELDS)
    assert Event.objects.count() == 0


def test_a_question_that_is_gone_is_not_changed():
    event, other = EventFactory(), EventFactory()
    key = other.questions.create(text="Lunch?", purpose="To order it.").key
    with pytest.raises(ScheduleError):
        actions.change(event=event, questions=[lunch("A", "B", key=key)])
