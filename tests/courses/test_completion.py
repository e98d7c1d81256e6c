import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses import actions, sweeps
from courses.models import Enrolment, Lesson, LessonProgress, LessonState
from tests.courses.factories import (
    AssessmentFactory,
    CourseFactory,
    EnrolmentFactory,
    LearnerFactory,
    LessonFactory,
    QuestionFactory,
    right_answers,
)

pytestmark = pytest.mark.django_db


def pass_assessment(enrolment, assessment, language="en"):
    attempt = actions.start_attempt(enrolment=enrolment, assessment=assessment, language=language)
    given_answers = [actions.Given(item, chosen) for item, chosen in right_answers(attempt).items()]
    actions.save_answers(attempt=attempt, given=given_answers, language=language)
    return actions.submit_attempt(attempt=attempt, language=language)


def test_enrolling_twice_is_one_enrolment_with_the_dimensions_of_the_day(db):
    course, learner = CourseFactory(), LearnerFactory(birth_year=2000, sex="F", language="uk")
    day = timezone.localdate().replace(year=2022, month=8, day=1)
    first = actions.enrol(participant=learner, course=course, source="registration:x", on=day)
    learner.sex = "X"
    learner.save()
    again = actions.enrol(participant=learner, course=course)
    again.refresh_from_db()
    assert again == first
    assert (again.sex, again.age_band, again.language, again.source) == ("F", "A18_24", "uk", "registration:x")


def test_who_withdrew_may_enrol_again():
    first = EnrolmentFactory(withdrawn_at=timezone.now())
    second = actions.enrol(participant=first.participant, course=first.course)
    assert second != first
    assert list(Enrolment.objects.active()) == [second]


def test_opening_a_completed_lesson_does_not_undo_it():
    enrolment = EnrolmentFactory()
    lesson = LessonFactory(course=enrolment.course)
    actions.read_lesson(enrolment=enrolment, lesson=lesson, language="uk")
    actions.open_lesson(enrolment=enrolment, lesson=lesson, language="en")
    actions.read_lesson(enrolment=enrolment, lesson=lesson, language="en")
    rows = LessonProgress.objects.values_list("state", "language", "enrolment__last_lesson")
    assert list(rows) == [(LessonState.COMPLETED, "uk", lesson.pk)]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(5)), repeats=st.lists(st.integers(0, 4), max_size=3))
def test_completion_does_not_depend_on_the_order_of_facts(locales, order, repeats):
    enrolment = EnrolmentFactory()
    lessons = LessonFactory.create_batch(3, course=enrolment.course)
    LessonFactory(course=enrolment.course, is_required=False)
    LessonFactory(course=enrolment.course, archived_at=timezone.now())
    tests = [AssessmentFactory(course=enrolment.course, questions=[QuestionFactory()]) for _ in range(2)]
    passed = set()

    def happen(number):
        if number < 3:
            actions.read_lesson(enrolment=enrolment, lesson=lessons[number], language="en")
        elif number not in passed:
            passed.add(number)
            pass_assessment(enrolment, tests[number - 3])

    for done, number in enumerate([*order[:-1], *[r for r in repeats if r != order[-1]]]):
        happen(number)
        enrolment.refresh_from_db()
        assert enrolment.completed_at is None, done
    happen(order[-1])
    enrolment.refresh_from_db()
    assert enrolment.completed_at is not None


def test_completion_names_the_language_of_the_last_fact(locales):
    enrolment = EnrolmentFactory()
    lesson = LessonFactory(course=enrolment.course)
    assessment = AssessmentFactory(course=enrolment.course, questions=[QuestionFactory()])
    actions.read_lesson(enrolment=enrolment, lesson=lesson, language="en")
    pass_assessment(enrolment, assessment, language="uk")
    enrolment.refresh_from_db()
    assert enrolment.completed_language == "uk"


def test_editing_a_course_never_undoes_a_completion(heard, django_capture_on_commit_callbacks):
    enrolment = EnrolmentFactory()
    lesson = LessonFactory(course=enrolment.course)
    with django_capture_on_commit_callbacks(execute=True):
        actions.read_lesson(enrolment=enrolment, lesson=lesson, language="en")
        completed_at = Enrolment.objects.get().completed_at
        LessonFactory(course=enrolment.course)
        actions.fold_completion(enrolment)
        actions.read_lesson(enrolment=enrolment, lesson=lesson, language="en")
    assert Enrolment.objects.get().completed_at == completed_at
    assert heard == [("course_completed", enrolment.pk)]


def test_a_course_that_asks_nothing_is_not_completed():
    assert actions.fold_completion(EnrolmentFactory()) is False


def test_the_sweep_finds_what_became_complete_by_editing():
    enrolment, behind = EnrolmentFactory(), EnrolmentFactory()
    done = LessonFactory(course=enrolment.course)
    LessonFactory(course=behind.course)
    extra = LessonFactory(course=enrolment.course)
    actions.read_lesson(enrolment=enrolment, lesson=done, language="en")
    Lesson.objects.filter(pk=extra.pk).update(archived_at=timezone.now())
    assert (sweeps.completions(), sweeps.completions()) == (1, 0)
    assert list(Enrolment.objects.exclude(completed_at=None)) == [enrolment]


def test_enrolling_is_three_statements_at_most(django_assert_max_num_queries):
    course, learner = CourseFactory(), LearnerFactory()
    with django_assert_max_num_queries(5) as captured:
        actions.enrol(participant=learner, course=course)
    statements = [q["sql"] for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) == 3
    assert connection.vendor


def test_a_lesson_with_an_assessment_is_not_completed_by_saying_so(locales):
    lesson = LessonFactory()
    assessment = AssessmentFactory(course=lesson.course, lesson=lesson, questions=[QuestionFactory()])
    enrolment = EnrolmentFactory(course=lesson.course)
    actions.read_lesson(enrolment=enrolment, lesson=lesson, language="en")
    assert LessonProgress.objects.get().state == LessonState.OPENED
    pass_assessment(enrolment, assessment, language="uk")
    assert list(LessonProgress.objects.values_list("state", "language")) == [(LessonState.COMPLETED, "uk")]
