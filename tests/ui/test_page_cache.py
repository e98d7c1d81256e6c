"""What may be kept of a response, whatever its view said."""

import pytest
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import override_settings
from django.urls import path

from ui import page_cache
from ui.checks import check_cache_is_shared

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def _kept_for_a_minute(settings):
    settings.OBERIH_UI_PAGE_CACHE_SECONDS = 60


def kept(response):
    return "Age" in response


def with_token(request):
    return page_cache.mark(HttpResponse(get_token(request)))


def private(request):
    return page_cache.mark(HttpResponse("mine", headers={"Cache-Control": "private"}))


def unmarked(request):
    return HttpResponse("not said to be public")


def missing(request):
    return page_cache.mark(HttpResponse("gone", status=404))


def plain(request):
    return page_cache.mark(HttpResponse("for all"))


urlpatterns = [path(f"{view.__name__}/", view) for view in (with_token, private, unmarked, missing, plain)]


@pytest.mark.parametrize("name", ["with_token", "private", "unmarked", "missing"])
def test_what_is_for_one_visitor_or_not_said_to_be_public_is_not_kept(client, name):
    client.get(f"/{name}/")

    assert not kept(client.get(f"/{name}/"))


def test_long_query_is_not_kept(client):
    client.get("/plain/")
    client.get(f"/plain/?q={'a' * 200}")

    assert kept(client.get("/plain/"))
    assert not kept(client.get(f"/plain/?q={'a' * 200}"))


@pytest.mark.parametrize(
    ("processes", "backend", "ids"),
    [
        (1, "django.core.cache.backends.locmem.LocMemCache", []),
        (2, "django.core.cache.backends.locmem.LocMemCache", ["oberih_ui.E002"]),
        (2, "django.core.cache.backends.filebased.FileBasedCache", []),
    ],
)
def test_cache_of_each_process_its_own_is_refused(tmp_path, processes, backend, ids):
    with override_settings(
        OBERIH_UI_PROCESSES=processes, CACHES={"default": {"BACKEND": backend, "LOCATION": str(tmp_path)}}
    ):
        assert [error.id for error in check_cache_is_shared(None)] == ids
