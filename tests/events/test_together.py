"""Families, parallel groups, seats of organisations, and rooms with fewer seats than the event."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from events import actions, seats
from events.exceptions import MoveError, RegistrationError
from events.models import (
    Allocation,
    Confidential,
    ParallelGroup,
    RegistrationAnswer,
    RegistrationPolicy,
    RegistrationQuestion,
    Status,
)
from events.people import Relative, Reply
from notifications.models import Message
from participants.models import ConsentText, Organisation, Participant
from safeguarding.models import AuditEntry
from tests.events.factories import CONSENTS, EventFactory, SessionFactory, person, register, trainer

pytestmark = pytest.mark.django_db

MOTHER = {"email": "mother@example.org", "relative": Relative("Olha Koval", "mother")}


def family(event, *numbers, submission=None, **fields):
    people = [person(number, **{**MOTHER, **fields}) for number in numbers]
    return actions.register_together(
        event=event, people=people, submission=submission or uuid.uuid4(), language="en"
    )


def allocation(event, seats=2, code="shelter", **fields):
    organisation = Organisation.objects.create(code=code, label=code)
    return Allocation.objects.create(event=event, organisation=organisation, seats=seats, **fields)


def group(event, title, capacity=None):
    return ParallelGroup.objects.create(event=event, title=LazyI18nString({"en": title}), capacity=capacity)


def statuses(event):
    return [str(status) for status in event.registrations.order_by("pk").values_list("status", flat=True)]


def test_a_family_is_seated_together_and_told_once():
    event = EventFactory(capacity=3)
    outcomes = family(event, 1, 2, 3)
    assert [one.status for one in outcomes] == [Status.CONFIRMED] * 3
    (party,) = set(event.registrations.values_list("party", flat=True))
    assert party is not None
    assert list(Message.objects.values_list("purpose", "recipient", "subject_key")) == [
        ("events.registered", "mother@example.org", str(outcomes[0].registration.uuid))
    ]
    assert set(Confidential.objects.values_list("relative_name", "relative_relation")) == {
        ("Olha Koval", "mother")
    }


def test_a_family_that_does_not_fit_waits_whole_and_nobody_passes_it():
    event = EventFactory(capacity=3)
    register(event, 1)
    assert [one.status for one in family(event, 2, 3, 4)] == [Status.WAITLISTED] * 3
    assert register(event, 5).status == Status.WAITLISTED


def test_a_family_is_offered_seats_when_there_are_enough_for_all():
    event = EventFactory(capacity=3)
    first, second = (register(event, number).registration for number in (1, 2))
    waiting = family(event, 3, 4, 5)
    actions.cancel_registration(registration=first)
    assert statuses(event)[2:] == ["waitlisted"] * 3
    actions.cancel_registration(registration=second)
    assert statuses(event)[2:] == ["offered"] * 3
    assert Message.objects.filter(purpose="events.offer").count() == 1
    actions.accept_offer(registration=waiting[1].registration)
    assert statuses(event)[2:] == ["confirmed"] * 3


def test_when_one_of_a_waiting_family_stays_at_home_the_others_may_fit():
    event = EventFactory(capacity=2)
    register(event, 1)
    waiting = family(event, 2, 3)
    actions.cancel_registration(registration=waiting[0].registration)
    assert statuses(event) == ["confirmed", "cancelled", "offered"]


def test_one_of_a_family_gives_their_own_seat_back():
    event = EventFactory(capacity=2)
    there = family(event, 1, 2)
    waiting = register(event, 3).registration
    actions.cancel_registration(registration=there[0].registration)
    waiting.refresh_from_db()
    assert (statuses(event), waiting.status) == (["cancelled", "confirmed", "offered"], Status.OFFERED)


def test_the_form_of_a_family_sent_twice_is_one_family():
    event, submission = EventFactory(capacity=9), uuid.uuid4()
    first, second = (family(event, 1, 2, submission=submission) for _time in range(2))
    assert [one.registration for one in second] == [one.registration for one in first]
    assert (event.registrations.count(), Participant.objects.count(), Message.objects.count()) == (2, 2, 1)


def test_another_form_of_the_same_family_adds_only_who_is_new():
    event = EventFactory(capacity=9)
    family(event, 1, 2)
    again = family(event, 1, 2, 3)
    assert ([one.created for one in again], event.registrations.count()) == ([False, False, True], 3)


def test_the_same_name_twice_in_a_form_is_a_mistake():
    with pytest.raises(RegistrationError) as refused:
        family(EventFactory(), 1, 1)
    assert "stands there twice" in str(refused.value)
    assert Participant.objects.count() == 0


def test_a_family_costs_three_statements_for_each_further_person_and_its_answers_none():
    """To recognise them; what is written is written in as many statements as for one."""
    event = EventFactory(capacity=20)
    texts = ConsentText.objects.filter(purpose__in=CONSENTS).asked_now()
    counts = []
    for numbers in ([1], [2, 3], [4, 5, 6]):
        with CaptureQueriesContext(connection) as queries:
            family(event, *numbers, texts=texts)
        ends = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
        counts.append(len([one for one in queries if not one["sql"].startswith(ends)]))
    assert counts == [10, 13, 16]


def test_seats_of_an_organisation_are_nobody_elses():
    event = EventFactory(capacity=3)
    shelter = allocation(event, seats=2)
    assert register(event, 1).status == Status.CONFIRMED
    assert register(event, 2).status == Status.WAITLISTED
    assert [register(event, number, allocation=shelter).status for number in (3, 4, 5)] == [
        Status.CONFIRMED,
        Status.CONFIRMED,
        Status.WAITLISTED,
    ]


def test_a_seat_of_an_organisation_that_is_given_back_goes_to_its_own_line():
    event = EventFactory(capacity=3)
    shelter = allocation(event, seats=1)
    theirs = register(event, 1, allocation=shelter).registration
    for number in (2, 3, 4):
        register(event, number)
    register(event, 5, allocation=shelter)
    actions.cancel_registration(registration=theirs)
    assert statuses(event) == ["cancelled", "confirmed", "confirmed", "waitlisted", "offered"]


def test_seats_that_an_organisation_did_not_take_in_time_are_offered_to_those_who_wait():
    event = EventFactory(capacity=2)
    now = timezone.now()
    shelter = allocation(event, seats=2, held_until=now + dt.timedelta(days=2))
    register(event, 1, allocation=shelter)
    assert register(event, 2).status == Status.WAITLISTED
    later = now + dt.timedelta(days=3)
    assert actions.expire_offers(now=later) == 1
    assert statuses(event) == ["confirmed", "offered"]
    late = actions.register(
        event=event, person=person(3), submission=uuid.uuid4(), language="en", allocation=shelter, now=later
    )
    assert late.status == Status.WAITLISTED, "the link still works, and they stand in line like everybody"


def test_where_only_organisations_may_register_nobody_else_can():
    event = EventFactory(policy=RegistrationPolicy.ORGANISATION, capacity=3)
    shelter = allocation(event)
    with pytest.raises(RegistrationError):
        register(event, 1)
    assert register(event, 1, allocation=shelter).status == Status.CONFIRMED


def test_a_group_has_seats_of_its_own():
    event = EventFactory(capacity=5)
    morning, evening = group(event, "Morning", 1), group(event, "Evening")
    SessionFactory(event=event, group=evening, capacity=2)
    found = [register(event, n, group=morning).status for n in (1, 2)]
    found += [register(event, n, group=evening).status for n in (3, 4, 5)]
    assert found == ["confirmed", "waitlisted", "confirmed", "confirmed", "waitlisted"]


def test_the_smallest_room_that_everybody_needs_decides():
    event = EventFactory(capacity=5)
    SessionFactory(event=event, capacity=1)
    assert [register(event, n).status for n in (1, 2)] == [Status.CONFIRMED, Status.WAITLISTED]
    shown = type(event).objects.with_seats().get(pk=event.pk)
    assert seats.words(shown) == ("Waiting list", False)


def test_somebody_changes_the_group_while_a_seat_is_free_there():
    event = EventFactory(capacity=5)
    morning, evening = group(event, "Morning", 1), group(event, "Evening", 1)
    first = register(event, 1, group=morning).registration
    waiting = register(event, 2, group=morning).registration
    actions.change_answers(registration=first, group=evening)
    waiting.refresh_from_db()
    assert waiting.status == Status.OFFERED, "the seat that became free is offered"
    with pytest.raises(MoveError):
        actions.change_answers(registration=waiting, group=evening)


def test_without_a_waiting_list_the_first_over_the_capacity_is_refused():
    event = EventFactory(capacity=1, has_waiting_list=False)
    register(event, 1)
    with pytest.raises(RegistrationError):
        register(event, 2)
    assert (event.registrations.count(), Participant.objects.count()) == (1, 1)
    assert seats.words(type(event).objects.with_seats().get(pk=event.pk)) == ("All seats are taken", False)


def test_fewer_seats_than_people_take_nobodys_seat_and_give_no_new_one():
    event = EventFactory(capacity=3)
    people = [register(event, number).registration for number in range(5)]
    actions.change(event=event, capacity=1)
    assert statuses(event) == ["confirmed"] * 3 + ["waitlisted"] * 2
    for one in people[:2]:
        actions.cancel_registration(registration=one)
    assert statuses(event) == ["cancelled"] * 2 + ["confirmed"] + ["waitlisted"] * 2
    actions.cancel_registration(registration=people[2])
    assert statuses(event)[3:] == ["offered", "waitlisted"]


def test_staff_let_somebody_go_first_and_it_is_written_down():
    event = EventFactory(capacity=1)
    there = register(event, 1).registration
    register(event, 2)
    urgent, by = register(event, 3).registration, trainer(event=event)
    actions.set_priority(registration=urgent, priority=1, by=by)
    actions.cancel_registration(registration=there)
    assert statuses(event) == ["cancelled", "waitlisted", "offered"]
    assert list(AuditEntry.objects.filter(action="change_priority").values_list("keys", flat=True)) == [
        [str(urgent.uuid)]
    ]


def test_answers_are_kept_changed_and_taken_back():
    event = EventFactory()
    question = RegistrationQuestion.objects.create(
        event=event, text=LazyI18nString({"en": "How do you come?"}), purpose=LazyI18nString({"en": "For the bus"})
    )
    made = register(event, 1, replies={question: Reply("By bus")}).registration
    assert list(RegistrationAnswer.objects.values_list("registration", "text")) == [(made.pk, "By bus")]
    actions.change_answers(registration=made, replies={question: Reply("On foot")})
    assert list(RegistrationAnswer.objects.values_list("text", flat=True)) == ["On foot"]
    actions.change_answers(registration=made, replies={question: Reply()})
    assert RegistrationAnswer.objects.count() == 0


def test_after_the_deadline_nothing_is_changed():
    event = EventFactory(registration_closes_at=timezone.now() + dt.timedelta(days=1))
    made = register(event, 1).registration
    with pytest.raises(MoveError):
        actions.change_answers(registration=made, access_needs="A ramp", now=timezone.now() + dt.timedelta(days=2))
    assert Confidential.objects.count() == 0
