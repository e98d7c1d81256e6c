"""The recorder has to notice what it is there for; a page that fetches from a stranger must not pass in silence."""

import pytest
from django.http import HttpResponse
from django.urls import path

PAGE = """<!doctype html><html lang="en"><title>Page</title><link rel="icon" href="data:,">%s"""

urlpatterns = [
    path("fine/", lambda request: HttpResponse(PAGE % "<h1>Fine</h1>")),
    path("stranger/", lambda request: HttpResponse(PAGE % '<img alt="" src="http://127.0.0.1:9/x.png">')),
    path("broken/", lambda request: HttpResponse(PAGE % "<script>throw new Error('broken script')</script>")),
]


@pytest.fixture(autouse=True)
def _pages(settings):
    settings.ROOT_URLCONF = __name__


def test_a_quiet_page_has_no_faults(phone, faults):
    phone.goto("/fine/")
    assert (phone.inner_text("h1"), faults.seen) == ("Fine", [])


@pytest.mark.parametrize(("page", "fault"), [("stranger", "other host"), ("broken", "broken script")])
def test_a_page_that_misbehaves_is_told_on(laptop, faults, page, fault):
    laptop.goto(f"/{page}/", wait_until="networkidle")
    seen, faults.seen = faults.seen, []
    assert any(fault in entry for entry in seen)
