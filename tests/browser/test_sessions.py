"""Which of its sessions a register is of, on a telephone."""

import pytest


@pytest.fixture
def address(stage):
    return stage.url


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_session_of_the_register_is_in_sight(stage, visitor, language):
    page = visitor(width=390, height=700)
    stage.admit(page.context, "trainer")
    page.goto(stage.path(f"/{language}/registers/{{school_session}}/"))
    page.locator(".ob-roll__sessions a").last.click()
    page.wait_for_function("document.querySelector('.ob-roll__sessions').scrollLeft !== 0")
    box = page.locator(".ob-roll__sessions [aria-current]").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert page.evaluate("scrollY") == 0
