import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses import publishing
from courses.models import Course, Lesson
from participants.models import Topic
from tests.courses import trees
from tests.courses.factories import AssessmentFactory, EnrolmentFactory

pytestmark = pytest.mark.django_db


def lessons_of(key):
    rows = Lesson.objects.filter(course=key, archived_at=None)
    return [(str(lesson.key), lesson.title.data, lesson.position) for lesson in rows]


def test_publishing_makes_one_course_for_all_languages(index):
    topic = Topic.objects.create(code="journeys", label="Journeys")
    page, module, (lesson, _other) = trees.course(index)
    page.topics.set([topic])
    trees.publish(page)
    trees.in_ukrainian(page, module, lesson)
    course = Course.objects.get()
    assert (course.key, course.code, course.title.data) == (
        page.translation_key,
        "safe-journeys",
        {"en": "Safe journeys", "uk": "Safe journeys укр"},
    )
    assert list(course.topics.all()) == [topic]
    assert lessons_of(course.key)[0] == (
        str(lesson.translation_key),
        {"en": "Lesson 1", "uk": "Lesson 1 укр"},
        0,
    )


def test_the_order_of_lessons_follows_the_tree(index):
    page, _module, (first, second) = trees.course(index)
    second.move(first, pos="left")
    assert [title["en"] for _key, title, _position in lessons_of(page.translation_key)] == ["Lesson 2", "Lesson 1"]


def test_a_lesson_moved_to_another_course_belongs_there(index):
    page, _module, (first, _second) = trees.course(index)
    other, module, _lessons = trees.course(index, lessons=0, slug="other")
    first.move(module, pos="last-child")
    assert [title["en"] for _key, title, _position in lessons_of(page.translation_key)] == ["Lesson 2"]
    assert [title["en"] for _key, title, _position in lessons_of(other.translation_key)] == ["Lesson 1"]


def test_a_lesson_is_archived_with_its_last_language_and_comes_back(index):
    page, module, (first, _second) = trees.course(index)
    _course, _module, translated = trees.in_ukrainian(page, module, first)
    first.unpublish()
    assert Lesson.objects.get(key=first.translation_key).archived_at is None
    translated.unpublish()
    assert Lesson.objects.get(key=first.translation_key).archived_at is not None
    trees.publish(translated)
    assert Lesson.objects.get(key=first.translation_key).archived_at is None


def test_deleting_the_pages_keeps_the_course_and_who_takes_it(index):
    page, _module, _lessons = trees.course(index)
    enrolment = EnrolmentFactory(course=Course.objects.get())
    page.delete()
    course = Course.objects.get()
    assert course.archived_at is not None
    assert not Lesson.objects.filter(archived_at=None).exists()
    enrolment.refresh_from_db()
    assert enrolment.course == course


def test_the_page_says_where_an_assessment_is_taken(index):
    page, module, _lessons = trees.course(index)
    assessment = AssessmentFactory(course=None)
    block = {"type": "assessment", "value": {"assessment": str(assessment.key)}}
    last = trees.add(module, trees.lesson("Final", block))
    assessment.refresh_from_db()
    assert (assessment.course_id, assessment.lesson_id) == (page.translation_key, last.translation_key)
    last.refresh_from_db()
    assert last.body[0].value["assessment"] == assessment


def test_sync_courses_heals_and_may_run_twice(index, capsys):
    page, _module, _lessons = trees.course(index)
    before = lessons_of(page.translation_key)
    Lesson.objects.update(position=7, title="lost")
    Course.objects.update(title="lost")
    call_command("sync_courses")
    call_command("sync_courses")
    assert lessons_of(page.translation_key) == before
    assert Course.objects.get().title.data == {"en": "Safe journeys"}
    assert capsys.readouterr().out == "1 courses are what their pages say.\n" * 2


def test_publishing_costs_the_same_for_three_lessons_and_for_thirty(index, django_assert_num_queries):
    page, module, _lessons = trees.course(index, lessons=3)
    with CaptureQueriesContext(connection) as few:
        publishing.sync_course(page.translation_key)
    for number in range(4, 31):
        trees.add(module, trees.lesson(f"Lesson {number}"))
    with django_assert_num_queries(len(few)):
        publishing.sync_course(page.translation_key)
