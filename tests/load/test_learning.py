"""What learning costs: statements, processor time and requests per second of it, beside a page of plain Wagtail.

Everything in one process and in interleaved rounds, so that a busy or a moody machine treats all alike. Prints; asserts
statements, and no time.
"""

import statistics
import sys
import time

import pytest
from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.test.client import Client, ClientHandler
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse

from cms.models import CoursePage, SiteSettings, StandardPage
from config.urls import urlpatterns as site
from courses import actions
from courses.models import Course, Enrolment, Lesson, LessonProgress
from participants.actions import create_participant
from tests.courses import trees
from tests.courses.factories import AssessmentFactory, QuestionFactory

pytestmark = [pytest.mark.load, pytest.mark.django_db, pytest.mark.urls(__name__)]

urlpatterns = [path("bare/", lambda request: HttpResponse("Hello")), *site]

ROUNDS, SECONDS, LESSONS, COURSES = 5, 0.4, 10, 500
PLAIN = "plain Wagtail page, logged in"


class Measured:
    """One kind of request: how to make it, and what is put right before each, which is not counted."""

    def __init__(self, handler, address, *, cookies="", data=None, before=None, expected=200, kept_for=60):
        self.handler, self.address, self.cookies, self.data = handler, address, cookies, data
        self.before, self.expected, self.kept_for = before, expected, kept_for
        self.costs = []

    def ask(self):
        if self.before:
            self.before()
        address, _mark, query = self.address.partition("?")
        extra = {"HTTP_ACCEPT_ENCODING": "gzip", "HTTP_COOKIE": self.cookies, "QUERY_STRING": query}
        make = RequestFactory()
        if self.data is None:
            environ = make._base_environ(PATH_INFO=address, **extra)
        else:
            environ = make.post(address, self.data, **extra).environ
        request = WSGIRequest(environ)
        request._dont_enforce_csrf_checks = True
        began = time.process_time()
        response = self.handler.get_response(request)
        took = time.process_time() - began
        assert response.status_code == self.expected, (self.address, response.status_code)
        return took

    def statements(self):
        with override_settings(OBERIH_UI_PAGE_CACHE_SECONDS=self.kept_for):
            self.ask()
            self.ask()
            if self.before:
                self.before()
            before, self.before = self.before, None
            with CaptureQueriesContext(connection) as captured:
                self.ask()
            self.before = before
        ends = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
        return len([one for one in captured if not one["sql"].startswith(ends)])

    def round(self):
        with override_settings(OBERIH_UI_PAGE_CACHE_SECONDS=self.kept_for):
            self.ask()
            spent, costs = 0, []
            while spent < SECONDS:
                costs.append(self.ask())
                spent += costs[-1]
        self.costs.append(spent / len(costs))


def cookies_of(user):
    client = Client()
    client.force_login(user)
    return "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())


@pytest.fixture
def site_with_a_learner(locales):
    index = trees.plant()
    SiteSettings.load()
    plain = trees.add(index.get_parent().specific, StandardPage(title="Plain", slug="plain", body="<p>Words.</p>"))
    page, _module, lessons = trees.course(index, lessons=LESSONS)
    checked = trees.add(lessons[0].get_parent().specific, trees.lesson("Check", trees.check_block()))
    user = get_user_model().objects.create_user("olena@example.org", "x", first_name="Olena")
    learner = create_participant(full_name="Olena", email=user.email, user=user, language="en")
    course = Course.objects.get(key=page.translation_key)
    enrolment = actions.enrol(participant=learner, course=course)
    lesson = Lesson.objects.get(key=lessons[1].translation_key)
    actions.read_lesson(enrolment=enrolment, lesson=lesson, language="en")
    assessment = AssessmentFactory(course=course, questions=[QuestionFactory() for _ in range(10)])
    attempt = actions.start_attempt(enrolment=enrolment, assessment=assessment, language="en")
    return index, plain, page, lessons, checked, user, enrolment, attempt


@pytest.fixture
def locales(db):
    from wagtail.models import Locale

    return [Locale.objects.get_or_create(language_code=code)[0] for code in ("en", "uk")]


def test_what_learning_costs(capsys, site_with_a_learner):
    index, plain, page, lessons, checked, user, _enrolment, attempt = site_with_a_learner
    for number in range(COURSES - 1):
        title = f"Course {number}"
        index.add_child(instance=CoursePage(title=title, slug=f"c-{number}", summary=title, locale=index.locale))
    handler = ClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()
    known = cookies_of(user)

    def measured(address, **more):
        return Measured(handler, address, **more)

    def not_read():
        LessonProgress.objects.filter(lesson=lessons[0].translation_key).update(
            state=1, read_at=None, completed_at=None
        )
        Enrolment.objects.update(completed_at=None)

    block = checked.body[0]
    options, turn = [option.id for option in block.value["options"].bound_blocks], iter(range(10**9))
    check_data, attempt_data = {}, {}

    def another_answer():
        check_data.clear()
        check_data[f"check-{block.id}-choice"] = options[next(turn) % 3]

    item = attempt.drawn[0]

    def another_choice():
        attempt_data.clear()
        attempt_data.update({f"q-{item['key']}": item["options"][next(turn) % 3], "wish": "keep"})

    done = reverse("oberih_courses:lesson_done", args=[lessons[0].translation_key])
    check = reverse("oberih_courses:check", args=[checked.translation_key, block.id])
    attempted = reverse("oberih_courses:attempt", args=[attempt.uuid])
    asked = {
        "bare view behind the same middleware": measured("/bare/"),
        "plain Wagtail page, anonymous, made anew": measured(plain.get_url(), kept_for=0),
        PLAIN: measured(plain.get_url(), cookies=known),
        "course page, enrolled": measured(page.get_url(), cookies=known),
        "lesson page, enrolled": measured(lessons[1].get_url(), cookies=known),
        "lesson page with a knowledge check, enrolled": measured(checked.get_url(), cookies=known),
        "mark a lesson as read": measured(done, cookies=known, data={}, before=not_read, expected=302),
        "save an answer to a knowledge check": measured(
            check, cookies=known, data=check_data, before=another_answer, expected=302
        ),
        "page of an attempt with 10 questions": measured(attempted, cookies=known),
        "save an answer of an assessment": measured(
            attempted, cookies=known, data=attempt_data, before=another_choice, expected=302
        ),
        "my learning": measured(reverse("oberih_courses:learning"), cookies=known),
        f"catalogue of {COURSES} courses, made anew": measured(index.get_url(), kept_for=0),
        f"catalogue of {COURSES} courses, kept": measured(index.get_url()),
        "course page for strangers, made anew": measured(page.get_url(), kept_for=0),
        "course page for strangers, kept": measured(page.get_url()),
    }
    statements = {name: one.statements() for name, one in asked.items()}
    for _round in range(ROUNDS):
        for one in asked.values():
            one.round()
    of_plain = statistics.median(asked[PLAIN].costs)
    with capsys.disabled():
        sys.stdout.write("\n statements  CPU ms  per CPU s  of the plain page\n")
        for name, one in asked.items():
            cost = statistics.median(one.costs)
            sys.stdout.write(
                f"{statements[name]:11} {cost * 1000:7.2f} {1 / cost:10.0f} {cost / of_plain:18.2f}  {name}\n"
            )
    ceiling = statements[PLAIN]
    assert statements["course page, enrolled"] < ceiling
    assert statements["lesson page, enrolled"] < ceiling
    assert statements["mark a lesson as read"] <= 8
