"""What completes a lesson and a course, as the fold and as SQL: from the same facts both come to the same."""

import datetime as dt
import itertools
import uuid
from dataclasses import replace

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses import actions
from courses.completion import (
    CourseRule,
    Facts,
    LessonRule,
    Mark,
    course_completed,
    lesson_completed,
    missing_assessments,
    missing_lessons,
)
from courses.facts import course_rules, learnt_by, learnt_in, with_facts
from courses.facts import learnt as read_row
from courses.models import (
    Attempt,
    Confirmation,
    Enrolment,
    LessonProgress,
    LessonState,
    MediaProgress,
    Package,
    PackageRun,
)
from tests.courses.factories import (
    AssessmentFactory,
    CourseFactory,
    EnrolmentFactory,
    LearnerFactory,
    LessonFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        (LessonRule(ONE), Facts(), None),
        (LessonRule(ONE), Facts(read={ONE: Mark(NOW, "uk")}), Mark(NOW, "uk")),
        (LessonRule(ONE, "trainer"), Facts(read={ONE: Mark(NOW, "uk")}), None),
        (LessonRule(ONE, "trainer"), Facts(confirmed={ONE: Mark(NOW, "uk")}), Mark(NOW, "uk")),
        (LessonRule(ONE, "watched", media={TWO}), Facts(read={ONE: Mark(NOW, "uk")}), None),
        (LessonRule(ONE, "watched", media={TWO}), Facts(finished={TWO: Mark(NOW, "uk")}), Mark(NOW, "uk")),
        (LessonRule(ONE, "watched"), Facts(read={ONE: Mark(NOW, "uk")}), Mark(NOW, "uk")),
        (LessonRule(ONE, "package", packages={1, 2}), Facts(packages={1: Mark(NOW, "uk")}), None),
        (LessonRule(ONE, assessments={TWO}), Facts(read={ONE: Mark(NOW, "uk")}), None),
        (LessonRule(ONE, assessments={TWO}), Facts(passed={TWO: Mark(NOW, "uk")}), Mark(NOW, "uk")),
        (
            LessonRule(ONE, "watched", media={TWO}, assessments={TWO}),
            Facts(passed={TWO: Mark(LATER, "en")}, finished={TWO: Mark(NOW, "uk")}),
            Mark(LATER, "en"),
        ),
        (LessonRule(ONE, "trainer"), Facts(completed={ONE: Mark(NOW, "uk")}), Mark(NOW, "uk")),
    ],
)
def test_what_completes_a_lesson(rule, facts, expected):
    assert lesson_completed(rule, facts) == expected


def test_what_completes_a_course():
    rule = CourseRule((LessonRule(ONE), LessonRule(TWO, is_required=False)), frozenset({TWO}))
    read = Facts(read={ONE: Mark(LATER, "uk")})
    assert course_completed(rule, read) is None
    assert [lesson.key for lesson in missing_lessons(rule, Facts())] == [ONE]
    assert (missing_lessons(rule, read), missing_assessments(rule, read)) == ([], {TWO})
    assert course_completed(rule, replace(read, passed={TWO: Mark(NOW, "en")})) == Mark(LATER, "uk")
    assert course_completed(CourseRule(), Facts()) is None
    assert course_completed(CourseRule(), Facts(course_confirmed=Mark(NOW, "ar"))) == Mark(NOW, "ar")


COURSE = st.fixed_dictionaries(
    {
        "lessons": st.lists(
            st.fixed_dictionaries(
                {
                    "completed_by": st.sampled_from(["read", "watched", "package", "trainer"]),
                    "is_required": st.sampled_from([True, True, False]),
                    "archived": st.sampled_from([False, False, True]),
                    "media": st.integers(0, 2),
                    "packages": st.integers(0, 2),
                    "tested": st.sampled_from([None, None, True, False]),
                }
            ),
            max_size=3,
        ),
        "tests": st.lists(st.booleans(), max_size=1),
    }
)


def build(plan):
    """(course, the facts that may happen to an enrolment in it, as functions)."""
    course, possible = CourseFactory(), []
    for one in plan["lessons"]:
        blocks = [uuid.uuid4() for _ in range(one["media"])]
        packages = [Package.objects.create(title="P") for _ in range(one["packages"])]
        lesson = LessonFactory(
            course=course,
            completed_by=one["completed_by"],
            is_required=one["is_required"],
            archived_at=NOW if one["archived"] else None,
            media=[block.hex for block in blocks],
            packages=[str(package.pk) for package in packages],
        )
        possible += [read(lesson), confirm(lesson)]
        possible += [watch(lesson, block, done) for block in blocks for done in (True, False)]
        possible += [run(package, done) for package in packages for done in (True, True, False)]
        if one["tested"] is not None:
            test = AssessmentFactory(course=course, lesson=lesson, is_required=one["tested"])
            possible += [attempt(test, True), attempt(test, False)]
    for required in plan["tests"]:
        possible.append(attempt(AssessmentFactory(course=course, is_required=required), True))
    return course, [*possible, confirm(None)]


def read(lesson):
    return lambda enrolment: LessonProgress.objects.update_or_create(
        enrolment=enrolment, lesson=lesson, defaults={"language": "en", "read_at": NOW}
    )


def confirm(lesson):
    return lambda enrolment: Confirmation.objects.get_or_create(
        enrolment=enrolment, lesson=lesson, defaults={"language": "uk", "on": NOW.date(), "reason": "paper"}
    )


def watch(lesson, block, done):
    return lambda enrolment: MediaProgress.objects.get_or_create(
        enrolment=enrolment,
        block=block,
        defaults={"lesson": lesson, "language": "uk", "finished_at": LATER if done else None},
    )


def run(package, done):
    return lambda enrolment: PackageRun.objects.create(
        enrolment=enrolment,
        package=package,
        item=str(uuid.uuid4()),
        language="en",
        completed_at=NOW if done else None,
    )


def attempt(test, passed):
    return lambda enrolment: Attempt.objects.create(
        enrolment=enrolment,
        assessment=test,
        number=enrolment.attempts.count() + 1,
        pass_percent=80,
        language="en",
        submitted_at=NOW,
        scored_at=NOW,
        points=1,
        points_possible=1,
        passed=passed,
    )


WITHOUT_CARE = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


@WITHOUT_CARE
@given(plan=COURSE, data=st.data())
def test_the_fold_and_the_statement_agree(db, plan, data):
    course, possible = build(plan)
    enrolment, other = EnrolmentFactory(course=course), EnrolmentFactory(course=course)
    happens = data.draw(st.lists(st.sampled_from(possible), max_size=len(possible)))
    for fact in happens:
        fact(enrolment)
    fact(other) if happens else None
    rule = course_rules([course.pk])[course.pk]
    for one in (enrolment, other):
        by_fold = course_completed(rule, learnt_in(one).facts) is not None
        assert Enrolment.objects.fulfilled().filter(pk=one.pk).exists() is by_fold
        assert actions.fold_completion(one) is by_fold
        # Recorded or not, the facts say the same, and nothing is found a second time.
        assert Enrolment.objects.fulfilled().filter(pk=one.pk).exists() is by_fold


@WITHOUT_CARE
@given(plan=COURSE, data=st.data())
def test_the_order_of_the_facts_does_not_matter_and_states_only_advance(db, plan, data):
    course, possible = build(plan)
    happens = data.draw(st.lists(st.sampled_from(possible), max_size=4, unique=True))
    ends = []
    for order in itertools.islice(itertools.permutations(happens), 3):
        enrolment, before = EnrolmentFactory(course=course), set()
        for fact in order:
            fact(enrolment)
            actions.fold_completion(enrolment)
            done = set(enrolment.progress.filter(state=LessonState.COMPLETED).values_list("lesson", flat=True))
            assert done >= before
            before = done
        enrolment.refresh_from_db()
        ends.append((before, enrolment.completed_at is not None))
    assert all(end == ends[0] for end in ends)


def test_the_facts_of_one_learner_are_read_in_one_statement(django_assert_num_queries):
    lesson = LessonFactory()
    enrolment = EnrolmentFactory(course=lesson.course)
    block = uuid.uuid4()
    test = AssessmentFactory(course=lesson.course)
    LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, language="uk", opened_at=NOW, read_at=LATER)
    MediaProgress.objects.create(
        enrolment=enrolment, lesson=lesson, block=block, position=7, language="ar", finished_at=NOW
    )
    package = Package.objects.create(title="P")
    run(package, True)(enrolment)
    attempt(test, True)(enrolment)
    confirm(lesson)(enrolment)
    read(lesson)(EnrolmentFactory(course=lesson.course))
    learnt_by(LearnerFactory(), lesson.course_id)
    with django_assert_num_queries(1):
        found = learnt_by(enrolment.participant, lesson.course_id)
    noon = timezone.make_aware(dt.datetime.combine(NOW.date(), dt.time(12)))
    assert (found.enrolment, found.played, found.seconds) == (enrolment, {str(block): (7, 0)}, 0)
    assert found.facts == Facts(
        opened={lesson.pk: Mark(NOW, "uk")},
        read={lesson.pk: Mark(LATER, "uk")},
        finished={block: Mark(NOW, "ar")},
        packages={package.pk: Mark(NOW, "en")},
        passed={test.pk: Mark(NOW, "en")},
        confirmed={lesson.pk: Mark(noon, "uk")},
    )
    assert found.facts == learnt_in(enrolment).facts == read_row(with_facts(Enrolment.objects.all()).first()).facts


def test_somebody_who_took_a_course_twice_goes_on_where_they_got_furthest():
    person = LearnerFactory()
    first = EnrolmentFactory(participant=person)
    lesson = LessonFactory(course=first.course)
    actions.read_lesson(enrolment=first, lesson=lesson, language="en")
    Enrolment.objects.filter(pk=first.pk).update(withdrawn_at=NOW)
    second = EnrolmentFactory(participant=person, course=first.course)
    assert learnt_by(person, first.course_id).enrolment == second
    assert learnt_by(LearnerFactory(), first.course_id) is None
