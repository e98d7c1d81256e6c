"""What a page for strangers costs: from the cache, made anew, and beside a view that does nothing. In one process."""

import sys
import time

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.test.client import ClientHandler
from django.urls import path

from cms.models import SiteSettings
from config.urls import urlpatterns as site
from tests.events.factories import EventFactory

pytestmark = [pytest.mark.load, pytest.mark.django_db, pytest.mark.urls(__name__)]

urlpatterns = [path("bare/", lambda request: HttpResponse("Hello")), *site]

ROUNDS = 3
SECONDS = 1


def per_second(get):
    """Counted in processor time, so that a busy machine does not make the site look slow."""
    get()
    done, start = 0, time.process_time()
    while (taken := time.process_time() - start) < SECONDS:
        get()
        done += 1
    return done / taken


def test_pages_for_strangers_per_second(capsys, site_tree):
    SiteSettings.load()
    event = EventFactory()
    handler = ClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()

    def ask(address):
        def get():
            response = handler.get_response(
                WSGIRequest(RequestFactory()._base_environ(PATH_INFO=address, HTTP_ACCEPT_ENCODING="gzip"))
            )
            assert response.status_code == 200

        return get

    asked = {
        "bare view behind the same middleware": (ask("/bare/"), 0),
        "event page, kept": (ask(f"/en/events/{event.code}/"), 60),
        "event page, made anew": (ask(f"/en/events/{event.code}/"), 0),
        "list of events, kept": (ask("/en/events/"), 60),
        "list of events, made anew": (ask("/en/events/"), 0),
    }
    rates = {name: [] for name in asked}
    for _round in range(ROUNDS):
        for name, (get, kept_for) in asked.items():
            with override_settings(OBERIH_UI_PAGE_CACHE_SECONDS=kept_for):
                rates[name].append(per_second(get))
    with capsys.disabled():
        for name, of_rounds in rates.items():
            sys.stdout.write(f"\n{sorted(of_rounds)[ROUNDS // 2]:8.0f} per second and core: {name}")
    assert all(rate > 0 for of_rounds in rates.values() for rate in of_rounds)
