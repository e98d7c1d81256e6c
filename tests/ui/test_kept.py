"""What is kept in the process: for how long, and when not at all."""

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.test import RequestFactory

from ui import kept, page_cache


@pytest.fixture(autouse=True)
def _kept_for_a_minute(settings):
    settings.OBERIH_UI_PAGE_CACHE_SECONDS = 60


@pytest.fixture
def made():
    """(a store, a function that asks it for a key, what was made so far)."""
    store, log = kept.Store(most=2), []

    def ask(key, request=None):
        def make():
            log.append(key)
            return f"{key}{len(log)}"

        return store.get(request, key, make)

    return ask, log


def test_a_value_is_made_once_and_anew_when_its_facts_change(made):
    ask, log = made
    assert [ask("a"), ask("a")] == ["a1", "a1"]
    page_cache.forget(page_cache.SITE)
    assert ask("a") == "a2"
    assert log == ["a", "a"]


def test_what_was_asked_for_last_stays(made):
    ask, log = made
    for key in "abacab":
        ask(key)
    assert log == ["a", "b", "c", "b"]


def test_a_value_is_never_older_than_a_page_may_be(made, monkeypatch):
    ask, log = made
    now = kept.time.monotonic()
    for later in (0, 59, 61):
        monkeypatch.setattr(kept.time, "monotonic", lambda later=later: now + later)
        ask("a")
    assert log == ["a", "a"]


def test_nothing_is_kept_where_no_page_is(made, settings):
    settings.OBERIH_UI_PAGE_CACHE_SECONDS = 0
    ask, log = made
    ask("a"), ask("a")
    assert log == ["a", "a"]


def test_a_preview_is_made_for_itself(made):
    ask, _log = made
    ask("a")
    request = RequestFactory().get("/")
    request.is_dummy = True
    assert ask("a", request) == "a2"
    assert ask("a") == "a1"


def test_none_is_not_kept():
    store = kept.Store(most=2)
    assert store.get(None, "a", lambda: None) is None
    assert store.get(None, "a", lambda: "something") == "something"


def test_a_value_made_while_its_facts_changed_is_not_taken_for_a_new_one():
    store = kept.Store(most=2)

    def make():
        page_cache.forget(page_cache.SITE)
        return "old"

    assert store.get(None, "a", make) == "old"
    assert store.get(None, "a", lambda: "new") == "new"


def test_a_group_that_nobody_forgets_is_not_kept(made):
    store = kept.Store("no such group", most=2)
    store.get(None, "a", lambda: 1)
    assert store.get(None, "a", lambda: 2) == 2


def test_in_one_request_the_versions_are_asked_for_once(made, monkeypatch):
    ask, _log = made
    asked, request = [], RequestFactory().get("/")
    versions = page_cache.versions
    monkeypatch.setattr(page_cache, "versions", lambda: asked.append(1) or versions())
    ask("a", request), ask("b", request), ask("a", request)
    assert asked == [1]


def test_a_cache_that_is_gone_makes_everything_anew(made, monkeypatch):
    class Broken(LocMemCache):
        def get_many(self, *args, **kwargs):
            raise ConnectionError("The cache is gone.")

    ask, log = made
    monkeypatch.setattr(page_cache, "cache", Broken("broken", {}))
    ask("a"), ask("a")
    assert log == ["a", "a"]
    assert cache is not page_cache.cache
