"""Every kind of page, in three languages, two sizes and two schemes, by the rules of WCAG 2.2 A and AA."""

import pytest

from tests.browser.looking import found_wrong, found_wrong_translated, prepare
from tests.browser.pages import PAGES

LANGUAGES = {"en": "ltr", "uk": "ltr", "ar": "rtl"}


@pytest.fixture
def address(stage):
    return stage.url


def _is_final(answer):
    return answer.request.is_navigation_request() and not 300 <= answer.status < 400


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.name)
def test_page_shuts_nobody_out(stage, visitor, faults, kind):
    page = visitor()
    prepare(page.context)
    if kind.role:
        stage.admit(page.context, kind.role)
    if kind.status != 200:
        faults.expect(f"status of {kind.status}")
    found = []
    for language, direction in LANGUAGES.items():
        response = page.goto(stage.path(kind.path, language))
        if kind.then:
            with page.expect_response(_is_final) as answered:
                kind.then(page)
            response = answered.value
        root = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        found += [] if root == [language, direction] else [f"{language}: is marked {root}"]
        found += [] if response.status == kind.status else [f"{language}: answers {response.status}"]
        wrong = found_wrong(page) if language == "en" else found_wrong_translated(page)
        found += [f"{language} {one}" for one in wrong]
    assert not found, "\n".join(found)


FAULTY = """<!doctype html><html lang="en"><title>Faulty</title><link rel="icon" href="data:,"><main>
    <style>@media (prefers-color-scheme: dark) { p { color: #222; background: #000 } }</style>
    <h1>One</h1><h3 style="color: #bbb; background: #fff">Pale</h3><p>Dark</p>
    <input style="inline-size: 400px"></main>"""


def test_what_is_wrong_would_be_found(visitor):
    """To find nothing on seventy pages proves something only for whoever can find something."""
    page = visitor()
    prepare(page.context)
    page.route("**/faulty/", lambda route: route.fulfill(body=FAULTY, content_type="text/html"))
    page.goto("/faulty/")
    assert found_wrong(page) == [
        "1280 light: heading 2 jumps: 1,3",
        "1280 light: color-contrast at h3",
        "1280 light: label at input",
        "1280 dark: color-contrast at h3",
        "1280 dark: color-contrast at p",
        "360 light: 56 px too wide: input.",
        "360 light: heading 2 jumps: 1,3",
        "360 light: color-contrast at h3",
        "360 light: label at input",
        "360 dark: color-contrast at h3",
        "360 dark: color-contrast at p",
    ]
