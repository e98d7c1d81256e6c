"""Pages that nobody means to open: calm, in the reader's language, and the last with nothing to lean on."""

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.urls import path

from tests.browser.looking import found_wrong, prepare

FORM = """<!doctype html><html lang="en"><title>Form</title>
    <form method="post"><button>Send</button></form>"""


def broken(request):
    raise RuntimeError("nobody thought of this")


def not_understood(request):
    raise BadRequest


# Nothing else: whatever broke may be what the rest of the site needs.
urlpatterns = [
    path("favicon.ico", lambda request: HttpResponse(status=204)),
    *i18n_patterns(
        path("broken/", broken),
        path("not-understood/", not_understood),
        path("form/", lambda request: HttpResponse(FORM)),
    ),
]


@pytest.fixture(autouse=True)
def _site_without_rooms(settings):
    settings.ROOT_URLCONF = __name__


@pytest.mark.parametrize(("name", "status"), [("broken", 500), ("not-understood", 400), ("form", 403)])
def test_what_went_wrong_is_told_with_nothing_to_lean_on(visitor, faults, name, status):
    faults.expect(f"status of {status}")
    page = visitor()
    prepare(page.context)
    found, told = [], []
    for language, direction in {"en": "ltr", "uk": "ltr", "ar": "rtl"}.items():
        response = page.goto(f"/{language}/{name}/")
        if name == "form":
            # Without its token, as after a day in an open tab.
            with page.expect_navigation() as sent:
                page.click("button")
            response = sent.value
        root = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        assert (response.status, root) == (status, [language, direction])
        assert page.locator("a[href='/']").count() == 1
        told.append(page.inner_text("main"))
        found += [f"{language} {one}" for one in found_wrong(page)]
    assert not found, "\n".join(found)
    assert len(set(told)) == 3
