"""How many statements learning takes, whatever the number of lessons, courses and learners."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.models import SiteSettings, StandardPage
from courses import actions
from courses.models import Answer, Course
from participants.actions import create_participant
from tests.courses import trees
from tests.courses.factories import AssessmentFactory, EnrolmentFactory

pytestmark = pytest.mark.django_db

_ENDS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


@pytest.fixture(autouse=True)
def _kept_for_a_minute(settings):
    settings.OBERIH_UI_PAGE_CACHE_SECONDS = 60


@pytest.fixture
def olena(client, index):
    """Somebody with an account, logged in."""
    SiteSettings.load()
    user = get_user_model().objects.create_user("olena@example.org", "x", first_name="Olena")
    client.force_login(user)
    return create_participant(full_name="Olena", email=user.email, user=user, language="en")


def statements(ask, status=200):
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code == status
    return len([one for one in captured if not one["sql"].startswith(_ENDS)])


def of_page(client, url):
    client.get(url)
    client.get(url)
    return statements(lambda: client.get(url))


def taken(participant, page):
    return actions.enrol(participant=participant, course=Course.objects.get(key=page.translation_key))


@pytest.fixture
def plain(client, index, olena):
    page = trees.add(index.get_parent().specific, StandardPage(title="Plain", slug="plain", body="<p>Words.</p>"))
    return of_page(client, page.get_url())


@pytest.mark.parametrize("lessons", [2, 20])
def test_pages_of_a_learner_take_fewer_than_a_plain_page(client, index, olena, plain, lessons):
    page, module, pages = trees.course(index, lessons=lessons)
    checked = trees.add(module, trees.lesson("Check", trees.check_block()))
    enrolment = taken(olena, page)
    AssessmentFactory(course=enrolment.course)
    EnrolmentFactory.create_batch(3, course=enrolment.course)
    urls = [one.get_url() for one in (page, pages[1], checked, module)]
    # Session, account, participant, what they have learnt; the answers to the lesson's checks.
    assert [of_page(client, url) for url in urls] == [4, 4, 5, 4]
    assert plain > 5


def test_a_page_in_a_language_without_content_takes_no_more(client, index, olena):
    page, _module, lessons = trees.course(index, lessons=3)
    taken(olena, page)
    assert of_page(client, page.get_url().replace("/en/", "/ar/")) == 4
    assert of_page(client, lessons[0].get_url().replace("/en/", "/ar/")) == 4


@pytest.mark.parametrize("lessons", [2, 20])
def test_completing_a_lesson_takes_seven(client, index, olena, lessons):
    page, _module, pages = trees.course(index, lessons=lessons)
    taken(olena, page)
    done = [reverse("oberih_courses:lesson_done", args=[one.translation_key]) for one in pages]
    client.get(pages[0].get_url())
    client.post(done[0])
    client.get(pages[1].get_url())
    # Session, account, participant, what they have learnt; the lock, what is recorded now, the lesson, and at last the course.
    assert statements(lambda: client.post(done[1]), 302) == (8 if lessons == 2 else 7)
    # Again: nothing is written.
    assert statements(lambda: client.post(done[1]), 302) == 6


def test_answering_a_knowledge_check_takes_eight_at_most(client, index, olena):
    page, module, _pages = trees.course(index)
    block = trees.check_block()
    checked = trees.add(module, trees.lesson("Check", block))
    taken(olena, page)
    url = reverse("oberih_courses:check", args=[checked.translation_key, block["id"]])
    first, second, _third = (item["id"] for item in block["value"]["options"])
    client.get(checked.get_url())
    # Session, account, participant, what they have learnt; the answer as it stands, and the new one.
    answer = f"check-{block['id']}-choice"
    assert statements(lambda: client.post(url, {answer: first}), 302) <= 7
    # Another answer: the one before is set aside.
    assert statements(lambda: client.post(url, {answer: second}), 302) <= 8
    assert Answer.objects.filter(is_current=True).count() == 1 < Answer.objects.count()


def test_telling_the_time_takes_a_few(client, index, olena):
    page, _module, (lesson, _second) = trees.course(index)
    taken(olena, page)
    url = reverse("oberih_courses:time", args=[lesson.translation_key])
    body = {"uuid": "6c7d8ab6-5c4d-4be1-9ff0-0f1c0a4f2d11", "seconds": 20}

    def tell():
        return client.post(url, body, content_type="application/json")

    tell()
    assert statements(tell, 204) <= 6


def test_my_learning_takes_the_same_for_one_course_and_for_twelve(client, index, olena):
    url, counts = reverse("oberih_courses:learning"), []
    for number in range(12):
        page, _module, _lessons = trees.course(index, lessons=1, slug=f"course-{number}")
        AssessmentFactory(course=taken(olena, page).course)
        if number in {0, 11}:
            client.get(url)
            counts.append(of_page(client, url))
    assert counts[0] == counts[1] <= 9
