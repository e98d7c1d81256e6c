"""What is kept of courses for learners, outlines and routes: never older than what an editor has done."""

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from wagtail import hooks
from wagtail.models import Locale, PageViewRestriction, Site

from cms.models import CoursePage, HomePage, LessonPage, SiteSettings
from courses import actions, serving
from courses.models import Assessment, Course, Lesson
from participants.actions import create_participant
from tests.courses import trees
from tests.courses.factories import AssessmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept_for_a_minute(settings):
    settings.OBERIH_UI_PAGE_CACHE_SECONDS = 60


@pytest.fixture
def course(index):
    SiteSettings.load()
    return trees.course(index)


@pytest.fixture
def learner(client, course):
    user = get_user_model().objects.create_user("olena@example.org", "x")
    client.force_login(user)
    participant = create_participant(full_name="Olena", email=user.email, user=user, language="en")
    return actions.enrol(participant=participant, course=Course.objects.get())


def lessons_on(client, page):
    """What the course page lists, asked twice: what is kept must be what is made."""
    client.get(page.get_url())
    return [step.label for step in client.get(page.get_url()).context_data["way"].steps]


def test_a_page_that_is_kept_is_found_without_asking(client, course, learner, django_assert_num_queries):
    _page, _module, (lesson, _second) = course
    client.get(lesson.get_url())
    client.get(lesson.get_url())
    with django_assert_num_queries(4):
        assert client.get(lesson.get_url()).context_data["page"] == lesson


def rename(page, module, lessons):
    lessons[0].title = "Renamed"
    trees.publish(lessons[0])


def add(page, module, lessons):
    trees.add(module, trees.lesson("Another"))


def unpublish(page, module, lessons):
    lessons[1].unpublish()


def delete(page, module, lessons):
    lessons[1].delete()


def reorder(page, module, lessons):
    lessons[1].move(lessons[0], pos="left")


def move_away(page, module, lessons):
    other = trees.add(page.get_parent().specific, CoursePage(title="Other", slug="other", summary="Other."))
    lessons[1].move(other, pos="last-child")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (rename, ["Renamed", "Lesson 2"]),
        (add, ["Lesson 1", "Lesson 2", "Another"]),
        (unpublish, ["Lesson 1"]),
        (delete, ["Lesson 1"]),
        (reorder, ["Lesson 2", "Lesson 1"]),
        (move_away, ["Lesson 1"]),
    ],
)
def test_the_outline_follows_what_an_editor_does(client, course, learner, change, expected):
    assert lessons_on(client, course[0]) == ["Lesson 1", "Lesson 2"]
    change(*course)
    assert lessons_on(client, course[0]) == expected


def test_the_outline_follows_what_a_course_asks(client, course, learner):
    page, _module, (lesson, _second) = course
    assert lessons_on(client, page)
    assessment = AssessmentFactory(course=learner.course)

    def missing():
        found = client.get(page.get_url()).context_data["way"].missing
        return found.lessons, len(found.assessments)

    assert missing() == (2, 1)
    assessment.is_required = False
    assessment.save()
    assert missing() == (2, 0)
    lesson.is_required = False
    trees.publish(lesson)
    assert missing() == (1, 0)
    assert Assessment.objects.count() == 1


def test_a_route_follows_an_address_that_changes(client, course, learner):
    _page, module, (lesson, _second) = course
    old = lesson.get_url()
    assert [client.get(old).status_code for _ in range(2)] == [200, 200]
    module.slug = "elsewhere"
    trees.publish(module)
    new = LessonPage.objects.get(pk=lesson.pk).get_url()
    assert new != old
    assert [client.get(url).status_code for url in (old, new, new)] == [404, 200, 200]


def test_a_route_ends_when_the_page_is_no_longer_public(client, course, learner):
    page, _module, (lesson, second) = course
    assert [client.get(one.get_url()).status_code for one in (lesson, second) for _ in range(2)] == [200] * 4
    lesson.unpublish()
    assert client.get(lesson.get_url()).status_code == 404
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
    response = client.get(second.get_url())
    assert (response.status_code, response.url.split("?")[0]) == (302, "/accounts/login/")
    done = client.post(f"/en/learn/lessons/{second.translation_key}/done/")
    assert done.status_code == 404
    PageViewRestriction.objects.all().delete()
    assert [client.get(second.get_url()).status_code for _ in range(2)] == [200, 200]


def test_a_page_that_only_some_may_read_is_wagtails_each_time(client, course, learner):
    page, _module, (lesson, _second) = course
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert [client.get(lesson.get_url()).status_code for _ in range(2)] == [200, 200]
    client.logout()
    assert client.get(lesson.get_url()).status_code == 302


def test_hooks_of_wagtail_see_every_page(client, course, learner):
    _page, _module, (lesson, _second) = course
    seen = []

    def before(page, request, args, kwargs):
        seen.append((type(page), page.pk, args, kwargs))
        return HttpResponse("closed", status=403) if len(seen) == 3 else None

    with hooks.register_temporarily("before_serve_page", before):
        assert [client.get(lesson.get_url()).status_code for _ in range(4)] == [200, 200, 403, 200]
    assert seen == [(LessonPage, lesson.pk, [], {})] * 4


def test_what_one_request_notes_on_a_page_is_not_the_next_ones(client, course, learner):
    _page, _module, (lesson, _second) = course
    noted = []

    def before(page, request, args, kwargs):
        noted.append(getattr(page, "noted", None))
        page.noted = len(noted)

    client.get(lesson.get_url())
    with hooks.register_temporarily("before_serve_page", before):
        client.get(lesson.get_url())
        client.get(lesson.get_url())
    assert noted == [None, None]


def test_a_preview_shows_the_draft_and_leaves_nothing_behind(client, course, learner):
    page, _module, (lesson, _second) = course
    client.get(lesson.get_url())
    lesson.title = "Not for the public yet"
    assert b"Not for the public yet" in lesson.make_preview_request().content
    assert b"Not for the public yet" not in client.get(lesson.get_url()).content
    page.title = "A draft of the course"
    assert b"A draft of the course" in page.make_preview_request().content
    assert b"A draft of the course" not in client.get(lesson.get_url()).content


def test_another_site_and_another_language_have_pages_of_their_own(client, course, learner):
    page, module, (lesson, _second) = course
    ukrainian = trees.in_ukrainian(page, module, lesson)[2]
    root = page.get_root()
    home = root.add_child(
        instance=HomePage(title="Other", slug="other", locale=Locale.objects.get(language_code="en"))
    )
    Site.objects.create(hostname="other.example", root_page=home)
    for _ in range(2):
        assert client.get(lesson.get_url()).context_data["page"] == lesson
        assert (
            client.get("/en/courses/safe-journeys/module/lesson-1/", headers={"host": "other.example"}).status_code
            == 404
        )
        assert client.get(ukrainian.get_url()).context_data["page"] == ukrainian
        arabic = client.get("/ar/courses/safe-journeys/module/lesson-1/")
        assert (arabic.context_data["page"], b'dir="rtl"' in arabic.content) == (lesson, True)


def test_an_alias_is_served_as_itself(client, course, learner):
    _page, _module, (lesson, _second) = course
    alias = lesson.create_alias(parent=lesson.get_parent(), update_slug="alias")
    for _ in range(2):
        assert client.get(alias.get_url()).context_data["page"] == alias
    lesson.title = "Renamed"
    trees.publish(lesson)
    assert b"Renamed" in client.get(alias.get_url()).content


def test_addresses_of_wagtails_own_are_not_taken_for_pages(client, course):
    restriction = PageViewRestriction.objects.create(
        page=course[0], restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    url = f"/en/_util/authenticate_with_password/{restriction.pk}/{course[0].pk}/"
    assert client.get(url).status_code == 200
    assert client.get("/en/nothing/here/").status_code == 404


def test_a_page_that_is_kept_answers_strangers_too(client, course):
    _page, _module, (lesson, _second) = course
    first = client.get(lesson.get_url())
    assert "Age" in client.get(lesson.get_url())
    lesson.title = "Renamed"
    trees.publish(lesson)
    again = client.get(lesson.get_url())
    assert ("Age" in again, b"Renamed" in again.content, b"Renamed" in first.content) == (False, True, False)


def test_changing_who_may_take_a_course_makes_strangers_pages_anew(client, course):
    page = course[0]
    client.get(page.get_url())
    assert "Age" in client.get(page.get_url())
    known = Course.objects.get()
    known.days_to_complete = 30
    known.save()
    assert "Age" not in client.get(page.get_url())
    assert Lesson.objects.count() == 2


def test_the_process_keeps_no_more_than_it_may(client, course, learner, monkeypatch):
    page, _module, lessons = course
    monkeypatch.setattr(serving._routes, "most", 1)
    for one in (page, *lessons):
        assert client.get(one.get_url()).status_code == 200
    assert len(serving._routes._values) == 1
