"""Wagtail's admin has a content policy of its own: its pages work under it, and ask nobody else for anything."""

import pytest

PLACES = [
    "/admin/",
    "/admin/pages/",
    "/admin/images/",
    "/admin/images/multiple/add/",
    "/admin/documents/",
    "/admin/reports/site-history/",
    "/admin/account/",
]


@pytest.fixture
def address(stage):
    return stage.url


@pytest.fixture
def editor(stage, visitor, faults):
    # Wagtail lists the zones of the machine, and Debian's has one that browsers do not know.
    faults.expect("Invalid time zone specified")
    page = visitor()
    stage.admit(page.context, "editor")
    return page


@pytest.mark.parametrize("place", PLACES)
def test_the_admin_works_under_its_policy_and_calls_nobody(editor, place):
    assert editor.goto(place, wait_until="networkidle").status == 200


def test_a_page_is_translated_under_the_policy(editor):
    editor.goto("/admin/pages/")
    editor.click("a[href$='/edit/']:has-text('Навчімося захищати')")
    editor.wait_for_load_state("networkidle")
    assert editor.get_by_text("Translated manually").first.is_visible()


def test_a_page_is_previewed_under_the_policy_of_the_site(editor):
    editor.goto("/admin/pages/")
    editor.click("a[href$='/edit/']:has-text('Learn to protect')")
    with editor.expect_response(lambda answer: "/edit/preview/?" in answer.url and answer.ok) as seen:
        editor.click("[data-side-panel-toggle='preview']")
    editor.wait_for_load_state("networkidle")
    # Shown at an address of the admin, and yet the site's own page.
    assert "unsafe-inline" not in seen.value.headers["content-security-policy"]
    assert "unsafe-inline" in editor.goto(editor.url).headers["content-security-policy"]
