"""Without a network: what can still be read, what is said about it, and what is not kept."""

import pytest

from participants.models import Participant
from tests import walk
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PASSWORD = "reading-in-a-cellar"

COPIES = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const key of await cache.keys()) found[new URL(key.url).pathname] = await (await cache.match(key, {ignoreVary: true})).text();
  }
  return found;
}"""


@pytest.fixture
def lesson(demo_pages):
    from cms.models import LessonPage

    page = LessonPage.objects.filter(locale__language_code="en").order_by("path").first()
    return page.get_url()


KEPT = """async (paths) => {
  for (let n = 0; n < 100; n += 1) {
    const copies = await caches.open("oberih-copies-1");
    const held = (await copies.keys()).map((key) => new URL(key.url).pathname);
    if (paths.every((path) => held.includes(path))) return;
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error("The worker did not keep " + paths);
}"""


@pytest.fixture
def demo_pages(site_tree):
    from cms.demo.pages import seed_pages

    seed_pages()


@pytest.fixture
def reader(visitor):
    return visitor(width=390, height=844, workers=True)


def read(page, address):
    """Open a page and wait until the worker has kept it, and the page to show instead of others."""
    page.goto(address)
    page.evaluate(KEPT, [address, "/en/offline/"])


def cut(page, faults):
    """The line is gone: the browser says so in the console, for each page that it asks for."""
    faults.expect("net::ERR_")
    page.context.set_offline(True)


def test_visited_lesson_opens_without_a_network_and_says_so(reader, lesson, faults):
    read(reader, lesson)
    title = reader.inner_text("h1")
    assert not reader.is_visible("[data-oberih-offline]")
    cut(reader, faults)
    reader.reload()

    assert reader.inner_text("h1") == title
    banner = reader.inner_text("[data-oberih-offline]")
    assert "You are offline." in banner
    assert "This copy was saved on this device:" in banner
    assert reader.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Golos Text"')


def test_page_that_was_not_visited_lists_what_can_be_read(reader, lesson, faults):
    read(reader, lesson)
    title = reader.inner_text("h1")
    cut(reader, faults)
    reader.goto("/en/events/")

    assert reader.inner_text("h1") == "This page needs a network"
    reader.wait_for_selector("[data-oberih-copies] a")
    assert reader.inner_text("[data-oberih-copies]") == title
    reader.click("[data-oberih-copies] a")
    assert reader.inner_text("h1") == title


def test_losing_the_line_on_an_open_page_is_said_at_once(reader, lesson, faults):
    read(reader, lesson)
    cut(reader, faults)
    reader.wait_for_selector("[data-oberih-offline]:not([hidden])")
    reader.context.set_offline(False)

    reader.wait_for_selector("[data-oberih-offline]", state="hidden")


def test_nothing_of_a_person_who_was_logged_in_is_kept(reader, lesson):
    user = UserFactory(email="olena.koval@example.org", password=PASSWORD)
    walk.log_in(reader, user.email, PASSWORD)
    reader.goto("/en/courses/counter-trafficking-in-emergencies/")
    reader.click("main form[action*=enrol] button")
    reader.wait_for_url("**/courses/counter-trafficking-in-emergencies/**")
    read(reader, lesson)
    assert Participant.objects.get(user=user).enrolments.count() == 1
    assert "Log out" in reader.content()
    reader.goto("/en/learn/")

    kept = reader.evaluate(COPIES)
    assert lesson in kept
    assert "/en/learn/" not in kept
    told = [
        (path, word)
        for path, body in kept.items()
        for word in ("Log out", "csrfmiddlewaretoken", "olena.koval", "Your course")
        if word in body
    ]
    assert told == []


def test_leaving_the_page_forgets_what_was_kept(reader, lesson, faults):
    faults.expect("other host")
    reader.context.route("https://www.google.com/**", lambda route: route.fulfill(body="Sunny"))
    read(reader, lesson)
    reader.click("[data-oberih-leave]")
    reader.wait_for_url("https://www.google.com/**")
    reader.goto("/en/offline/")

    assert [path for path in reader.evaluate(COPIES) if path == lesson] == []
