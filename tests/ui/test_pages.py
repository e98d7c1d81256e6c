import re

import pytest
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.urls import include, path

from ui import hooks, styleguide


def page(request):
    return render(request, "oberih/base.html", getattr(request, "context", {}))


urlpatterns = [
    path("", include("ui.urls")),
    path("page/", page, name="page"),
    path("log-in/", HttpResponse, name="account_login"),
    path("log-out/", HttpResponse, name="account_logout"),
]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """The room by itself: what rooms above offer would want their addresses and the database."""
    monkeypatch.setattr(hooks, "_registered", {name: [] for name in hooks.NAMES})


PATHS = ["/styleguide/", *(f"/styleguide/{name}/" for name in styleguide.PATTERNS)]


@pytest.mark.parametrize("path", PATHS)
@override_settings(DEBUG=True)
def test_guide_has_nothing_inline_and_asks_no_other_host(client, path):
    html = client.get(path).content.decode()

    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html) == []
    assert re.findall(r'(?:src|<link[^>]*href)="((?:https?:)?//[^"]+)"', html) == []


@pytest.mark.parametrize("path", PATHS)
@override_settings(DEBUG=False)
def test_guide_is_for_debug_mode_only(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("shown", "colour"),
    [
        ("light", "oklch(0.985 0.005 95)"),
        ("dark", "oklch(0.205 0.012 225)"),
        ("contrast", "white"),
        ("contrast-dark", "black"),
        ("print", "white"),
    ],
)
@override_settings(DEBUG=True)
def test_guide_looks_as_another_device_would_ask(client, shown, colour):
    """The last rule whose condition holds gives the paper its colour."""
    html = client.get(f"/styleguide/?show={shown}").content.decode()
    css = client.get(f"/styleguide/{shown}/tokens.css").content.decode()

    assert f'href="/styleguide/{shown}/tokens.css"' in html
    assert "prefers-" not in css
    blocks = re.findall(r"(?:@media ([^{]+) \{\n\s+)?:root \{([^}]+)\}", css)
    papers = [
        re.search(r"--oberih-paper: ([^;]+);", rules)[1]
        for condition, rules in blocks
        if "max-width: 0" not in condition and "--oberih-paper" in rules
    ]
    assert papers[-1] == colour


@override_settings(DEBUG=False)
def test_sheets_of_the_guide_are_for_debug_mode_only(client):
    assert client.get("/styleguide/dark/tokens.css").status_code == 404


@override_settings(DEBUG=True)
def test_guide_shows_no_sheet_that_it_does_not_know(client):
    assert [
        client.get(path).status_code for path in ("/styleguide/pink/tokens.css", "/styleguide/dark/secret.css")
    ] == [
        404,
        404,
    ]


@pytest.mark.parametrize("template", ["400.html", "403_csrf.html", "500.html"])
def test_error_page_needs_no_context(template):
    assert "<h1>" in render_to_string(template)


@override_settings(OBERIH_LEAVE_URL="https://weather.example/")
def test_leave_control_is_a_plain_link_on_public_pages_only():
    request = RequestFactory().get("/page/")

    assert 'href="https://weather.example/"' in render_to_string("oberih/base.html", {}, request)
    assert "weather.example" not in render_to_string("oberih/staff.html", {}, request)


@override_settings(LANGUAGES=[("en", "English"), ("uk", "Ukrainian"), ("ar", "Arabic")])
def test_language_switch_takes_the_addresses_of_the_view():
    request = RequestFactory().get("/page/")
    html = render_to_string(
        "oberih/base.html",
        {"translations": [{"code": "en", "url": "/en/a/"}, {"code": "uk", "url": "/uk/a/"}]},
        request,
    )

    links = re.findall(r'<a href="([^"]+)" lang="([^"]+)" hreflang="([^"]+)">([^<]+)<', html)
    assert set(links) == {("/uk/a/", "uk", "uk", "Українська")}


def test_language_switch_leaves_out_addresses_without_language():
    html = render_to_string("oberih/base.html", {}, RequestFactory().get("/page/"))

    assert "hreflang" not in html


def test_visitor_may_log_in_and_returns_here():
    html = render_to_string("oberih/base.html", {}, RequestFactory().get("/page/?a=1&b=2"))

    assert 'href="/log-in/?next=/page/%3Fa%3D1%26b%3D2"' in html


def test_member_logs_out_by_a_protected_form():
    class Member:
        is_authenticated = True

    html = render_to_string("oberih/base.html", {"user": Member()}, RequestFactory().get("/page/"))

    assert (
        html.count('<form method="post" action="/log-out/"><input type="hidden" name="csrfmiddlewaretoken"') == 2
    )
