"""A module that somebody keeps on their phone: read and answered without a line, and sent once when it is back."""

import pytest

from courses import actions
from courses.knowledge import find_check
from courses.models import Answer, Course, LessonProgress, LessonState
from tests import walk
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.courses import trees
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PASSWORD = "reading-in-a-cellar"
KEPT = "Kept on this phone; you will see whether it was right when the line is back."
RIGHT = ".ob-notice--success:has-text('That is right.')"


@pytest.fixture
def course(site_tree):
    """A course of two lessons, the first with a check, and a learner who takes it."""
    return Taught()


class Taught:
    def __init__(self):
        self.page, self.module, (self.lesson, self.second) = trees.course(trees.plant())
        self.check = trees.check_block()
        self.lesson.body = trees.lesson("x", self.check).body
        trees.publish(self.lesson)
        self.user, self.enrolment = self.learner("olena.koval@example.org")

    def learner(self, email):
        user = UserFactory(email=email, password=PASSWORD)
        course = Course.objects.get(key=self.page.translation_key)
        return user, actions.enrol(participant=actions.learner_for(user), course=course)

    def option(self, letter):
        return self.check["value"]["options"]["abc".index(letter)]["id"]

    def rows(self):
        letters = {self.option(letter): letter for letter in "abc"}
        rows = Answer.objects.filter(enrolment=self.enrolment).order_by("given_at")
        return [("".join(letters[one] for one in row.chosen), row.is_current) for row in rows]


@pytest.fixture
def reader(visitor):
    return visitor(width=390, height=844, workers=True)


def keep(page, course):
    """Press the button and wait until the module is on the phone."""
    page.goto(course.module.get_url())
    page.evaluate("navigator.serviceWorker.ready")
    page.click("[data-oberih-set] button:has-text('Keep this module on my phone')")
    page.wait_for_selector("[data-when=asked] [data-base]:has-text('kB')")
    page.click("[data-oberih-panel] button[value=keep]")
    page.wait_for_selector("[data-when=held]:visible")


def cut(page, faults):
    faults.expect("net::ERR_")
    page.context.set_offline(True)


def answer(page, course, letter):
    page.check(f"input[value='{course.option(letter)}']")
    page.click("form[data-oberih-check] button")


def test_a_kept_module_is_read_and_answered_without_a_line_and_sent_once(reader, course, faults):
    """With the answer to the first sending lost on its way."""
    walk.log_in(reader, course.user.email, PASSWORD)
    keep(reader, course)
    cut(reader, faults)
    reader.goto(course.module.get_url())
    reader.click(f"main a[href='{course.lesson.get_url()}']")
    assert reader.inner_text("h1") == "Lesson 1"
    assert "Log out" not in reader.content()

    answer(reader, course, "a")
    reader.wait_for_selector(f"text={KEPT}")
    reader.click("[data-oberih-read]")
    reader.wait_for_selector("text=you have read this lesson")
    reader.reload()
    reader.wait_for_selector(f"text={KEPT}")
    assert reader.is_checked(f"input[value='{course.option('a')}']")
    reader.click("nav.ob-turn a:has-text('Next: Lesson 2')")
    assert reader.inner_text("h1") == "Lesson 2"
    assert course.rows() == []

    faults.expect("Failed to load resource")
    lost = []

    def lose(route):
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        route.fetch()
        lost.append(route.request)
        route.abort()

    reader.context.route("**/learn/lessons/answers/", lose)
    reader.context.set_offline(False)
    while not lost:
        reader.wait_for_timeout(50)
    reader.goto(course.lesson.get_url())
    reader.wait_for_selector("text=What you did without a line has arrived.")
    reader.wait_for_selector(RIGHT)
    assert course.rows() == [("a", True)]
    done = LessonProgress.objects.filter(state=LessonState.COMPLETED)
    assert [row.lesson_id for row in done] == [course.lesson.translation_key]


def test_answers_outlive_the_browser_and_are_nobody_else_s(chromium, address, faults, course, tmp_path):
    other, _enrolment = course.learner("petro.melnyk@example.org")

    def start():
        context = chromium.browser_type.launch_persistent_context(
            tmp_path, executable_path=CHROMIUM, args=CHROMIUM_FLAGS, base_url=address, locale="en"
        )
        context.set_default_timeout(15_000)
        faults.watch(context)
        return context, context.pages[0]

    context, page = start()
    walk.log_in(page, course.user.email, PASSWORD)
    page.goto(course.lesson.get_url())
    keep(page, course)
    cut(page, faults)
    page.goto(course.lesson.get_url())
    answer(page, course, "b")
    page.wait_for_selector(f"text={KEPT}")
    context.close()

    context, page = start()
    context.clear_cookies()
    page.goto(course.module.get_url())
    page.wait_for_selector("text=Log in to send it.")
    walk.log_in(page, other.email, PASSWORD)
    page.goto(course.lesson.get_url())
    page.wait_for_selector("text=Somebody else answered without a line on this phone.")
    assert not page.is_checked(f"input[value='{course.option('b')}']")
    context.clear_cookies()
    assert Answer.objects.count() == 0

    # Meanwhile the learner answered on another device, and that answer counts.
    actions.answer_check(
        enrolment=course.enrolment,
        check=find_check(course.lesson.body, course.check["id"]),
        chosen=[course.option("a")],
        language="en",
    )
    walk.log_in(page, course.user.email, PASSWORD)
    page.wait_for_selector("text=You answered this later on another device, and that answer counts.")
    context.close()
    assert course.rows() == [("b", False), ("a", True)]


def test_a_line_that_fails_while_an_answer_is_sent_loses_nothing(reader, course, faults):
    walk.log_in(reader, course.user.email, PASSWORD)
    reader.goto(course.lesson.get_url())
    reader.wait_for_selector("[data-oberih-answers]", state="attached")
    faults.expect("Failed to load resource")
    reader.context.route("**/learn/lessons/answers/", lambda route: route.abort())
    answer(reader, course, "a")
    reader.wait_for_selector(f"text={KEPT}")
    assert course.rows() == []
    reader.context.unroute("**/learn/lessons/answers/")
    session = reader.context.new_cdp_session(reader)
    slow = {"offline": False, "latency": 400, "downloadThroughput": 20_000, "uploadThroughput": 10_000}
    session.send("Network.emulateNetworkConditions", slow)
    reader.evaluate("window.dispatchEvent(new Event('online'))")
    reader.wait_for_selector(RIGHT)
    assert course.rows() == [("a", True)]


def test_what_is_kept_is_listed_with_its_size_and_taken_away(reader, course, faults):
    keep(reader, course)
    reader.click("[data-when=held] a")
    reader.wait_for_selector("[data-oberih-sets] li")
    cut(reader, faults)
    reader.reload()
    reader.wait_for_selector("[data-oberih-sets] li")
    assert "Module (" in reader.inner_text("[data-oberih-sets] li")
    reader.click("[data-oberih-sets] button")
    reader.wait_for_selector("[data-oberih-sets]", state="hidden")
    assert reader.evaluate("caches.keys()") == ["oberih-shell-1", "oberih-copies-1"]


def test_leaving_takes_the_module_and_the_answers_along(reader, course, faults):
    faults.expect("other host")
    reader.context.route("https://www.google.com/**", lambda route: route.fulfill(body="Sunny"))
    walk.log_in(reader, course.user.email, PASSWORD)
    reader.goto(course.lesson.get_url())
    keep(reader, course)
    cut(reader, faults)
    reader.goto(course.lesson.get_url())
    answer(reader, course, "a")
    reader.wait_for_selector(f"text={KEPT}")
    # Back before the worker is asked, so that the page to go to is there.
    reader.context.route("**/learn/lessons/answers/", lambda route: route.abort())
    reader.context.set_offline(False)
    reader.click("[data-oberih-leave]")
    reader.wait_for_url("https://www.google.com/**")
    reader.goto("/en/offline/")
    assert [name for name in reader.evaluate("caches.keys()") if name.startswith("oberih-kept-")] == []
    assert reader.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))") == []


def test_too_little_room_and_a_cancelled_keeping_leave_nothing(reader, course, faults):
    reader.goto(course.module.get_url())
    reader.evaluate("navigator.serviceWorker.ready")
    reader.evaluate("navigator.storage.estimate = async () => ({quota: 1000, usage: 999})")
    reader.click("[data-oberih-set] button")
    reader.click("[data-oberih-panel] button[value=keep]")
    reader.wait_for_selector("text=There is not enough room on this phone.")
    reader.evaluate("delete navigator.storage.estimate")
    reader.context.route(f"**{course.second.get_url()}", lambda route: None)
    reader.click("[data-oberih-set] button")
    reader.click("[data-oberih-panel] button[value=keep]")
    reader.click("[data-oberih-panel] button[value=stop]")
    reader.wait_for_selector("[data-when=asked]:visible")
    assert [name for name in reader.evaluate("caches.keys()") if name.startswith("oberih-kept-")] == []
