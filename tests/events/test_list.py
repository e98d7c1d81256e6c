import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from events.models import RegistrationPolicy, Status
from participants.models import Area
from tests.events.factories import EventFactory, VenueFactory, registration
from tests.events.test_trainings import counted

pytestmark = pytest.mark.django_db


def titles(response):
    return [str(entry["title"]) for entry in entries(response)]


def entries(response):
    return [entry for month in response.context["months"] for entry in month["entries"]]


def test_the_list_shows_what_is_to_come_and_open_to_strangers(client):
    EventFactory(title="Later", starts_on=timezone.localdate() + dt.timedelta(days=20))
    EventFactory(title="Soon")
    EventFactory(title="Over", starts_on=timezone.localdate() - dt.timedelta(days=3))
    EventFactory(title="Invited", policy=RegistrationPolicy.INVITATION)
    EventFactory(title="Draft", state="draft")
    EventFactory(title="Off", state="cancelled")
    EventFactory(title="Off before", state="cancelled", starts_on=timezone.localdate() - dt.timedelta(days=3))
    EventFactory(title="Held", state="closed", counted_by="attendance", starts_on=timezone.localdate())
    EventFactory(title="Imported", is_imported=True)
    page = client.get("/en/events/")
    assert [(str(one["title"]), one["tag"]) for one in entries(page)] == [
        ("Soon", ""),
        ("Off", "Cancelled"),
        ("Later", ""),
    ]


def test_the_list_tells_the_seats(client):
    EventFactory(capacity=3)
    full = EventFactory(capacity=1)
    registration(full)
    queue = EventFactory(capacity=5)
    registration(queue, Status.WAITLISTED)
    EventFactory(capacity=None)
    last = EventFactory(capacity=5)
    registration(last, Status.OFFERED, offer_expires_at=timezone.now() + dt.timedelta(hours=1))
    for number in (2, 3, 4):
        registration(last, number=number)
    found = [entry["tag"] for entry in entries(client.get("/en/events/"))]
    assert found == ["Seats free", "Waiting list", "Waiting list", "", "Few seats left"]


def test_the_list_is_narrowed_by_area_language_and_type(client):
    lviv = Area.objects.create(code="T46", label="Lviv oblast", country="UA")
    one = EventFactory(title="One", kind="webinar", languages=["uk"])
    one.areas.add(lviv)
    EventFactory(title="Two", languages=["uk", "en"])
    assert titles(client.get("/en/events/", {"area": "T46"})) == ["One"]
    assert titles(client.get("/en/events/", {"language": "en"})) == ["Two"]
    assert titles(client.get("/en/events/", {"kind": "webinar"})) == ["One"]
    assert titles(client.get("/en/events/", {"kind": "webinar", "language": "en"})) == []
    assert titles(client.get("/en/events/", {"kind": "party", "area": "nowhere"})) == ["One", "Two"]
    page = client.get("/en/events/", {"area": "T46", "kind": "webinar"})
    assert page.context["active"] == [
        {"label": "Lviv oblast", "url": "?kind=webinar"},
        {"label": "Webinar", "url": "?area=T46"},
    ]
    assert b"1 event fits." in page.content


def test_near_me_is_an_area_and_what_is_online(client):
    lviv = Area.objects.create(code="T46", label="Lviv oblast", country="UA")
    other = Area.objects.create(code="T05", label="Vinnytsia oblast", country="UA", position=9)
    EventFactory(title="Near").areas.add(lviv)
    EventFactory(title="Far").areas.add(other)
    EventFactory(title="Online", mode="online")
    # In both areas and online, and still one event.
    EventFactory(title="Mixed", mode="mixed").areas.add(lviv, other)
    assert titles(client.get("/en/events/", {"area": "T46"})) == ["Near", "Mixed"]
    assert titles(client.get("/en/events/", {"online": "on"})) == ["Online", "Mixed"]
    assert titles(client.get("/en/events/", {"area": "T46", "online": "on"})) == ["Near", "Online", "Mixed"]


def test_the_list_is_set_under_months(client):
    with time_machine.travel(dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC), tick=False):
        EventFactory(title="Going on", starts_on=dt.date(2026, 10, 30), ends_on=dt.date(2026, 11, 25), sessions=[])
        EventFactory(title="Soon", starts_on=dt.date(2026, 11, 30))
        # At 9:00 UTC it is 18:00 in Tokyo.
        EventFactory(title="Over since noon", starts_on=dt.date(2026, 11, 22), zone="Asia/Tokyo")
        EventFactory(title="Later", starts_on=dt.date(2027, 1, 4))
        months = client.get("/en/events/").context["months"]
    assert [(one["label"], [str(entry["title"]) for entry in one["entries"]]) for one in months] == [
        ("November 2026", ["Going on", "Soon"]),
        ("January 2027", ["Later"]),
    ]


@pytest.mark.parametrize(
    ("closes", "said"),
    [
        (dt.datetime(2026, 11, 22, 16, tzinfo=dt.UTC), "Registration until today, 18:00"),
        (dt.datetime(2026, 11, 23, 16, tzinfo=dt.UTC), "Registration until tomorrow, 18:00"),
        (dt.datetime(2026, 11, 22, 22, tzinfo=dt.UTC), "Registration until the end of today"),
        (dt.datetime(2026, 11, 23, 22, tzinfo=dt.UTC), "Registration until the end of tomorrow"),
        (dt.datetime(2026, 11, 25, 16, tzinfo=dt.UTC), None),
        (dt.datetime(2026, 11, 21, 16, tzinfo=dt.UTC), None),
        (None, None),
    ],
)
def test_the_list_says_that_registration_ends_soon(client, closes, said):
    with time_machine.travel(dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC), tick=False):
        EventFactory(starts_on=dt.date(2026, 12, 1), registration_closes_at=closes)
        (one,) = entries(client.get("/en/events/"))
    assert [fact["text"] for fact in one["facts"] if fact["icon"] == "clock"] == ([said] if said else [])


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({}, ""),
        ({"registration_closes_at": dt.datetime(2026, 11, 21, tzinfo=dt.UTC)}, "Registration closed"),
        ({"registration_opens_at": dt.datetime(2026, 11, 24, tzinfo=dt.UTC)}, "Registration not open yet"),
        ({"starts_on": dt.date(2026, 11, 22)}, "Has begun"),
    ],
)
def test_the_list_tells_what_has_closed(client, fields, word):
    """At 9:00 UTC it is 11:00 in Kyiv, where the event lasts from 10:00 to 13:00."""
    with time_machine.travel(dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC), tick=False):
        EventFactory(**{"starts_on": dt.date(2026, 12, 1), **fields})
        (one,) = entries(client.get("/en/events/"))
    assert one["tag"] == word


def full_event():
    event = EventFactory(capacity=2, sessions=["A", "B"])
    event.venues.add(VenueFactory())
    event.areas.add(Area.objects.get_or_create(code="T46", defaults={"label": "Lviv", "country": "UA"})[0])
    for number in range(3):
        registration(event, Status.CONFIRMED if number < 2 else Status.WAITLISTED, number)


def test_the_list_costs_the_same_with_three_events_and_with_thirty(client):
    for _ in range(3):
        full_event()
    few = counted(client, "/en/events/")
    for _ in range(15):
        full_event()
    assert counted(client, "/en/events/") == few
