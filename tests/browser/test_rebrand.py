"""A host site makes the product its own with two files: the tokens, and `oberih/base.html`."""

import re

import pytest

from tests.browser.looking import found_wrong, look, prepare
from tests.processes import ROOT, free_port

BRAND = {"light": "oklch(0.42 0.16 300)", "dark": "oklch(0.82 0.09 300)"}

SETTINGS = """from config.settings import *

STATICFILES_DIRS = [{folder!r} + "/static"]
TEMPLATES[0]["DIRS"] = [{folder!r} + "/templates"]
# Found where they lie: gathering them anew proves nothing more here.
STORAGES["staticfiles"] = {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
"""

BASE = """{% extends "oberih/base.html" %}
{% block wordmark %}<a class="ob-wordmark" href="/"><span>Safe Roads Academy</span></a>{% endblock wordmark %}
{% block footer_extra %}<p>Safe Roads Academy is run by invented people.</p>{% endblock footer_extra %}
"""

PAGES = {
    "home": ("/en/", None, "main .ob-button--primary"),
    "event": ("/en/events/{event}/", None, "main .ob-button--primary"),
    "trainings": ("/en/trainings/", "trainer", "main .ob-button--primary"),
}


@pytest.fixture(scope="module")
def host(stage, tmp_path_factory):
    """The stage's people and pages on a site that has its own two files."""
    folder = tmp_path_factory.mktemp("host")
    tokens = (ROOT / "ui/static/oberih/ui/css/tokens.css").read_text(encoding="utf-8")
    light, dark = re.findall(r"--oberih-brand: ([^;]+);", tokens)[:2]
    own = folder / "static/oberih/ui/css/tokens.css"
    own.parent.mkdir(parents=True)
    own.write_text(tokens.replace(light, BRAND["light"]).replace(dark, BRAND["dark"]), encoding="utf-8")
    base = folder / "templates/oberih/base.html"
    base.parent.mkdir(parents=True)
    base.write_text(BASE, encoding="utf-8")
    (folder / "host_settings.py").write_text(SETTINGS.format(folder=str(folder)), encoding="utf-8")
    host = stage.elsewhere(free_port())
    server = host.serve(DJANGO_SETTINGS_MODULE="host_settings", PYTHONPATH=str(folder))
    yield host
    server.stop()


@pytest.fixture
def address(host):
    return host.url


def brand_of(page, selector):
    return page.locator(selector).first.evaluate("one => getComputedStyle(one).backgroundColor")


@pytest.mark.parametrize("name", PAGES)
def test_two_files_make_another_brand(stage, host, visitor, name):
    path, role, button = PAGES[name]
    page = visitor()
    prepare(page.context)
    if role:
        host.admit(page.context, role)
    page.goto(host.path(path))
    for scheme, colour in BRAND.items():
        look(page, 1280, scheme)
        assert brand_of(page, button) == colour
    found = found_wrong(page)
    assert not found, "\n".join(found)
    assert page.inner_text(".ob-wordmark") == "Safe Roads Academy"
    assert "Safe Roads Academy is run by invented people." in page.inner_text("footer")
    assert page.locator("[data-oberih-leave]").count() == (0 if role else 1)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_else_changes(stage, host, visitor, faults, name):
    path, role, _button = PAGES[name]
    faults.expect(f"other host: {stage.url}")
    page = visitor()
    if role:
        host.admit(page.context, role)

    def seen(site):
        page.goto(site.url + site.path(path))
        return [page.inner_text(part) for part in (".ob-header nav", "main")], page.title()

    assert seen(host) == seen(stage)
