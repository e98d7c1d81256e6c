"""How a lesson's page counts the time that somebody spends with it."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from courses import actions
from courses.models import Course, StudyTime
from participants.actions import create_participant
from tests.courses import trees

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SHOWN = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
PLAYING = """(playing) => {
  const film = document.querySelector("video") ?? document.body.appendChild(document.createElement("video"));
  Object.defineProperty(film, "paused", { configurable: true, get: () => !playing });
}"""


@pytest.fixture
def lesson(site_tree, visitor):
    """(a learner's page, the address of a lesson)."""
    page, _module, (lesson, _second) = trees.course(trees.plant())
    user = get_user_model().objects.create_user("olena@example.org", "x")
    participant = create_participant(full_name="Olena", email=user.email, user=user, language="en")
    actions.enrol(participant=participant, course=Course.objects.get(key=page.translation_key))
    client = Client()
    client.force_login(user)
    browser = visitor()
    address = {"name": "sessionid", "value": client.cookies["sessionid"].value, "domain": "localhost", "path": "/"}
    browser.context.add_cookies([address])
    return browser, lesson.get_url()


@pytest.fixture
def told(lesson):
    """A page whose clock is ours, and what it told the site."""
    page, address = lesson
    sent = []

    def keep(route):
        sent.append(json.loads(route.request.post_data))
        route.fulfill(status=204)

    page.route("**/time/", keep)
    page.clock.install(time=0)
    page.clock.pause_at(1)
    page.goto(address)
    return page, sent


def seconds(told, count):
    """What was told; requests arrive a moment after the clock of the page has moved."""
    page, sent = told
    for _ in range(40):
        if len(sent) >= count:
            break
        page.wait_for_timeout(50)
    return [one["seconds"] for one in sent]


def test_time_counts_while_somebody_moves_and_ends_a_minute_after(told):
    page, _sent = told
    page.clock.run_for(30_000)
    page.mouse.move(10, 10)
    page.clock.run_for(30_000)
    assert seconds(told, 1) == [60]
    # The last movement was after half a minute: a minute later the reader is taken to have left.
    page.clock.run_for(240_000)
    assert seconds(told, 2) == [60, 90]
    page.keyboard.press("Tab")
    page.clock.run_for(60_000)
    assert seconds(told, 3) == [60, 90, 150]
    assert len({one["uuid"] for one in told[1]}) == 1


def test_a_hidden_page_counts_nothing_and_tells_what_it_had(told):
    page, _sent = told
    page.clock.run_for(20_000)
    page.evaluate(SHOWN, True)
    assert seconds(told, 1) == [20]
    page.clock.run_for(600_000)
    page.evaluate(SHOWN, False)
    page.clock.run_for(15_000)
    page.evaluate(SHOWN, True)
    assert seconds(told, 2) == [20, 35]


def test_what_plays_counts_without_a_movement(told):
    page, _sent = told
    page.evaluate(PLAYING, True)
    page.clock.run_for(300_000)
    page.evaluate(PLAYING, False)
    page.clock.run_for(300_000)
    # It played five minutes, and a minute more might have been somebody thinking.
    assert seconds(told, 6) == [60, 120, 180, 240, 300, 360]


def test_the_site_keeps_what_a_page_tells_when_it_is_left(lesson, transactional_db):
    page, address = lesson
    page.goto(address)
    page.wait_for_timeout(1500)
    with page.expect_response("**/time/") as answer:
        page.evaluate(SHOWN, True)
    assert answer.value.status == 204
    assert StudyTime.objects.get().seconds in range(1, 10)
