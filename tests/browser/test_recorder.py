"""The recorder has to notice what it is there for; a page that fetches from a stranger must not pass in silence."""

import pytest
from django.http import HttpResponse
from django.urls import path

PAGE = """<!doctype html><html lang="en"><title>Page</title><body>%s"""
STRANGER = '<img alt="" src="http://127.0.0.1:9/x.png">'
# What an attacker would have written into a page: that it is refused is the policy's work, that it is told is ours.
INLINE = "<script>document.title = 'taken over'</script>"
HANDLER = """<h1 onclick="document.title = 'taken over'">Press</h1>"""


def shows(body, **headers):
    return lambda request: HttpResponse(PAGE % body, headers=headers)


urlpatterns = [
    path("favicon.ico", lambda request: HttpResponse(status=204)),
    path(
        "broken.js",
        lambda request: HttpResponse("throw new Error('broken script')", content_type="text/javascript"),
    ),
    path("fine/", shows("<h1>Fine</h1>")),
    path("stranger/", shows(STRANGER)),
    # Without our policy the request goes out, and has to be seen.
    path("stranger-let-in/", shows(STRANGER, **{"Content-Security-Policy": "default-src *"})),
    path("broken/", shows('<script src="/broken.js"></script>')),
    path("inline/", shows(INLINE)),
    path("handler/", shows(HANDLER)),
    path("styled/", shows('<p style="color: red">Red</p>')),
    path("based/", shows('<base href="http://127.0.0.1:9/">')),
]


@pytest.fixture(autouse=True)
def _pages(settings):
    settings.ROOT_URLCONF = __name__


def test_a_quiet_page_has_no_faults(phone, faults):
    phone.goto("/fine/")
    assert (phone.inner_text("h1"), faults.seen) == ("Fine", [])


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ("stranger", "Content Security Policy"),
        ("stranger-let-in", "other host"),
        ("broken", "broken script"),
        ("inline", "Content Security Policy"),
        ("styled", "Content Security Policy"),
        ("based", "Content Security Policy"),
    ],
)
def test_a_page_that_misbehaves_is_told_on(laptop, faults, page, fault):
    laptop.goto(f"/{page}/", wait_until="networkidle")
    seen, faults.seen = faults.seen, []
    assert any(fault in entry for entry in seen)


@pytest.mark.parametrize("page", ["inline", "handler"])
def test_a_script_written_into_a_page_does_not_run(laptop, faults, page):
    faults.expect("Content Security Policy")
    laptop.goto(f"/{page}/", wait_until="networkidle")
    laptop.mouse.click(40, 40)
    assert laptop.title() == "Page"
