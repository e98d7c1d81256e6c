"""The style guide is for developers, in debug mode: a page that the deployed site does not have."""

import pytest

from tests.browser.looking import look, prepare, structure, violations
from ui.styleguide import PATTERNS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _debug_mode(settings):
    settings.DEBUG = True


@pytest.mark.parametrize("path", ["styleguide/", *(f"styleguide/{name}/" for name in PATTERNS)])
def test_every_part_is_open_to_everybody(visitor, path):
    page = visitor()
    prepare(page.context)
    found = []
    for direction in ("ltr", "rtl"):
        page.goto(f"/en/{path}?dir={direction}")
        for width, scheme in [(1280, "light"), (1280, "dark"), (360, "dark"), (360, "light")]:
            look(page, width, scheme)
            found += [f"{direction} {width} {scheme}: {one}" for one in structure(page) + violations(page)]
    assert not found, "\n".join(found)
