"""Somebody with two rows is one person wherever they see what is theirs, and two again once the merge is undone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates import actions as certificates
from certificates.models import Certificate
from certificates.parts import own
from certificates.sweeps import owed
from courses import actions as courses
from courses.models import Course, LessonProgress, LessonState
from events.models import Registration
from participants import actions, sameness
from participants.identity import link_token
from participants.models import ConsentText, Participant, Purpose
from tests.attendance.factories import RegistrationFactory
from tests.certificates.factories import (
    AssessmentFactory,
    CertificateFactory,
    EnrolmentFactory,
    PassedAttemptFactory,
)
from tests.certificates.test_actions import a_finished_training
from tests.courses import trees
from tests.courses.factories import QuestionFactory
from tests.events.factories import EventFactory, known, register, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return user("manager@example.org")


def with_phone(full_name, email):
    """A row with two proven contacts, of which the phone is that of all rows here: it is what opens the other ones."""
    who = actions.create_participant(full_name=full_name, email=email, phone="+380671234567", language="en")
    who.contact_keys.update(verified_at=timezone.now())
    return who


@pytest.fixture
def olena():
    return with_phone("Олена Коваль", "olena@example.org")


@pytest.fixture
def twin():
    return with_phone("Olena Koval", "other@example.org")


def enter(client, row):
    row.refresh_from_db()
    return client.get(f"/en/p/{link_token(row, 'email')}/")


def page_of(registration):
    return reverse("oberih_events:registration", kwargs={"uuid": registration.uuid})


def test_every_link_shows_the_whole_person_and_only_its_own_row_after_undoing(client, by, olena, twin):
    first, second = (register(EventFactory(), participant=row).registration for row in (olena, twin))
    decided = sameness.merge(kept=olena, other=twin, by=by)
    for row in (olena, twin):
        enter(client, row)
        assert [client.get(page_of(one)).status_code for one in (first, second)] == [200, 200]
        learning = client.get(reverse("oberih_courses:learning"))
        assert [page_of(one) in learning.text for one in (first, second)] == [True, True]
        assert learning.context["participant"] == olena
    sameness.unmerge(merge=decided, by=by)
    # The link of before is dead, and a new one is the twin's alone.
    assert client.get(page_of(second)).status_code == 404
    enter(client, twin)
    assert [client.get(page_of(one)).status_code for one in (first, second)] == [404, 200]
    text = client.get(reverse("oberih_courses:learning")).text
    assert [page_of(one) in text for one in (first, second)] == [False, True]


def test_either_account_shows_the_whole_person(client, by, olena, twin):
    made = [register(EventFactory(), participant=row).registration for row in (olena, twin)]
    accounts = []
    for row, email in ((olena, "olena@example.org"), (twin, "other@example.org")):
        row.user = user(email)
        row.save()
        accounts.append(row.user)
    sameness.merge(kept=olena, other=twin, by=by)
    for account in accounts:
        client.force_login(account)
        assert [client.get(page_of(one)).status_code for one in made] == [200, 200]
        assert courses.learner_for(account) == olena


def test_charlie_with_another_row_sees_neither(client, by, olena, twin):
    made = [register(EventFactory(), participant=row).registration for row in (olena, twin)]
    sameness.merge(kept=olena, other=twin, by=by)
    enter(client, known("Олена Коваль", "charlie@example.org"))
    assert [client.get(page_of(one)).status_code for one in made] == [404, 404]


@pytest.mark.parametrize("kept", [0, 1])
def test_a_contact_of_either_row_names_the_person(by, olena, twin, kept):
    rows = [olena, twin]
    sameness.merge(kept=rows[kept], other=rows[1 - kept], by=by)
    for email in ("olena@example.org", "other@example.org"):
        assert actions.find_known(full_name="Олена Коваль", email=email) == rows[kept]


def test_two_rows_with_one_proven_contact_are_no_question_once_merged(by, olena):
    twin = known("Olena Koval", "olena@example.org")
    asked = {"full_name": "Олена Коваль", "email": "olena@example.org"}
    assert actions.find_known(**asked) is None
    decided = sameness.merge(kept=olena, other=twin, by=by)
    assert actions.find_known(**asked) == olena
    sameness.unmerge(merge=decided, by=by)
    assert actions.find_known(**asked) is None


def test_an_account_is_joined_to_the_row_that_gave_its_address(by, olena, twin):
    sameness.merge(kept=olena, other=twin, by=by)
    account = user("other@example.org")
    assert actions.claim(account) == twin
    assert actions.find_known(full_name="", user=account) == olena


def test_whoever_is_registered_under_the_other_row_is_registered(client, by, olena, twin):
    event = EventFactory()
    made = register(event, participant=twin).registration
    sameness.merge(kept=olena, other=twin, by=by)
    again = register(event, 2, participant=Participant.objects.get(pk=olena.pk))
    by_contact = register(event, 3, full_name="Олена Коваль", email="olena@example.org")
    assert (again.registration, by_contact.registration, Registration.objects.count()) == (made, made, 1)
    enter(client, olena)
    response = client.get(reverse("oberih_events:register", kwargs={"code": event.code}))
    assert response.url == page_of(made)


@pytest.fixture
def course(index):
    return trees.course(index)


def test_a_course_goes_on_where_the_person_got_furthest(client, by, olena, twin, course):
    page, _module, lessons = course
    row = Course.objects.get(key=page.translation_key)
    further, latest = (courses.enrol(participant=who, course=row) for who in (twin, olena))
    LessonProgress.objects.create(
        enrolment=further,
        lesson_id=lessons[0].translation_key,
        language="en",
        state=LessonState.COMPLETED,
        completed_at="2026-01-01T00:00Z",
    )
    decided = sameness.merge(kept=olena, other=twin, by=by)
    enter(client, olena)
    assert courses.enrol(participant=olena, course=row) == further
    (taken,) = client.get(reverse("oberih_courses:learning")).context["open"]
    assert (taken.enrolment, taken.done) == (further, 1)
    sameness.unmerge(merge=decided, by=by)
    assert courses.enrol(participant=olena, course=row) == latest


def test_an_attempt_under_the_other_row_is_the_persons(client, by, olena, twin, course):
    row = Course.objects.get(key=course[0].translation_key)
    enrolment = courses.enrol(participant=twin, course=row)
    assessment = AssessmentFactory(course=row)
    assessment.bank.create(question_key=QuestionFactory().translation_key)
    attempt = courses.start_attempt(enrolment=enrolment, assessment=assessment, language="en")
    url = reverse("oberih_courses:attempt", args=[attempt.uuid])
    enter(client, olena)
    assert client.get(url).status_code == 404
    sameness.merge(kept=olena, other=twin, by=by)
    enter(client, olena)
    assert client.get(url).status_code == 200


def test_two_rows_of_one_person_at_one_event_earn_one_certificate(by):
    event, _session, (first, second, other), _trainer = a_finished_training(people=3)
    sameness.merge(kept=second.participant, other=first.participant, by=by)
    made = certificates.evaluate_event(event.pk)
    assert {one.participant for one in made} == {first.participant, other.participant}
    assert certificates.evaluate_event(event.pk) == []


def test_whoever_holds_it_under_another_row_is_not_given_it_again(by):
    event, _session, (first, second), _trainer = a_finished_training(people=2)
    CertificateFactory(participant=first.participant, rule=certificates.rule_for_event(event), event=event)
    sameness.merge(kept=second.participant, other=first.participant, by=by)
    assert certificates.evaluate_event(event.pk) == []


def test_two_that_were_issued_before_stay(by):
    event, _session, (first, second), _trainer = a_finished_training(people=2)
    certificates.evaluate_event(event.pk)
    sameness.merge(kept=first.participant, other=second.participant, by=by)
    assert certificates.evaluate_event(event.pk) == []
    assert Certificate.objects.count() == 2
    # Counted as one; what each sees is what their own contact opens.
    assert [one.participant for one in own(first.participant)] == [first.participant]


def test_a_no_to_certificates_holds_for_every_row(by):
    event, _session, (first, second), _trainer = a_finished_training(people=2)
    ConsentText.objects.create(purpose=Purpose.CERTIFICATE, version=99, text="…")
    actions.record_consents(first.participant, {Purpose.CERTIFICATE: False}, language="en")
    sameness.merge(kept=second.participant, other=first.participant, by=by)
    assert certificates.evaluate_event(event.pk) == []


def passed(course, participant):
    enrolment = EnrolmentFactory(course=course, participant=participant)
    PassedAttemptFactory(enrolment=enrolment, assessment=course.assessments.get())
    return enrolment


def test_a_course_passed_under_two_rows_is_one_certificate_and_the_sweep_asks_no_more(by, olena, twin):
    row = AssessmentFactory().course
    sameness.merge(kept=olena, other=twin, by=by)
    first, second = passed(row, olena), passed(row, twin)
    made = [*certificates.evaluate_enrolment(second.pk), *certificates.evaluate_enrolment(first.pk)]
    assert [one.participant for one in made] == [twin]
    owed()
    assert list(certificates.earning._unweighed_enrolments()) == []
    assert Certificate.objects.count() == 1


def test_walking_in_under_another_row_is_the_same_registration(by, olena, twin):
    from events import actions as events
    from events.people import Person

    made = RegistrationFactory(participant=twin, event=EventFactory())
    sameness.merge(kept=olena, other=twin, by=by)
    person = Person(full_name="Олена Коваль", email="olena@example.org")
    assert events.add_walk_in(event=made.event, by=by, person=person) == made
