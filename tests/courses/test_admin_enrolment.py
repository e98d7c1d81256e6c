"""What editors say of how a course is taken."""

import pytest
from django.urls import reverse

from courses.models import Course, EnrolmentKey, Prerequisite
from participants.models import Project
from tests.courses.factories import CourseFactory
from tests.courses.test_pages import text_of
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, site_tree):
    client.force_login(StaffFactory(role="editor"))
    return client


def edit(client, course, **fields):
    url = reverse("oberih_courses_course:edit", args=[course.pk])
    return client.post(url, {"access": "open", "days_to_complete": "", "project": "", **fields})


def test_an_editor_says_how_a_course_is_taken_and_nothing_of_what_it_is_called(editor):
    course, first = CourseFactory(title="As the page says"), CourseFactory()
    project = Project.objects.create(code="one", label="One")
    edit(
        editor,
        course,
        access="key",
        requires=[str(first.pk)],
        days_to_complete=30,
        project=project.pk,
        title="Another",
        code="another",
    )
    before = course.code
    course.refresh_from_db()
    assert (course.access, course.days_to_complete, course.project) == ("key", 30, project)
    assert (str(course.title), course.code, list(course.requires.all())) == ("As the page says", before, [first])


def test_a_circle_is_refused_with_the_name_of_the_course(editor):
    one, two = CourseFactory(title="One"), CourseFactory(title="Two")
    Prerequisite.objects.create(course=two, required=one)
    answer = edit(editor, one, requires=[str(two.pk)])
    assert "“Two” requires this course, directly or through others." in text_of(answer)
    assert not one.prerequisites.exists()


def test_a_manager_reads_courses_and_changes_none(client, site_tree):
    course = CourseFactory()
    client.force_login(StaffFactory(role="manager"))
    edit(client, course, access="closed")
    assert Course.objects.get(pk=course.pk).access == "open"


def add_key(client, course, code, **fields):
    url = reverse("oberih_courses_enrolmentkey:add")
    return client.post(
        url, {"course": course.pk, "code": code, "label": "", "uses_allowed": "", "group": "", **fields}
    )


def test_a_key_is_made_and_neither_short_nor_twice(editor):
    course = CourseFactory(access="key")
    add_key(editor, course, " Amber  2026 ", uses_allowed=20)
    assert list(EnrolmentKey.objects.values_list("code", "uses_allowed")) == [("Amber 2026", 20)]
    assert "A key has at least 6 letters or digits" in text_of(add_key(editor, course, "a b c d e"))
    assert "This course has such a key already." in text_of(add_key(editor, course, "AMBER2026"))
    assert EnrolmentKey.objects.count() == 1
