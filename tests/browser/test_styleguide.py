"""The style guide is for developers, in debug mode: a page that the deployed site does not have."""

import pytest

from tests.browser.looking import found_wrong, prepare
from ui.styleguide import PATTERNS

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


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
        found += [f"{direction} {one}" for one in found_wrong(page)]
    assert not found, "\n".join(found)
