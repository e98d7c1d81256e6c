"""The bridge to H5P in Chromium. The player is GPL and not ours to ship: a few lines stand in for it, with its own interface."""

import json

import pytest

from courses.models import PackageRun, Statement
from tests.courses.packages import building
from tests.courses.packages.test_player import faults, index, opened, settled  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# As h5p-standalone does it: a frame without a name, in which the content and its core live.
MAIN = """
window.H5PStandalone = { H5P: class { constructor(stage, options) { return new Promise((done) => {
  const inner = document.createElement("iframe");
  inner.className = "h5p-iframe";
  stage.append(inner);
  const given = options.contentUserData?.[0].state;
  let count = given ? JSON.parse(given).count : 0;
  const heard = [];
  inner.contentDocument.body.innerHTML = '<p id="count"></p><button id="more">More</button><button id="done">Done</button>';
  const show = () => { inner.contentDocument.getElementById("count").textContent = `${count} ${options.h5pJsonPath.endsWith("/f")}`; };
  show();
  inner.contentWindow.H5P = { instances: [{ getCurrentState: () => ({ count }) }], externalDispatcher: { on: (_name, hear) => heard.push(hear) } };
  inner.contentDocument.getElementById("more").onclick = () => { count += 1; show(); };
  inner.contentDocument.getElementById("done").onclick = () => heard.forEach((hear) => hear({ data: { statement: {
    actor: { mbox: "mailto:olena@example.org" }, verb: { id: "http://adlnet.gov/expapi/verbs/completed" },
    object: { id: options.xAPIObjectIRI }, result: { score: { raw: 3, max: 4, scaled: 0.75 }, success: true, completion: true } } } }));
  done();
}); } } };
"""


@pytest.fixture
def package(settings, tmp_path, db):
    for name, text in {"main.bundle.js": MAIN, "frame.bundle.js": "", "styles/h5p.css": ""}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    settings.OBERIH_COURSES_H5P_DIR = str(tmp_path)
    about = {
        "title": "Слово",
        "language": "uk",
        "mainLibrary": "H5P.Tiny",
        "preloadedDependencies": [{"machineName": "H5P.Tiny", "majorVersion": 1, "minorVersion": 0}],
    }
    return building.upload(
        {"h5p.json": json.dumps(about), "content/content.json": "{}", "H5P.Tiny-1.0/library.json": "{}"}
    )


def test_h5p_goes_on_where_it_was_and_its_statements_are_kept(laptop, live_server, index, package):  # noqa: F811
    _page, lesson, enrolment = building.lesson_with(package, index)
    part = opened(laptop, live_server, enrolment, lesson)
    part.locator("#count").filter(has_text="0 true").wait_for()
    inner = laptop.frames[-1]
    assert inner.evaluate("[document.documentElement.lang, document.documentElement.dir, frameElement.title]") == [
        "uk",
        "ltr",
        "Слово",
    ]
    part.locator("#more").click()
    part.locator("#more").click()
    settled(laptop)
    laptop.reload()
    part.locator("#count").filter(has_text="2 true").wait_for()
    part.locator("#done").click()
    laptop.get_by_text("You have completed this package.").wait_for()
    run = PackageRun.objects.get()
    assert (run.completion, run.success, run.score, run.cmi) == (
        "completed",
        "passed",
        75,
        {"state": '{"count":2}'},
    )
    assert "olena" not in json.dumps([one.content for one in Statement.objects.all()])
