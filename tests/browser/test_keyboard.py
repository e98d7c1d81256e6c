"""The three tasks that matter most, by the keyboard alone: register, take an assessment, take a register."""

import re

import pytest

from tests.browser.keys import Keys


@pytest.fixture
def address(stage):
    return stage.url


@pytest.fixture
def keys(visitor):
    """A visitor who never touches the mouse, on a window so narrow that reading order is downwards."""
    keys = Keys(visitor(width=480, height=700))
    yield keys
    assert not keys.faults, "\n".join(keys.faults)


def test_somebody_registers(rewound, keys, faults):
    faults.expect("status of 400")
    page, event = keys.page, rewound.places["event"]
    page.goto("/en/events/")
    keys.follow(f"main a[href$='/{event}/']")
    keys.follow("main a[href$='/register/']")

    # Sent too early: the summary takes the focus, and its first line leads to the first field.
    keys.follow("main form button[type=submit]")
    assert keys.on(".ob-errors")
    keys.stop()
    keys.tab_to(".ob-errors a")
    keys.press("Enter")
    assert keys.on("#id_full_name")

    keys.type("Олена Клавіатурна")
    keys.tab_to("#id_email")
    keys.type("olena.keys@example.org")
    keys.tab_to("#id_of_age")
    keys.press("Space")
    keys.tab_to("#id_agree")
    keys.press("Space")
    keys.tab_to("details:has(#id_sex) > summary")
    keys.press("Enter")
    keys.tab_to("#id_sex")
    keys.press("ArrowDown")
    keys.tab_to("#id_may_be_counted")
    keys.press("Space")
    assert page.is_checked("#id_agree")
    assert page.is_checked("#id_may_be_counted")
    assert page.input_value("#id_sex") != ""
    keys.follow("main form button[type=submit]")
    assert re.search(r"/registered/", page.url)
    assert "o…@example.org" in page.inner_text("main")


def test_a_learner_takes_the_assessment(rewound, keys):
    page = keys.page
    rewound.admit(page.context, "newcomer")
    page.goto(rewound.path("/en/{course}/"))
    keys.follow("main form[action*='/enrol/'] button")
    page.goto(rewound.path("/en/{final}/"))
    keys.follow("main a[href*='/assessments/']")
    keys.follow("main form button")
    assert "/attempts/" in page.url

    keys.follow("button[name=wish][value=hand_in]")
    assert keys.on(".ob-errors")

    questions = page.locator(".ob-questions > li").all()
    for question in questions:
        _answer(keys, question)
    keys.follow("button[name=wish][value=hand_in]")
    assert page.url.endswith("/result/")
    assert re.search(r"\d+ of 10 points", page.inner_text("main"))


def _answer(keys, question):
    """By the keys alone, whatever kind of question it is."""
    # Placing things in an order or beside what belongs to them is a list to choose from for each of them.
    for place, one in enumerate(question.locator("select").all(), start=1):
        keys.tab_to(f"#{one.get_attribute('id')}")
        for _step in range(place):
            keys.press("ArrowDown")
        assert one.input_value()
    if question.locator("select").count():
        return
    written = question.locator("input:not([type=radio]):not([type=checkbox])")
    if written.count():
        keys.tab_to(f"#{written.get_attribute('id')}")
        keys.press("1")
        assert written.input_value() == "1"
        return
    group = question.locator("fieldset").get_attribute("id")
    keys.tab_to(f"#{group} input")
    # The second: Tab stops once at a group of radio buttons, the arrows go on within.
    keys.press("ArrowDown" if keys.on("[type=radio]") else "Space")
    assert question.locator("input:checked").count() == 1


def test_a_trainer_takes_a_register(rewound, keys):
    page = keys.page
    rewound.admit(page.context, "trainer")
    page.goto("/en/trainings/")
    keys.follow("main a[href*='/registers/']")
    rows = [row.get_attribute("id") for row in page.locator("main li[data-name]").all()]

    for row in rows[:3]:
        _mark(keys, row, "present")
    _mark_again(keys, rows[2], "late")
    counts = page.locator("#counts")
    assert re.search(rf"3 of {len(rows)} present", counts.inner_text())
    assert page.locator("[aria-pressed=true]").evaluate_all("all => all.map(one => one.id)") == [
        f"{rows[0]}-present",
        f"{rows[1]}-present",
        f"{rows[2]}-late",
    ]

    keys.follow("main a[href$='/close/']")
    keys.follow("main form button[type=submit]")
    assert "The register is closed." in page.inner_text("main")

    # A slip is corrected afterwards, with a reason.
    keys.follow(f"#{rows[1]} a")
    keys.tab_to("main form select, main form input[type=radio]")
    keys.press("ArrowDown")
    keys.tab_to("main form [name=reason]")
    keys.type("Came for the second half only.")
    keys.follow("main form button[type=submit]")
    assert "The register is corrected." in page.inner_text("main")


def _mark(keys, row, status):
    keys.tab_to(f"#{row}-{status}")
    _pressed(keys, row, status)


def _mark_again(keys, row, status):
    """From one mark in the row to another: the row came back from the server, the focus has to be where it was."""
    assert keys.on(f"#{row} button")
    keys.press("Tab")
    assert keys.on(f"#{row}-{status}")
    _pressed(keys, row, status)


def _pressed(keys, row, status):
    with keys.page.expect_response(re.compile("/people/")):
        keys.press("Space")
    keys.page.locator(f"#{row}-{status}[aria-pressed=true]").wait_for()
    assert keys.on(f"#{row}-{status}")


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/en/", None),
        ("/en/events/{event}/register/", None),
        ("/en/learn/attempts/{attempt}/", "participant"),
        ("/en/trainings/new/", "trainer"),
        ("/en/registers/{session}/", "trainer"),
        ("/en/people-trained/?from=2022-07-01&to=2022-09-30", "manager"),
    ],
)
def test_tab_goes_through_the_whole_page_and_back(stage, keys, path, role):
    if role:
        stage.admit(keys.page.context, role)
    keys.page.goto(stage.path(path))
    stops = keys.round()
    assert len(stops) > 8
    assert "ob-skip" in stops[0]
    keys.turn()
    keys.press("Shift+Tab", "Shift+Tab")
    assert keys.stop()["name"] == stops[-2]


FAULTY = """<!doctype html><html lang="en"><title>Faulty</title><link rel="icon" href="data:,">
    <style>a { outline: none } main { display: flex; flex-direction: column-reverse }</style>
    <main><a href="/one/">One</a><a href="/two/">Two</a><button>Three</button></main>"""


def test_what_is_wrong_at_a_stop_would_be_told(visitor):
    keys = Keys(visitor())
    keys.page.route("**/faulty/", lambda route: route.fulfill(body=FAULTY, content_type="text/html"))
    keys.page.goto("/faulty/")
    keys.round()
    assert keys.faults == [
        'focus not shown: <a href="/one/">One</a>',
        'goes back: <a href="/two/">Two</a>',
        'focus not shown: <a href="/two/">Two</a>',
        "goes back: <button>Three</button>",
    ]
