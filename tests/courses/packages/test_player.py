"""The player in Chromium: the site on one origin, packages on another, one process."""

import pytest

from courses.models import LessonProgress, LessonState, PackageRun
from participants import identity
from tests.courses.packages import building

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def faults(faults):
    # The packages' host is another host on purpose.
    faults.expect("other host: http://127.0.0.1:")
    return faults


@pytest.fixture
def index(site_tree):
    from tests.courses import trees

    return trees.plant()


def opened(page, live_server, enrolment, lesson):
    """The player's page, as the learner who opened their personal link reads it."""
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[identity._SESSION_KEY] = [str(enrolment.participant.uuid), enrolment.participant.link_version]
    session.save()
    page.context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": live_server.url}])
    page.goto(f"/en/learn/lessons/{lesson.key}/packages/{building.BLOCK}/")
    return part_of(page)


def part_of(page):
    return page.frame_locator("iframe").frame_locator("iframe")


def settled(page):
    page.get_by_text("Saved.", exact=True).wait_for()


def run_of(enrolment, item="one"):
    return PackageRun.objects.get(enrolment=enrolment, item=item)


def test_a_package_of_scorm_12_is_suspended_resumed_passed_and_reviewed(laptop, live_server, index):
    package = building.upload(building.single_12())
    _page, lesson, enrolment = building.lesson_with(package, index)
    lesson.completed_by = "package"
    lesson.save()

    part = opened(laptop, live_server, enrolment, lesson)
    said = part.locator("#said")
    said.filter(has_text="ab-initio").wait_for()
    assert said.text_content() == "ab-initio|not attempted||||normal|Learner, A|hello"
    part.locator("#half").click()
    settled(laptop)
    run = run_of(enrolment)
    assert (run.completion, run.cmi["suspend_data"], run.cmi["core"]["lesson_location"], run.completed_at) == (
        "incomplete",
        "half of it",
        "3",
        None,
    )

    laptop.reload()
    said.filter(has_text="resume").wait_for()
    assert said.text_content() == "resume|incomplete|3|half of it||normal|Learner, A|hello"
    part.locator("#pass").click()
    laptop.get_by_text("You have completed this package.").wait_for()
    run.refresh_from_db()
    assert (run.completion, run.success, run.score, run.is_finished) == ("completed", "passed", 85, True)
    assert run.completed_at is not None
    assert LessonProgress.objects.get(enrolment=enrolment, lesson=lesson).state == LessonState.COMPLETED

    laptop.reload()
    said.filter(has_text="review").wait_for()
    part.locator("#fail").click()
    settled(laptop)
    run.refresh_from_db()
    assert (run.completion, run.success, run.score) == ("completed", "passed", 85)


def test_a_package_of_scorm_2004_is_suspended_resumed_and_passed(laptop, live_server, index):
    package = building.upload(building.single_2004())
    _page, lesson, enrolment = building.lesson_with(package, index)
    part = opened(laptop, live_server, enrolment, lesson)
    said = part.locator("#said")
    said.filter(has_text="ab-initio").wait_for()
    assert said.text_content() == "ab-initio|unknown||||normal|Learner, A"
    part.locator("#half").click()
    settled(laptop)
    laptop.reload()
    said.filter(has_text="resume").wait_for()
    assert said.text_content() == "resume|incomplete|page-3|half of it||normal|Learner, A"
    part.locator("#pass").click()
    laptop.get_by_text("You have completed this package.").wait_for()
    run = run_of(enrolment)
    assert (run.completion, run.success, run.score) == ("completed", "passed", 90)
    laptop.reload()
    said.filter(has_text="review").wait_for()


def test_the_parts_of_a_package_are_done_one_by_one(phone, live_server, index):
    package = building.upload(building.several_12())
    _page, lesson, enrolment = building.lesson_with(package, index)
    part = opened(phone, live_server, enrolment, lesson)
    for number, (key, title) in enumerate((("plan", "Plan"), ("travel", "Travel"), ("arrive", "Arrive")), start=1):
        part.locator("#said").filter(has_text="ab-initio").wait_for()
        part.locator("#pass").click()
        settled(phone)
        assert PackageRun.objects.filter(enrolment=enrolment, completion="completed").count() == number
        assert run_of(enrolment, key).cmi["core"]["lesson_status"] == "passed"
        if number < 3:
            following = {"Plan": "Travel", "Travel": "Arrive"}[title]
            phone.get_by_role("link", name=following).click()
            phone.frame_locator(f'iframe[title="{following}"]').frame_locator("iframe").locator("#said").wait_for()
    phone.get_by_text("You have completed this package.").wait_for()
    assert PackageRun.objects.filter(enrolment=enrolment, completed_at=None).count() == 0


# Says everything in its last moment, as many real packages do.
LATE = building.PAGE_12.replace(
    "</script>",
    """
window.addEventListener("pagehide", () => {
  set("cmi.core.lesson_location", "late"); set("cmi.core.lesson_status", "completed"); api.LMSFinish("");
});
</script>""",
)


@pytest.mark.parametrize("how", ["close", "back", "elsewhere"])
def test_what_a_package_says_in_its_last_moment_is_kept(laptop, live_server, index, how):
    package = building.upload(building.single_12(page=LATE))
    _page, lesson, enrolment = building.lesson_with(package, index)
    part = opened(laptop, live_server, enrolment, lesson)
    part.locator("#said").filter(has_text="ab-initio").wait_for()
    part.locator("#half").click()
    if how == "close":
        laptop.close(run_before_unload=False)
    elif how == "elsewhere":
        laptop.goto("/en/learn/")
    else:
        laptop.get_by_role("link", name="Back to the lesson").first.click()
        laptop.get_by_role("heading", name="Practice").wait_for()
    deadline = 50
    while run_of(enrolment).completion != "completed" and deadline:
        deadline -= 1
        __import__("time").sleep(0.1)
    run = run_of(enrolment)
    assert (run.completion, run.cmi["core"]["lesson_location"], run.cmi["suspend_data"]) == (
        "completed",
        "late",
        "half of it",
    )
