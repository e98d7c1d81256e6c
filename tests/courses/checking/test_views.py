"""What is missing, as authors see it in Wagtail's admin."""

import uuid

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.models import CoursePage, LessonPage
from courses import checking
from courses.models import Course
from tests.courses import trees
from tests.courses.exchange.school import block, school, text
from tests.courses.exchange.test_admin import somebody
from tests.courses.factories import AssessmentFactory, CourseFactory, QuestionFactory
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


def found(page):
    return [
        (one.grade, one.kind, one.where, one.language)
        for one in checking.of_courses([page.translation_key])[page.translation_key]
    ]


@pytest.fixture
def editor(client, index):
    trees.image()
    return somebody(client, index.get_parent().specific, "add_page", "change_page", "publish_page")


def address(page):
    return reverse("oberih_courses_course_missing", args=[page.pk])


def test_the_facts_of_a_course_are_read_from_its_drafts(index):
    page, lessons, _assessment = school(index)
    assert found(page) == [
        ("stops", "package", "First", "en"),
        ("stops", "package", "First укр", "uk"),
        ("stops", "question", "Before", ""),
        ("better", "minutes", "Second", "en"),
        ("better", "minutes", "Second укр", "uk"),
        ("better", "language", "Before", "uk"),
    ]
    lessons[0].body = []
    lessons[0].save_revision()
    assert ("stops", "empty", "First", "en") in found(page)
    assert LessonPage.objects.get(pk=lessons[0].pk).body.raw_data


def test_links_and_requirements_are_read(index):
    page, _module, (lesson, _other) = trees.course(index)
    course = Course.objects.get(key=page.translation_key)
    draft = trees.add(index, CoursePage(title="Draft", summary="x"))
    draft.unpublish()
    lesson.body = [("text", f'<p><a linktype="page" id="{draft.pk}">x</a></p>')]
    trees.publish(lesson)
    course.prerequisites.create(required=CourseFactory(archived_at="2026-01-01T00:00Z"))
    assert [one[:3] for one in found(page) if one[1] in {"link", "requirement"}] == [
        ("stops", "requirement", "Safe journeys"),
        ("better", "link", "Lesson 1"),
    ]


def test_a_course_of_sixty_lessons_takes_as_many_statements_as_one_of_three(index):
    def statements(page):
        with CaptureQueriesContext(connection) as captured:
            checking.of_courses([page.translation_key])
        return len(captured)

    def filled(lessons):
        page, module, _lessons = trees.course(index, lessons=0)
        for number in range(lessons):
            course = Course.objects.get(key=page.translation_key)
            assessment = AssessmentFactory(course=course, questions=[QuestionFactory()])
            trees.add(
                module,
                trees.lesson(
                    f"Lesson {number}",
                    text(f'<p><a linktype="page" id="{index.pk}">x</a></p>'),
                    block("assessment", {"assessment": str(assessment.pk)}),
                ),
            )
        return page

    few, many = filled(3), filled(60)
    assert statements(few) == statements(many) <= 14


def test_an_author_sees_what_is_missing(editor, client, index):
    page, module, lessons = trees.course(index)
    lessons[0].body = []
    lessons[0].save_revision()
    shown = client.get(address(page))
    groups = {group["heading"]: [one["what"] for one in group["findings"]] for group in shown.context["groups"]}
    assert groups == {
        "Stops learners": ["The lesson is empty."],
        "Should be better": [
            "How many minutes the course takes is not said.",
            "How many minutes the lesson takes is not said.",
            "How many minutes the lesson takes is not said.",
        ],
    }
    assert reverse("wagtailadmin_pages:edit", args=[lessons[0].pk]) in shown.content.decode()
    explorer = client.get(reverse("wagtailadmin_explore", args=[module.pk])).content.decode()
    assert address(page) in explorer


def test_others_do_not_see_it(client, index):
    page, _module, _lessons = trees.course(index)
    user = StaffFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_course"]))
    client.force_login(user)
    assert client.get(address(page)).status_code == 302
    assert client.get(reverse("oberih_courses_course_missing", args=[index.pk]), follow=True).status_code == 404


def warnings(request):
    return [str(message) for message in get_messages(request)]


def test_publishing_warns_of_what_stops_learners(editor, client, index, rf):
    from courses.wagtail_hooks import say_what_is_missing

    page, _module, lessons = trees.course(index)
    lessons[0].body = []
    lessons[0].save_revision()
    for published, expected in (
        (page, ["This stops learners: Lesson 1: The lesson is empty."]),
        (lessons[0], ["This stops learners: The lesson is empty."]),
        (lessons[1], []),
        (index, []),
    ):
        request = client.get(reverse("wagtailadmin_home")).wsgi_request
        assert say_what_is_missing(request, published) is None
        told = [one.split("<", 1)[0].strip() for one in warnings(request)]
        assert [" ".join(one.split()) for one in told] == expected


def test_a_published_page_is_published_all_the_same(editor, client, index):
    page, _module, _lessons = trees.course(index, lessons=0)
    shown = client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        {
            "title": "Safe journeys again",
            "slug": page.slug,
            "summary": "x",
            "action-publish": "1",
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
        },
    )
    page.refresh_from_db()
    assert (shown.status_code, page.title, page.live) == (302, "Safe journeys again", True)
    assert any("The course has no lessons." in one for one in warnings(shown.wsgi_request))


def test_the_report_counts_for_each_course(editor, client, index):
    user = editor
    user.user_permissions.add(Permission.objects.get(codename="view_course"))
    trees.course(index, lessons=0)
    trees.add(index, CoursePage(title="Another", summary="x", minutes=5))
    shown = client.get(reverse("oberih_courses_courses_missing"))
    assert [(row.title, row.stops, row.better) for row in shown.context["object_list"]] == [
        ("Safe journeys", 1, 1),
        ("Another", 1, 0),
    ]
    lines = b"".join(
        client.get(
            reverse("oberih_courses_courses_missing"), {"export": "csv", "title": "another"}
        ).streaming_content
    )
    assert lines.decode().splitlines() == ["Course,Stops learners,Should be better", "Another,1,0"]


def test_the_report_takes_as_many_statements_with_twenty_courses(editor, client, index):
    from courses.checking import views

    def statements():
        with CaptureQueriesContext(connection) as captured:
            views.counted(views.rows())
        return len(captured)

    for number in range(3):
        trees.add(index, CoursePage(title=f"Course {number}", summary="x"))
    few = statements()
    for number in range(17):
        trees.add(index, CoursePage(title=f"More {number} {uuid.uuid4()}", summary="x"))
    assert statements() == few
