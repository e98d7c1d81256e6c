"""Whole pages for visitors whom nobody knows: for whom they are kept, and until when."""

import re

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.db import transaction
from django.test import TestCase

from cms.models import HomePage, SiteSettings
from events import actions, seats
from events.models import Event
from events.people import Person
from participants.models import Purpose
from safeguarding.models import Helpline
from tests.events.factories import EventFactory
from tests.factories import StaffFactory
from ui import page_cache

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept_for_a_minute(settings):
    settings.OBERIH_UI_PAGE_CACHE_SECONDS = 60


@pytest.fixture
def event(site_tree):
    # The first request of a site's life makes this row.
    SiteSettings.load()
    return EventFactory(capacity=1, title="Safe referral")


def address(event, language="en"):
    return f"/{language}/events/{event.code}/"


def kept(response):
    return "Age" in response


def test_second_visitor_costs_no_statement(client, event, django_assert_num_queries):
    first = client.get(address(event))
    with django_assert_num_queries(0):
        second = client.get(address(event))

    assert (kept(first), kept(second)) == (False, True)
    assert second.content == first.content
    assert second["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_languages_hosts_and_filters_are_kept_apart(client, event):
    client.get(address(event))

    assert not kept(client.get(address(event, "uk")))
    assert not kept(client.get(address(event), headers={"host": "other.example"}))
    client.get("/en/events/")
    assert not kept(client.get("/en/events/?kind=training"))


def test_kept_page_holds_nothing_of_one_visitor(client, event):
    for page in (address(event), "/en/events/"):
        response = client.get(page)

        assert response.cookies == {}
        assert re.findall(r"csrfmiddlewaretoken|nonce=", response.content.decode()) == []


def test_somebody_who_is_known_is_never_answered_from_it(client, event):
    client.get(address(event))
    client.force_login(StaffFactory())

    response = client.get(address(event))

    assert not kept(response)
    assert b"Log out" in response.content
    client.logout()
    client.cookies.clear()
    assert b"Log out" not in client.get(address(event)).content


def register(event, name):
    """Register somebody, and do what is done when that is committed."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return actions.register(
            event=event,
            person=Person(full_name=name, email=f"{name}@example.org", consents={Purpose.REGISTER: True}),
            submission=None,
            language="en",
        )


def test_registration_changes_the_seats_at_once(client, event):
    assert b"Seats are free" in client.get(address(event)).content
    register(event, "olena")

    assert b"All taken" in client.get(address(event)).content


@pytest.mark.parametrize(
    "change",
    [
        lambda event: Event.objects.get(pk=event.pk).save(),
        lambda event: event.venues.clear(),
        lambda event: event.sessions.first().delete(),
        lambda event: Helpline.objects.create(country="UA", number="527", name="Helpline"),
    ],
    ids=["event", "venue taken away", "session", "helpline in the footer"],
)
def test_page_is_made_anew_when_what_it_shows_changes(client, event, change):
    client.get(address(event))
    assert kept(client.get(address(event)))

    change(event)

    assert not kept(client.get(address(event)))


def test_page_of_wagtail_is_made_anew_when_it_is_published(client, demo):
    client.get("/en/")
    assert kept(client.get("/en/"))
    home = HomePage.objects.get(locale__language_code="en")
    home.lead = "Another beginning."
    home.save_revision().publish()

    assert b"Another beginning." in client.get("/en/").content


def test_preview_of_a_draft_is_neither_kept_nor_answered_from_what_is(client, demo):
    client.get("/en/")
    demo.lead = "Not for the public yet."

    assert b"Not for the public yet." in demo.make_preview_request().content
    assert b"Not for the public yet." not in client.get("/en/").content


def test_page_made_while_its_facts_changed_is_not_kept(client, event, monkeypatch):
    """The view reads, somebody registers, the page is put away: the next visitor must not see the old seats."""
    words = seats.free_of_all
    monkeypatch.setattr(seats, "free_of_all", lambda seen: (words(seen), register(event, "late"))[0])
    client.get(address(event))
    monkeypatch.undo()

    assert b"All taken" in client.get(address(event)).content


@pytest.mark.django_db(transaction=True)
def test_page_made_before_the_commit_is_forgotten_after_it(site_tree):
    version = page_cache._version_key("events")
    with transaction.atomic():
        EventFactory()
        within = cache.get(version)

    assert cache.get(version) != within


class Broken(LocMemCache):
    def _refuse(self, *args, **kwargs):
        raise ConnectionError("The cache is gone.")

    get_many = set_many = get_or_set = set = get = _refuse


def test_cache_that_is_gone_costs_nobody_a_page_or_a_registration(client, event, monkeypatch):
    broken = Broken("broken", {})
    monkeypatch.setattr(page_cache, "cache", broken)

    assert client.get(address(event)).status_code == 200
    assert register(event, "olena").registration.status == "confirmed"


def test_browser_that_has_the_page_is_told_so(client, event):
    response = client.get(address(event))
    again = client.get(address(event), headers={"if-none-match": response["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
