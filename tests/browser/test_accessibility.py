"""Every kind of page, in three languages, two sizes and two schemes, by the rules of WCAG 2.2 A and AA."""

import pytest

from tests.browser.looking import look, prepare, structure, violations
from tests.browser.pages import PAGES

LANGUAGES = {"en": "ltr", "uk": "ltr", "ar": "rtl"}
LOOKS = [(1280, "light"), (1280, "dark"), (360, "dark"), (360, "light")]


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
        for width, scheme in LOOKS:
            look(page, width, scheme)
            found += [f"{language} {width} {scheme}: {one}" for one in structure(page) + violations(page)]
    assert not found, "\n".join(found)


FAULTY = """<!doctype html><html lang="en"><title>Faulty</title><link rel="icon" href="data:,"><main>
    <h1>One</h1><h3 style="color: #bbb; background: #fff">Pale</h3><input style="inline-size: 400px"></main>"""


def test_what_is_wrong_would_be_found(visitor):
    """To find nothing on sixty pages proves something only for whoever can find something."""
    page = visitor()
    prepare(page.context)
    page.route("**/faulty/", lambda route: route.fulfill(body=FAULTY, content_type="text/html"))
    page.goto("/faulty/")
    look(page, 360, "light")
    assert violations(page) == ["color-contrast at h3", "label at input"]
    assert structure(page) == ["56 px too wide: input.", "heading 2 jumps: 1,3"]
