import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Enrolment
from events import actions, seats, signals
from events.exceptions import MoveError, RegistrationError
from events.models import EventState, Registration, RegistrationPolicy, Status
from notifications.models import Message
from participants.codes import AgeBand
from participants.models import Area, Category, Consent, ConsentText, Participant, Purpose
from tests.events.factories import (
    CONSENTS,
    CourseFactory,
    EventFactory,
    known,
    person,
    register,
    registration,
    user,
)

pytestmark = pytest.mark.django_db


def owed():
    return sorted(Message.objects.values_list("purpose", "occurrence", "recipient"))


def test_somebody_who_registers_has_a_seat_and_is_told():
    event = EventFactory(capacity=1)
    outcome = register(event)
    assert (outcome.created, outcome.status) == (True, Status.CONFIRMED)
    made = Registration.objects.get()
    assert (made.status, made.source, made.language, made.confirmed_at is not None) == (
        Status.CONFIRMED,
        "self",
        "en",
        True,
    )
    assert owed() == [("events.registered", "confirmed", "person1@example.org")]
    assert sorted(Consent.objects.values_list("text__purpose", "given", "channel")) == [
        ("register", True, "web"),
        ("statistics", True, "web"),
    ]


def test_the_first_over_the_capacity_waits_and_the_next_behind_them():
    event = EventFactory(capacity=1)
    outcomes = [register(event, number) for number in (1, 2, 3)]
    assert [one.status for one in outcomes] == [Status.CONFIRMED, Status.WAITLISTED, Status.WAITLISTED]
    assert [seats.position(one.registration) for one in outcomes[1:]] == [1, 2]


def test_an_offered_seat_is_nobody_elses():
    event = EventFactory(capacity=1)
    registration(event, Status.OFFERED, offer_expires_at=timezone.now() + dt.timedelta(hours=1))
    assert register(event).status == Status.WAITLISTED


def test_nobody_passes_those_who_wait():
    event = EventFactory(capacity=5)
    registration(event, Status.WAITLISTED)
    outcome = register(event)
    assert (outcome.status, seats.position(outcome.registration)) == (Status.WAITLISTED, 2)


def test_an_event_without_a_capacity_takes_everybody():
    event = EventFactory(capacity=None)
    assert [register(event, number).status for number in (1, 2, 3)] == [Status.CONFIRMED] * 3


def test_where_the_trainer_approves_everybody_waits_for_that():
    event = EventFactory(policy=RegistrationPolicy.APPROVAL, capacity=5)
    assert register(event).status == Status.PENDING
    assert owed() == [("events.registered", "pending", "person1@example.org")]


def test_staff_register_somebody_past_the_approval():
    event = EventFactory(policy=RegistrationPolicy.APPROVAL, capacity=1)
    assert register(event, 1, source="staff").status == Status.CONFIRMED
    assert register(event, 2, source="staff").status == Status.WAITLISTED


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"state": EventState.CANCELLED}, "This event was cancelled."),
        ({"state": EventState.DRAFT}, "Registration for this event is closed."),
        (
            {"state": EventState.CLOSED, "counted_by": "attendance"},
            "Registration for this event is closed.",
        ),
        ({"registration_opens_at": "later"}, "Registration for this event has not opened yet."),
        ({"registration_closes_at": "earlier"}, "Registration for this event is closed."),
        ({"starts_on": "yesterday"}, "Registration for this event is closed."),
    ],
)
def test_outside_of_its_window_nobody_can_register(fields, reason):
    now = timezone.now()
    times = {
        "later": now + dt.timedelta(hours=1),
        "earlier": now - dt.timedelta(hours=1),
        "yesterday": timezone.localdate() - dt.timedelta(days=1),
    }
    event = EventFactory(**{name: times.get(value, value) for name, value in fields.items()})
    with pytest.raises(RegistrationError) as refused:
        register(event)
    assert str(refused.value) == reason
    assert (Registration.objects.count(), Participant.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_the_same_form_sent_twice_is_one_registration():
    event, submission = EventFactory(capacity=1), uuid.uuid4()
    first, second = (register(event, submission=submission) for _ in range(2))
    assert second.registration == first.registration
    assert (second.created, second.status) == (False, Status.CONFIRMED)
    assert (Registration.objects.count(), Participant.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_the_same_form_is_answered_after_registration_has_closed():
    event, submission = EventFactory(), uuid.uuid4()
    first = register(event, submission=submission)
    event.registration_closes_at = timezone.now()
    event.save()
    assert register(event, submission=submission).registration == first.registration


def test_a_second_form_of_the_same_name_and_contact_shows_what_a_newcomer_is_told():
    event = EventFactory(capacity=1)
    first = register(event)
    form = uuid.uuid4()
    second = register(event, submission=form)
    assert second.registration == first.registration
    assert (second.created, second.status) == (False, Status.WAITLISTED)
    assert owed() == [
        ("events.registered", f"again {form}", "person1@example.org"),
        ("events.registered", "confirmed", "person1@example.org"),
    ]
    register(event, submission=form)
    assert (Message.objects.count(), Participant.objects.count()) == (2, 1)


def test_a_second_form_after_a_new_contact_key_is_the_same_registration(settings):
    event = EventFactory()
    register(event)
    settings.OBERIH_PARTICIPANTS_CONTACT_KEYS = {
        **settings.OBERIH_PARTICIPANTS_CONTACT_KEYS,
        "10": "a newer secret",
    }
    assert (register(event).created, Registration.objects.count()) == (False, 1)


def test_a_name_in_another_script_and_order_is_the_same_name():
    event = EventFactory()
    first = register(event, full_name="Олена Коваль")
    assert register(event, full_name="Koval Olena").registration == first.registration


def test_relatives_who_share_a_contact_are_two_people():
    event = EventFactory()
    register(event, full_name="Олена Коваль")
    assert register(event, full_name="Іван Коваль").created
    assert Participant.objects.count() == 2


def test_somebody_known_by_a_verified_contact_is_not_counted_twice():
    event, olena = EventFactory(), known()
    outcome = register(event, full_name="Олена Коваль", email="Olena@Example.org")
    assert outcome.registration.participant == olena
    assert Participant.objects.count() == 1


def test_a_contact_that_was_never_verified_identifies_nobody():
    event, other = EventFactory(), EventFactory()
    register(event)
    register(other)
    assert Participant.objects.count() == 2


def test_after_a_cancellation_the_same_person_can_register_again():
    event = EventFactory()
    first = register(event).registration
    actions.cancel_registration(registration=first)
    second = register(event)
    assert (second.created, second.status) == (True, Status.CONFIRMED)


def test_a_user_who_speaks_of_themselves_gets_their_participant():
    event, charlie = EventFactory(), user("person1@example.org")
    outcome = register(event, user=charlie)
    assert outcome.registration.participant.user == charlie
    assert register(EventFactory(), user=charlie).registration.participant == outcome.registration.participant


def test_answers_are_frozen_on_the_first_day_of_the_event():
    event = EventFactory(starts_on=dt.date(timezone.localdate().year + 1, 1, 2), capacity=3)
    category = Category.objects.create(code="t_guard", label="Border guard")
    area = Area.objects.create(code="T05", label="Vinnytsia", country="UA")
    made = register(
        event,
        birth_year=event.starts_on.year - 18,
        sex="F",
        category=category,
        origin_area=area,
        displacement="IDP",
    ).registration
    assert (made.age_band, made.sex, made.category, made.origin_area, made.displacement) == (
        AgeBand.A18_24,
        "F",
        category,
        area,
        "IDP",
    )
    made.participant.category = None
    made.participant.save()
    made.refresh_from_db()
    assert made.category == category


def test_without_the_consent_no_answer_is_kept():
    event = EventFactory()
    consents = {Purpose.REGISTER: True, Purpose.STATISTICS: False}
    made = register(event, birth_year=1990, sex="F", displacement="IDP", consents=consents).registration
    who = made.participant
    assert (made.age_band, made.sex, made.displacement) == (AgeBand.AUNK, "U", "U")
    assert (who.birth_year, who.sex, who.displacement) == (None, "U", "U")
    assert dict(Consent.objects.values_list("text__purpose", "given")) == {"register": True, "statistics": False}


def test_somebody_known_who_withholds_the_consent_is_counted_by_nothing_that_was_known():
    event, olena = EventFactory(), known()
    olena.sex, olena.birth_year = "F", 1990
    olena.save()
    consents = {Purpose.REGISTER: True, Purpose.STATISTICS: False}
    made = register(event, participant=olena, email=olena.email, full_name=olena.full_name, consents=consents)
    assert (made.registration.sex, made.registration.age_band) == ("U", AgeBand.AUNK)
    olena.refresh_from_db()
    assert (olena.sex, olena.birth_year) == ("F", 1990)


def test_answers_of_a_stranger_do_not_change_what_is_known_of_a_person():
    event, olena = EventFactory(), known()
    made = register(event, full_name="Olena Koval", email=olena.email, sex="M").registration
    olena.refresh_from_db()
    assert (made.participant, made.sex, olena.sex) == (olena, "M", "U")


def test_answers_in_their_own_form_become_the_next_defaults():
    event, olena = EventFactory(), known()
    register(event, participant=olena, full_name=olena.full_name, email=olena.email, sex="F", birth_year=1990)
    olena.refresh_from_db()
    assert (olena.sex, olena.birth_year) == ("F", 1990)


def test_a_seat_enrols_in_the_course_in_the_same_transaction():
    event = EventFactory(course=CourseFactory(), capacity=1)
    made = register(event).registration
    register(event, 2)
    assert list(Enrolment.objects.values_list("participant", "course", "source")) == [
        (made.participant_id, event.course_id, f"registration:{made.uuid}")
    ]


def test_the_rooms_above_hear_of_a_seat_after_the_commit(django_capture_on_commit_callbacks):
    heard = []

    def hear(registration_id, **kwargs):
        heard.append(registration_id)

    signals.registration_confirmed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            event = EventFactory(capacity=1)
            made = register(event).registration
            register(event, 2)
            assert heard == []
    finally:
        signals.registration_confirmed.disconnect(hear)
    assert heard == [made.pk]


@pytest.mark.parametrize("with_course", [False, True])
def test_a_registration_costs_nine_statements_and_a_course_two_more(with_course):
    event = EventFactory(capacity=5, course=CourseFactory() if with_course else None)
    # As a form gives them, which has shown them.
    texts = ConsentText.objects.filter(purpose__in=CONSENTS).asked_now()
    with CaptureQueriesContext(connection) as queries:
        register(event, phone="+380671234567", texts=texts)
    counted = [
        query["sql"]
        for query in queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
    assert len(counted) == (11 if with_course else 9), "\n".join(counted)


def test_a_walk_in_comes_over_the_capacity_and_past_the_line():
    event = EventFactory(capacity=1)
    register(event, 1)
    register(event, 2)
    by = user("trainer@example.org")
    made = actions.add_walk_in(event=event, by=by, person=person(3, email="", consents={}))
    assert (made.status, made.source, made.registered_by) == (Status.CONFIRMED, "walk_in", by)
    assert Consent.objects.filter(participant=made.participant).count() == 0


def test_a_walk_in_who_waited_is_let_in_on_their_own_registration():
    event = EventFactory(capacity=1, course=CourseFactory())
    register(event, 1)
    waiting = register(event, 2).registration
    made = actions.add_walk_in(event=event, by=None, person=person(2))
    assert (made, made.status) == (waiting, Status.CONFIRMED)
    assert Enrolment.objects.filter(participant=made.participant).count() == 1


def test_nobody_walks_into_a_cancelled_event():
    event = EventFactory(state=EventState.CANCELLED)
    with pytest.raises(RegistrationError):
        actions.add_walk_in(event=event, by=None, person=person())


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.DECLINED])
def test_an_ended_registration_goes_nowhere(status):
    made = registration(EventFactory(), status)
    for goal in Status:
        with pytest.raises(MoveError):
            made.move(goal)
