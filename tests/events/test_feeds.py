"""What calendars and readers of feeds follow."""

import datetime as dt

import pytest
import time_machine
from defusedxml import ElementTree
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from events import feeds
from events.models import CalendarLink, Naming, RegistrationPolicy, Session
from safeguarding.models import AuditEntry, Role, RoleGrant
from tests.events.factories import EventFactory, SessionFactory, registration, trainer, user

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW, tick=False):
        yield


def entries(page):
    assert page.status_code == 200
    return Calendar.from_ical(page.content).walk("VEVENT")


def test_the_public_calendar_has_the_sessions_of_what_the_list_shows(client):
    event = EventFactory(title="Open", starts_on=DAY, sessions=["", ""])
    EventFactory(title="Off", starts_on=DAY, state="cancelled")
    EventFactory(title="Invited", policy=RegistrationPolicy.INVITATION)
    EventFactory(title="Draft", state="draft")
    EventFactory(title="Over", starts_on=DAY - dt.timedelta(days=30))
    registration(event)
    page = client.get("/en/events/calendar.ics")
    assert [(str(one["summary"]), str(one["status"])) for one in entries(page)] == [
        ("Open", "CONFIRMED"),
        ("Open", "CONFIRMED"),
        ("Off", "CANCELLED"),
    ]
    assert page["Content-Type"] == "text/calendar; charset=utf-8"
    file = Calendar.from_ical(page.content)
    assert [str(file[name]) for name in ("method", "x-published-ttl", "x-wr-calname")] == [
        "PUBLISH",
        "PT1H",
        "Events",
    ]
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in page.content
    assert b"Person 1" not in page.content
    assert all(len(line) <= 75 for line in page.content.split(b"\r\n"))
    first = entries(page)[0]
    assert (str(first["url"]), "attendee" in first) == (f"http://localhost:8000/en/events/{event.code}/", False)


def test_a_title_that_was_copied_out_of_another_program_stops_no_feed(client):
    EventFactory(title="Two\x0blines", summary="Also\x01here", starts_on=DAY)
    page = client.get("/en/events/feed.rss")
    assert page.status_code == 200
    (item,) = ElementTree.fromstring(page.content).iter("item")
    assert (item.findtext("title"), item.findtext("description")[-9:]) == ("Two lines", "Also here")
    assert [str(one["summary"]) for one in entries(client.get("/en/events/calendar.ics"))] == ["Two\x0blines"]


def test_filters_of_the_list_narrow_both_feeds(client):
    EventFactory(title="Here", starts_on=DAY)
    EventFactory(title="Online", starts_on=DAY, mode="online")
    assert [str(one["summary"]) for one in entries(client.get("/en/events/calendar.ics?online=on"))] == ["Online"]
    feed = ElementTree.fromstring(client.get("/en/events/feed.rss?online=on").content)
    assert [one.findtext("title") for one in feed.iter("item")] == ["Online"]


def test_what_is_to_be_called_nothing_is_called_by_its_type(client):
    EventFactory(starts_on=DAY, naming=Naming.NEUTRAL)
    assert [str(one["summary"]) for one in entries(client.get("/en/events/calendar.ics"))] == ["Training"]
    assert "Recognising" not in client.get("/en/events/feed.rss").content.decode()


def test_news_are_in_the_readers_language_the_newest_first(client):
    first = EventFactory(starts_on=DAY)
    with time_machine.travel(NOW + dt.timedelta(minutes=1), tick=False):
        EventFactory(starts_on=DAY - dt.timedelta(days=1), title="Newer")
    feed = ElementTree.fromstring(client.get("/uk/events/feed.rss").content)
    items = list(feed.iter("item"))
    assert (feed.findtext("channel/language"), feed.findtext("channel/link")) == (
        "uk",
        "http://localhost:8000/uk/events/",
    )
    assert [one.findtext("title") for one in items] == ["Newer", "Як розпізнати торгівлю людьми"]
    assert items[1].findtext("link") == f"http://localhost:8000/uk/events/{first.code}/"
    assert items[1].findtext("guid") == f"urn:uuid:{first.uuid}"


def test_the_list_leads_to_its_feeds(client):
    EventFactory(starts_on=DAY, mode="online")
    page = client.get("/en/events/?online=on").content.decode()
    assert 'type="application/rss+xml" title="Events" href="/en/events/feed.rss?online=on"' in page
    assert 'href="/en/events/calendar.ics?online=on"' in page


@pytest.mark.parametrize("path", ["/en/events/calendar.ics", "/en/events/feed.rss"])
def test_a_public_feed_is_kept_until_something_changes(client, settings, path, django_assert_num_queries):
    settings.OBERIH_UI_PAGE_CACHE_SECONDS = 60
    EventFactory(starts_on=DAY)
    before = client.get(path).content
    with django_assert_num_queries(0):
        assert client.get(path).content == before
    EventFactory(starts_on=DAY, title="Another")
    assert b"Another" in client.get(path).content


def counted(get):
    with CaptureQueriesContext(connection) as seen:
        get()
    return len(seen)


@pytest.mark.parametrize("path", ["/en/events/calendar.ics", "/en/events/feed.rss"])
def test_public_feeds_cost_the_same_for_many(client, path):
    EventFactory(starts_on=DAY)
    client.get(path)
    few = counted(lambda: client.get(path))
    for _ in range(5):
        SessionFactory(event=EventFactory(starts_on=DAY))
    assert counted(lambda: client.get(path)) == few


@pytest.fixture
def own():
    who = trainer()
    event = EventFactory(
        starts_on=DAY, capacity=25, online_link="https://meet.example.org/x", sessions=["Morning"]
    )
    event.trainers.add(who)
    EventFactory(title="Not theirs", starts_on=DAY)
    registration(event)
    return who, feeds.path_of(CalendarLink.objects.create(user=who))


def test_a_trainer_follows_what_they_hold_and_nobodys_name(client, own):
    (entry,) = entries(client.get(own[1]))
    assert (str(entry["summary"]), str(entry["description"])) == (
        "Recognising trafficking · Morning",
        "1 of 25 seats\nhttps://meet.example.org/x",
    )
    page = client.get(own[1])
    assert b"Person" not in page.content
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]
    assert page.cookies == {}
    # The address proves nothing about whoever opens it.
    assert client.get("/en/trainings/").status_code == 302


def test_a_new_address_ends_the_one_before(client, own):
    who, path = own
    client.force_login(who)
    assert client.post("/en/trainings/calendar/").url == "/en/trainings/#follow"
    client.logout()
    assert client.get(path).status_code == 404
    assert len(entries(client.get(feeds.path_of(CalendarLink.objects.get())))) == 1
    assert list(AuditEntry.objects.filter(action="make_calendar_link").values_list("actor", flat=True)) == [who.pk]


@pytest.mark.parametrize("end", ["inactive", "no role"])
def test_the_feed_ends_with_the_role(client, own, end):
    who, path = own
    if end == "inactive":
        who.is_active = False
        who.save()
    else:
        RoleGrant.objects.all().delete()
    assert client.get(path).status_code == 404


def test_a_forged_address_opens_nothing_and_many_of_them_are_refused(client, own, settings):
    path = own[1]
    settings.OBERIH_SAFEGUARDING_LIMITS = {"events.feed.wrong": "3/h", "events.feed.link": "2/h"}
    forged = [path.replace(".ics", "x.ics"), "/en/trainings/calendar/1.1.ics", "/en/trainings/calendar/x.ics"]
    assert [client.get(wrong).status_code for wrong in [*forged, *forged[:1]]] == [404, 404, 404, 429]
    # Whoever has the right one is not kept by what others try, and not served without end.
    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 429]


def test_the_page_offers_an_address_and_shows_it(client):
    who = trainer()
    client.force_login(who)
    page = client.get("/en/trainings/").content.decode()
    assert ("Make an address" in page, "webcal://" in page) == (True, False)
    page = client.post("/en/trainings/calendar/", follow=True).content.decode()
    path = feeds.path_of(CalendarLink.objects.get())
    assert f'value="http://localhost:8000{path}"' in page
    assert f'href="webcal://localhost:8000{path}"' in page


def test_whoever_holds_no_training_has_no_feed(client):
    client.force_login(user("manager@example.org", Role.MANAGER))
    assert "Follow in your calendar" not in client.get("/en/trainings/").content.decode()
    assert client.post("/en/trainings/calendar/").status_code == 403


def test_a_trainers_feed_costs_the_same_for_many(client, own):
    who, path = own
    few = counted(lambda: client.get(path))
    for number in range(5):
        event = EventFactory(starts_on=DAY, sessions=["", ""])
        event.trainers.add(who)
        registration(event, number=number)
    assert Session.objects.count() == 12
    assert counted(lambda: client.get(path)) == few
