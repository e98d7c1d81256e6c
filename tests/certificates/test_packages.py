"""A package alone is never enough for a certificate, whatever the course's rule asks for."""

import pytest
from django.utils import timezone

from certificates import actions
from certificates.models import AwardRule
from courses import actions as courses
from courses.models import Confirmation, LessonProgress, LessonState
from tests.certificates.factories import AssessmentFactory, EnrolmentFactory, PassedAttemptFactory
from tests.courses.factories import LessonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def completed():
    """Somebody whose package said that they completed the only lesson of a course that asks for lessons alone."""
    enrolment = EnrolmentFactory()
    AwardRule.objects.create(course=enrolment.course, needs_lessons=True)
    lesson = LessonFactory(course=enrolment.course, completed_by="package")
    LessonProgress.objects.create(
        enrolment=enrolment, lesson=lesson, state=LessonState.COMPLETED, completed_at=timezone.now(), language="en"
    )
    assert courses.fold_completion(enrolment)
    return enrolment


def test_a_course_completed_by_its_package_gives_no_certificate(completed):
    assert actions.evaluate_enrolment(completed.pk) == []
    assert actions.evaluate_lost() == 0


def test_a_passed_test_beside_the_package_gives_it(completed):
    test = AssessmentFactory(course=completed.course, is_required=False)
    PassedAttemptFactory(enrolment=completed, assessment=test)
    assert len(actions.evaluate_enrolment(completed.pk)) == 1


def test_a_survey_beside_the_package_does_not(completed):
    survey = AssessmentFactory(course=completed.course, is_required=False, kind="survey")
    PassedAttemptFactory(enrolment=completed, assessment=survey)
    assert actions.evaluate_enrolment(completed.pk) == []


def test_a_trainers_confirmation_beside_the_package_gives_it_even_when_nobody_hears_of_it(completed):
    Confirmation.objects.create(
        enrolment=completed, on=timezone.localdate(), language="en", reason="Seen in class"
    )
    assert (actions.evaluate_lost(), actions.evaluate_lost()) == (1, 0)


def test_lessons_that_are_read_need_no_witness(completed):
    completed.course.lessons.update(completed_by="read")
    assert len(actions.evaluate_enrolment(completed.pk)) == 1
