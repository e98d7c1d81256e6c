"""Leave this page: whoever presses it may have one second, and somebody beside them."""

import pytest

from tests.browser.pages import PAGES

# Where the site sends people who leave; see OBERIH_LEAVE_URL.
WEATHER = "https://www.google.com/search?q=weather"
HARMLESS = "<!doctype html><title>Weather</title><link rel=icon href=data:,><h1>Weather</h1>"

CONTROL = "[data-oberih-leave]"
TWO_MORE = "Press two more times to leave this page."
ONE_MORE = "Press once more to leave this page."


@pytest.fixture
def address(stage):
    return stage.url


@pytest.fixture
def elsewhere(faults):
    """Answers for the other host, so that nothing leaves this machine. Returns what opens a page that may be left."""
    faults.expect(f"other host: {WEATHER}")

    def stand_in(page):
        page.left = []

        def answer(route):
            page.left.append(route.request.headers)
            route.fulfill(body=HARMLESS, content_type="text/html")

        page.context.route(WEATHER, answer)
        return page

    return stand_in


def history(page):
    """(address, title) of what the tab's own list of pages shows, as somebody sees who looks at it afterwards."""
    session = page.context.new_cdp_session(page)
    return [(entry["url"], entry["title"]) for entry in session.send("Page.getNavigationHistory")["entries"]]


def announced(page):
    return page.locator(f"{CONTROL} + [role=status]").inner_text()


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_leaving_takes_the_page_out_of_the_history(visitor, address, elsewhere):
    page = elsewhere(visitor())
    page.goto("/en/about/")
    page.goto("/en/events/")
    page.click(CONTROL)
    page.wait_for_url(WEATHER)
    assert [url for url, _title in history(page)] == ["about:blank", f"{address}/en/about/", WEATHER]
    assert "referer" not in page.left[0]
    page.go_back()
    assert page.url == f"{address}/en/about/"


# What can be seen in the same instant: a page that has begun to leave answers no more questions.
AT_ONCE = f"""() => {{
    document.querySelector("{CONTROL}").click();
    const cover = document.querySelector(".ob-cover"), box = cover.getBoundingClientRect();
    const corners = [[5, 5], [380, 5], [200, 400], [5, 830], [380, 830]];
    return {{
        title: document.title,
        role: cover.getAttribute("role"),
        said: cover.textContent,
        colours: [getComputedStyle(cover).color, getComputedStyle(cover).backgroundColor],
        box: [box.left, box.top, box.width, box.height],
        onTop: corners.every(at => document.elementFromPoint(...at) === cover),
    }};
}}"""


def test_nothing_is_to_be_seen_before_the_network_answers(visitor, elsewhere):
    page = elsewhere(visitor(width=390, height=844))
    page.goto("/en/events/")
    assert page.evaluate(AT_ONCE) == {
        # A mark without width: an empty title would show the address instead.
        "title": "\u200e",
        "role": "alert",
        "said": "Leaving this page.",
        "colours": ["rgb(255, 255, 255)"] * 2,
        "box": [0, 0, 390, 844],
        "onTop": True,
    }
    page.wait_for_url(WEATHER)


@pytest.mark.parametrize("key", ["Shift", "Escape"])
def test_three_times_the_same_key_leaves(visitor, address, elsewhere, key):
    page = elsewhere(visitor())
    page.goto("/en/events/")
    press(page, key, key, key)
    page.wait_for_url(WEATHER)
    assert history(page)[-1][0] == WEATHER
    assert f"{address}/en/events/" not in dict(history(page))


def test_keys_leave_from_within_a_form_too(visitor, stage, elsewhere):
    page = elsewhere(visitor())
    page.goto(stage.path("/en/events/{event}/register/"))
    page.focus("#id_full_name")
    press(page, "Escape", "Escape", "Escape")
    page.wait_for_url(WEATHER)


def test_what_is_no_wish_to_leave_stays(visitor, stage):
    page = visitor()
    page.clock.install()
    page.goto(stage.path("/en/events/{event}/register/"))
    here = page.url

    press(page, "Shift", "Shift")
    page.clock.fast_forward(5_500)
    assert announced(page) == ""
    press(page, "Shift")
    assert announced(page) == TWO_MORE

    press(page, "Escape")
    assert announced(page) == TWO_MORE
    press(page, "Shift", "Escape", "Shift", "Escape")
    assert announced(page) == TWO_MORE
    page.clock.fast_forward(5_500)

    page.focus("#id_full_name")
    press(page, "Shift+O", "Shift+K", "Shift+A", "Shift+Y", "Shift+Tab")
    assert (page.input_value("#id_full_name"), announced(page)) == ("OKAY", "")
    press(page, "Shift", "Shift", "a", "Shift")
    assert (announced(page), page.url) == (TWO_MORE, here)


def test_who_does_not_see_it_hears_it(visitor, elsewhere):
    page = elsewhere(visitor())
    page.goto("/en/events/")
    name = "Leave this page Or press Shift or Escape three times."
    assert page.get_by_role("link", name=name, exact=True).get_attribute("href") == WEATHER
    # Live regions speak only if they were there before they had something to say.
    assert announced(page) == ""
    press(page, "Shift")
    assert announced(page) == TWO_MORE
    press(page, "Shift")
    assert announced(page) == ONE_MORE


@pytest.mark.parametrize("language", ["uk", "ar"])
def test_it_speaks_the_readers_language(visitor, language):
    page = visitor(language=language)
    page.goto(f"/{language}/events/")
    said = page.locator(CONTROL).inner_text()
    press(page, "Shift")
    first = announced(page)
    press(page, "Shift")
    words = [said, first, announced(page), page.get_attribute(CONTROL, "data-leaving")]
    assert len(set(words)) == 4
    assert [word for word in words if word.isascii()] == []


def test_it_is_a_link_without_scripts(visitor, elsewhere):
    page = elsewhere(visitor(javascript=False))
    page.goto("/en/events/")
    page.click(CONTROL)
    page.wait_for_url(WEATHER)
    assert "referer" not in page.left[0]


def test_the_keyboard_reaches_it_and_it_can_be_seen(visitor, elsewhere):
    page = elsewhere(visitor(width=360, height=640))
    page.goto("/en/events/")
    press(page, "Shift+Tab")
    assert page.evaluate(f"document.activeElement.matches('{CONTROL}')")
    box = page.locator(CONTROL).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert box["y"] + box["height"] <= 640
    assert box["height"] >= 44
    press(page, "Enter")
    page.wait_for_url(WEATHER)


COVERED = f"""() => {{
    const one = document.activeElement, control = document.querySelector("{CONTROL}");
    if (one === document.body || one === control) return null;
    const [a, b] = [one, control].map(element => element.getBoundingClientRect());
    const hidden = a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
    return {{hidden, name: one.outerHTML.slice(0, 80)}};
}}"""


@pytest.mark.parametrize("path", ["/uk/", "/uk/events/{event}/register/"])
def test_it_covers_nothing_that_has_the_focus(visitor, stage, path):
    page = visitor(width=360, height=640, language="uk")
    page.goto(stage.path(path))
    focused = []
    while (at := _next(page)) is not None:
        focused.append(at)
    assert len(focused) > 8
    assert [at["name"] for at in focused if at["hidden"]] == []


def _next(page):
    press(page, "Tab")
    return page.evaluate(COVERED)


def test_it_stands_on_every_public_page_and_on_no_other(stage, visitor, faults):
    faults.expected.append("status of")
    contexts = {role: visitor().context for role in {page.role for page in PAGES} | {"editor"}}
    for role, context in contexts.items():
        if role:
            stage.admit(context, role)

    def stands_on(role, path):
        return "data-oberih-leave" in contexts[role].request.get(path).text()

    pages = [page for page in PAGES if page.then is None]
    found = {page.name: stands_on(page.role, stage.path(page.path)) for page in pages}
    assert found == {page.name: not page.is_for_staff for page in pages}
    assert not stands_on("editor", "/admin/")
