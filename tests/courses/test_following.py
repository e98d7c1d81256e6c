"""Editing, moving, publishing again and archiving: what a learner completed stays completed, and what is new is marked."""

import datetime as dt
import io

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.models import CoursePage
from courses import actions, sweeps
from courses.blocks import TextBlock
from courses.models import Course, Enrolment, Lesson, LessonProgress, LessonState, MediaProgress
from tests.courses import trees
from tests.courses.factories import (
    AssessmentFactory,
    EnrolmentFactory,
    LearnerFactory,
    LessonFactory,
    QuestionFactory,
)
from tests.courses.test_completion import pass_assessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(index):
    return trees.course(index)


@pytest.fixture
def done(course, learner):
    """An enrolment whose lessons are all read, and so completed."""
    page, _module, lessons = course
    enrolment = actions.enrol(participant=learner, course=Course.objects.get(key=page.translation_key))
    for lesson in lessons:
        read(enrolment, lesson)
    return enrolment


def read(enrolment, page):
    lesson = Lesson.objects.get(key=page.translation_key)
    return actions.read_lesson(enrolment=enrolment, lesson=lesson, language="en")


def states(enrolment):
    """When the course and its lessons were completed."""
    enrolment.refresh_from_db()
    rows = enrolment.progress.filter(state=LessonState.COMPLETED).values_list("lesson", "completed_at")
    return enrolment.completed_at, set(rows)


def to_another_module(page, module, lessons):
    lessons[0].move(trees.add(page, type(module)(title="Second", slug="second")), pos="last-child")


def to_another_course(page, module, lessons):
    other = trees.add(page.get_parent().specific, CoursePage(title="Other", slug="other", summary="Other."))
    lessons[0].move(other, pos="last-child")


def made_required(page, module, lessons):
    trees.add(module, trees.lesson("For the curious", is_required=False))
    added = module.get_children().last().specific
    added.is_required = True
    trees.publish(added)


def added_later(page, module, lessons):
    trees.add(module, trees.lesson("Another"))


def asks_more(page, module, lessons):
    lessons[0].completed_by = "trainer"
    trees.publish(lessons[0])


def is_renewed(page, module, lessons):
    lessons[0].renewed_on = timezone.localdate() + dt.timedelta(days=1)
    trees.publish(lessons[0])


def gets_an_assessment(page, module, lessons):
    lesson = Lesson.objects.get(key=lessons[0].translation_key)
    AssessmentFactory(course=lesson.course, lesson=lesson, questions=[QuestionFactory()])


def lesson_unpublished(page, module, lessons):
    lessons[0].unpublish()


def lesson_deleted(page, module, lessons):
    lessons[0].delete()


def course_unpublished(page, module, lessons):
    page.unpublish()


@pytest.mark.parametrize(
    "change",
    [
        to_another_module,
        to_another_course,
        made_required,
        added_later,
        asks_more,
        is_renewed,
        gets_an_assessment,
        lesson_unpublished,
        lesson_deleted,
        course_unpublished,
    ],
)
def test_nothing_that_an_editor_does_takes_a_completion_away(course, done, change):
    before = states(done)
    assert (before[0] is not None, len(before[1])) == (True, 2)
    change(*course)
    actions.fold_completion(done)
    call_command("recompute_completions", stdout=io.StringIO())
    sweeps.completions()
    assert states(done) == before


def test_a_pass_mark_that_is_raised_takes_no_pass_away(course, learner):
    page, _module, lessons = course
    enrolment = actions.enrol(participant=learner, course=Course.objects.get(key=page.translation_key))
    assessment = AssessmentFactory(course=enrolment.course, questions=[QuestionFactory()], pass_percent=50)
    pass_assessment(enrolment, assessment)
    assessment.pass_percent = 100
    assessment.save()
    for lesson in lessons:
        read(enrolment, lesson)
    assert states(enrolment)[0] is not None


def test_publishing_says_what_completes_a_lesson(course, monkeypatch):
    _page, _module, (lesson, _second) = course
    monkeypatch.setattr(TextBlock, "length_of", lambda self, block, language: 90, raising=False)
    lesson.completed_by, lesson.renewed_on = "watched", dt.date(2026, 3, 1)
    trees.publish(lesson)
    known = Lesson.objects.get(key=lesson.translation_key)
    assert (known.completed_by, known.renewed_on, known.packages) == ("watched", dt.date(2026, 3, 1), [])
    assert known.media == [lesson.body[0].id.replace("-", "")]
    monkeypatch.undo()
    trees.publish(lesson)
    assert Lesson.objects.get(key=lesson.translation_key).media == []


def test_what_an_editor_makes_easier_completes_who_has_done_it(course, learner, heard):
    page, _module, lessons = course
    lessons[1].completed_by = "trainer"
    trees.publish(lessons[1])
    enrolment = actions.enrol(participant=learner, course=Course.objects.get(key=page.translation_key))
    for lesson in lessons:
        read(enrolment, lesson)
    assert (states(enrolment)[0], len(states(enrolment)[1])) == (None, 1)
    lessons[1].completed_by = "read"
    trees.publish(lessons[1])
    assert (sweeps.completions(), sweeps.completions()) == (1, 0)
    assert (states(enrolment)[0] is not None, len(states(enrolment)[1])) == (True, 2)


def ran(*arguments):
    said = io.StringIO()
    call_command("recompute_completions", *arguments, stdout=said)
    return said.getvalue()


def test_completions_are_recomputed_once(heard):
    enrolment, behind = EnrolmentFactory(), EnrolmentFactory()
    lesson = LessonFactory(course=enrolment.course)
    LessonFactory(course=behind.course)
    LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, language="uk", read_at=timezone.now())
    nothing = "0 lessons and 0 courses completed.\n"
    assert ran("--course", behind.course.code) == nothing
    assert ran("--dry-run") == (
        f"Enrolment {enrolment.uuid}: lesson {lesson.pk}, course\n1 lessons and 1 courses would be completed.\n"
    )
    assert states(enrolment) == (None, set())
    assert ran() == "1 lessons and 1 courses completed.\n"
    after = states(enrolment)
    assert (enrolment.completed_language, len(after[1])) == ("uk", 1)
    assert (ran(), states(enrolment), states(behind)) == (nothing, after, (None, set()))


def test_recomputing_takes_no_more_statements_for_more_people():
    def statements():
        with CaptureQueriesContext(connection) as captured:
            ran("--dry-run")
        return len(captured)

    lesson = LessonFactory()
    EnrolmentFactory(course=lesson.course)
    # What only the first command of a process asks is no part of it.
    statements()
    few = statements()
    EnrolmentFactory.create_batch(5, course=lesson.course)
    assert statements() == few


def tags(client, page):
    steps = client.get(page.get_url()).context_data["way"].steps
    return {step.label: (step.tag, step.state == "done") for step in steps}


def test_a_lesson_that_was_added_later_is_new_until_it_is_opened(client, course, done):
    page, module, _lessons = course
    another = trees.add(module, trees.lesson("Another"))
    assert tags(client, page) == {"Lesson 1": ("", True), "Lesson 2": ("", True), "Another": ("New", False)}
    assert ">New<" in client.get(page.get_url()).content.decode()
    assert "You have completed this course." in client.get(page.get_url()).content.decode()
    client.get(another.get_url())
    assert tags(client, page)["Another"] == ("", False)


def test_a_renewed_lesson_is_new_until_it_is_read_again(client, course, done):
    page, _module, (lesson, _second) = course
    known = Lesson.objects.get(key=lesson.translation_key)
    lesson.renewed_on = timezone.localdate() + dt.timedelta(days=2)
    trees.publish(lesson)
    assert tags(client, page)["Lesson 1"] == ("New", True)
    shown = client.get(lesson.get_url())
    assert (shown.context_data["may_complete"], "You stay complete." in shown.content.decode()) == (True, True)
    before = states(done)
    with time_machine.travel(timezone.now() + dt.timedelta(days=3), tick=False):
        known.refresh_from_db()
        actions.read_lesson(enrolment=done, lesson=known, language="uk")
    assert tags(client, page)["Lesson 1"] == ("", True)
    assert states(done) == before
    assert not client.get(lesson.get_url()).context_data["may_complete"]


def test_to_who_begins_today_nothing_is_new(client, course, learner):
    page, _module, _lessons = course
    actions.enrol(participant=learner, course=Course.objects.get(key=page.translation_key))
    assert {tag for tag, _done in tags(client, page).values()} == {""}
    client.logout()
    assert {tag for tag, _done in tags(client, page).values()} == {""}


def test_a_lesson_that_was_moved_here_is_new_to_who_takes_the_course(client, index, course, learner):
    _page, _module, lessons = course
    other, module, _theirs = trees.course(index, slug="other", lessons=1)
    actions.enrol(participant=learner, course=Course.objects.get(key=other.translation_key))
    lessons[1].move(module, pos="last-child")
    assert [tag for tag, _done in tags(client, other).values()] == ["", "New"]


def test_watching_to_the_end_completes(learner):
    lesson = LessonFactory(completed_by="watched", media=["0" * 31 + "1"])
    enrolment = EnrolmentFactory(participant=learner, course=lesson.course)
    began = timezone.now()
    told = {"enrolment": enrolment, "lesson": lesson, "block": "0" * 31 + "1", "length": 100, "language": "uk"}

    def tell(seconds, position, after):
        with time_machine.travel(began + dt.timedelta(seconds=after), tick=False):
            row = actions.note_media(seconds=seconds, position=position, **told)
        return row.seconds, row.position, row.finished_at is not None

    # No more than the clock allows, at twice the speed and half a minute besides; never less; never longer than it is.
    assert tell(90, 95, 0) == (30, 95, False)
    assert tell(20, 20, 5) == (30, 20, False)
    assert tell(80, 80, 30) == (80, 80, False)
    assert states(enrolment)[0] is None
    assert tell(90, 999, 60) == (90, 100, True)
    assert (states(enrolment)[0] is not None, enrolment.completed_language) == (True, "uk")
    assert tell(100, 3, 90) == (100, 3, True)
    assert MediaProgress.objects.get().finished_at == began + dt.timedelta(seconds=60)


def test_time_only_grows_and_not_faster_than_the_clock(learner):
    lesson = LessonFactory()
    enrolment = EnrolmentFactory(participant=learner, course=lesson.course)
    began, visit = timezone.now(), "6c7d8ab6-5c4d-4be1-9ff0-0f1c0a4f2d11"

    def tell(seconds, after, enrolment=enrolment):
        with time_machine.travel(began + dt.timedelta(seconds=after), tick=False):
            row = actions.note_time(enrolment=enrolment, lesson=lesson, uuid=visit, seconds=seconds, language="en")
        return row and row.seconds

    assert [tell(50, 0), tell(20, 1), tell(110, 60), tell(5000, 120)] == [50, 50, 110, 200]
    assert tell(80_000, 80_000) == 4 * 3600
    assert tell(80_001, 80_001, EnrolmentFactory(participant=LearnerFactory(), course=lesson.course)) is None
    assert Enrolment.objects.get(study_times__uuid=visit) == enrolment


def test_a_first_word_about_time_is_believed_for_a_minute_and_a_half(learner):
    lesson = LessonFactory()
    enrolment = EnrolmentFactory(participant=learner, course=lesson.course)
    told = {"enrolment": enrolment, "lesson": lesson, "language": "en", "seconds": 3000}
    assert actions.note_time(uuid="6c7d8ab6-5c4d-4be1-9ff0-0f1c0a4f2d12", **told).seconds == 90
