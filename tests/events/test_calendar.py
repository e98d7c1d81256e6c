"""The calendar of a month, and what an event's page offers beside registering."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone
from icalendar import Calendar

from events.models import RegistrationPolicy, Status
from participants.models import Area, Organisation
from tests.events.factories import (
    EventFactory,
    SessionFactory,
    VenueFactory,
    known,
    register,
    registration,
    trainer,
)
from tests.events.test_pages import remember
from tests.events.test_trainings import counted

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
NOVEMBER, DECEMBER, JANUARY = (f"/en/events/month/{month}/" for month in ("2026/11", "2026/12", "2027/1"))


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW, tick=False):
        yield


def held(page):
    """(day, time, what, title, word) of everything the calendar shows."""
    return [
        (day["date"].isoformat(), one["time"], one["part"], str(one["title"]), one["word"])
        for week in page.context["grid"]["weeks"]
        for day in week
        for one in day["events"]
    ]


def test_events_stand_on_their_days(client):
    school = EventFactory(
        title="School", starts_on=dt.date(2026, 12, 30), ends_on=dt.date(2027, 1, 2), sessions=[]
    )
    for day in (dt.date(2026, 12, 30), dt.date(2027, 1, 2)):
        SessionFactory(event=school, date=day, start_time=dt.time(14), end_time=dt.time(16))
        SessionFactory(event=school, date=day, start_time=dt.time(9, 30), end_time=dt.time(12))
    EventFactory(title="Early", starts_on=dt.date(2026, 12, 30), sessions=[])
    EventFactory(title="Next year", starts_on=dt.date(2027, 1, 4))
    page = client.get(DECEMBER)
    assert held(page) == [
        ("2026-12-30", "", "Training", "Early", ""),
        ("2026-12-30", "09:30", "Training", "School", ""),
        ("2027-01-02", "09:30", "Day 2 of 2", "School", ""),
    ]
    assert [day["date"].day for day in page.context["grid"]["weeks"][-1] if not day["is_inside"]] == [1, 2, 3]


def test_an_event_stands_on_the_days_of_its_own_zone_and_names_it(client):
    """It begins at 21:00 on the 30th in New York, when it is the 1st in Kyiv and in Kathmandu, where this site is."""
    event = EventFactory(zone="America/New_York", starts_on=dt.date(2026, 11, 30), sessions=[])
    SessionFactory(event=event, start_time=dt.time(21), end_time=dt.time(23))
    page = client.get(NOVEMBER)
    assert [row[:2] for row in held(page)] == [("2026-11-30", "21:00")]
    assert "New York time (UTC−5)" in page.content.decode()


def test_past_and_cancelled_events_are_shown_quietly(client):
    EventFactory(title="Held", state="closed", counted_by="attendance", starts_on=dt.date(2026, 11, 3))
    EventFactory(title="Not closed yet", starts_on=dt.date(2026, 11, 4))
    EventFactory(title="Off", state="cancelled", starts_on=dt.date(2026, 11, 24))
    full = EventFactory(title="Full", starts_on=dt.date(2026, 11, 25), capacity=1)
    registration(full)
    EventFactory(title="Free", starts_on=dt.date(2026, 11, 26), capacity=5)
    EventFactory(title="Was off", state="cancelled", starts_on=dt.date(2026, 11, 5))
    EventFactory(title="Invited", policy=RegistrationPolicy.INVITATION, starts_on=dt.date(2026, 11, 26))
    EventFactory(title="Draft", state="draft", starts_on=dt.date(2026, 11, 26))
    EventFactory(title="Imported", is_imported=True, starts_on=dt.date(2026, 11, 26))
    page = client.get(NOVEMBER)
    assert [row[3:] for row in held(page)] == [
        ("Held", "Over"),
        ("Not closed yet", "Over"),
        ("Off", "Cancelled"),
        ("Full", "Waiting list"),
        ("Free", ""),
    ]
    assert "<s><bdi>Off</bdi></s>" in page.content.decode()


def test_the_week_begins_where_the_reader_expects_it(client):
    EventFactory(starts_on=dt.date(2026, 12, 1))
    first = {language: client.get(f"/{language}/events/month/2026/12/") for language in ("en", "uk", "ar")}
    assert {language: page.context["grid"]["weeks"][0][0]["date"].day for language, page in first.items()} == {
        "en": 30,
        "uk": 30,
        "ar": 29,
    }
    assert first["en"].context["grid"]["weekdays"][:2] == ["Monday", "Tuesday"]
    assert 'aria-current="date"' not in first["en"].content.decode()
    EventFactory(starts_on=dt.date(2026, 11, 26))
    assert client.get(NOVEMBER).content.decode().count('<td aria-current="date"><time datetime="2026-11-22">') == 1


def turns(page):
    return {
        name: page.context[name] and page.context[name].url for name in ("before", "this", "after", "next_held")
    }


def test_readers_are_led_from_this_month_to_the_one_after_the_last_event(client):
    EventFactory(starts_on=dt.date(2027, 1, 30), ends_on=dt.date(2027, 2, 2))
    february, march = ("/en/events/month/2027/2/", "/en/events/month/2027/3/")
    assert turns(client.get(NOVEMBER)) == {
        "before": None,
        "this": None,
        "after": DECEMBER,
        "next_held": JANUARY,
    }
    assert turns(client.get(february)) == {
        "before": JANUARY,
        "this": NOVEMBER,
        "after": march,
        "next_held": None,
    }
    assert turns(client.get(march))["after"] is None
    assert turns(client.get("/en/events/month/2026/9/")) == {
        "before": None,
        "this": NOVEMBER,
        "after": "/en/events/month/2026/10/",
        "next_held": JANUARY,
    }


def test_an_empty_month_leads_to_the_next_with_events(client):
    page = client.get(NOVEMBER)
    assert (page.context["grid"]["is_empty"], page.context["after"]) == (True, None)
    assert "Nothing is held in this month" in page.content.decode()
    EventFactory(starts_on=dt.date(2027, 1, 4), kind="webinar")
    assert f'href="{JANUARY}"' in client.get(NOVEMBER).content.decode()
    # With the filters that are in use.
    assert f'href="{JANUARY}?kind=webinar"' in client.get(NOVEMBER, {"kind": "webinar"}).content.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("2026/11", 200),
        ("2024/11", 200),
        ("2024/10", 404),
        ("2028/11", 200),
        ("2028/12", 404),
        ("2026/0", 404),
        ("2026/13", 404),
        ("0/1", 404),
        ("99999/1", 404),
        ("99999999999999999999/1", 404),
        ("2026/x", 404),
        ("2026", 404),
    ],
)
def test_a_month_out_of_reach_is_not_found(client, path, status):
    assert client.get(f"/en/events/month/{path}/").status_code == status


def test_filters_hold_in_both_views(client):
    lviv = Area.objects.create(code="T46", label="Lviv oblast", country="UA")
    EventFactory(title="Near", starts_on=dt.date(2026, 12, 1)).areas.add(lviv)
    EventFactory(title="Far", starts_on=dt.date(2026, 12, 1))
    EventFactory(title="Online", starts_on=dt.date(2026, 12, 1), mode="online")
    page = client.get(DECEMBER, {"area": "T46", "online": "on", "page": "3"})
    assert [row[3] for row in held(page)] == ["Near", "Online"]
    assert (page.context["list_url"] + page.context["kept"]) == "/en/events/?area=T46&online=on"
    assert client.get("/en/events/", {"area": "T46"}).context["kept"] == "?area=T46"


def test_a_month_costs_the_same_with_three_events_of_a_session_and_thirty_of_five(client):
    def add(number, sessions):
        for day in range(1, number + 1):
            event = EventFactory(starts_on=dt.date(2026, 12, day), sessions=["One"] * sessions)
            event.venues.add(VenueFactory())
            registration(event)

    add(3, 1)
    few = counted(client, DECEMBER)
    add(27, 5)
    assert counted(client, DECEMBER) == few


def test_the_page_of_an_event_costs_the_same_with_three_neighbours_and_with_thirty(client):
    lviv = Area.objects.create(code="T46", label="Lviv oblast", country="UA")
    event = EventFactory()
    event.areas.add(lviv)

    def add(number):
        for _ in range(number):
            neighbour = EventFactory(sessions=["One", "Two"])
            neighbour.areas.add(lviv)
            neighbour.venues.add(VenueFactory())
            registration(neighbour)

    add(3)
    few = counted(client, f"/en/events/{event.code}/")
    add(27)
    assert counted(client, f"/en/events/{event.code}/") == few


def test_neighbours_are_near_or_online_and_can_be_registered_for(client):
    lviv, other = (Area.objects.create(code=code, label=code, country="UA") for code in ("T46", "T05"))
    event = EventFactory(title="This")
    event.areas.add(lviv, other)
    EventFactory(title="Both").areas.add(lviv, other)
    EventFactory(title="Far")
    EventFactory(title="Online", mode="online")
    EventFactory(title="Off", mode="online", state="cancelled")
    EventFactory(title="Invited", mode="online", policy=RegistrationPolicy.INVITATION)
    page = client.get(f"/en/events/{event.code}/")
    assert [str(one["title"]) for one in page.context["neighbours"]] == ["Both", "Online"]


def test_key_facts_tell_what_decides(client):
    organisation, host = (
        Organisation.objects.create(code=code, label=label, country="UA")
        for code, label in (("o1", "La Strada"), ("o2", "City council"))
    )
    event = EventFactory(
        starts_on=dt.date(2026, 12, 1),
        capacity=25,
        registration_closes_at=dt.datetime(2026, 11, 28, 22, tzinfo=dt.UTC),
    )
    event.organisations.create(organisation=organisation, role="co_organiser")
    event.organisations.create(organisation=host, role="host")
    event.organisations.create(organisation=host, role="participant")
    registration(event)
    page = client.get(f"/en/events/{event.code}/")
    assert [(str(fact["label"]), str(fact["text"])) for fact in page.context["facts"]] == [
        ("When", "1 December 2026, 10:00, Kyiv time (UTC+2)"),
        ("Language", "Ukrainian, English"),
        ("Cost", "Free of charge"),
        ("Seats", "Seats are free (25 in all)"),
        ("Registration until", "Saturday, 28 November 2026, end of the day"),
        ("Held together with", "La Strada, City council"),
    ]


def test_trainers_are_not_named(client):
    event = EventFactory()
    who = trainer("anna@example.org", event)
    who.first_name, who.last_name = "Ganna", "Trenerska"
    who.save()
    page = client.get(f"/en/events/{event.code}/").content
    assert [word for word in (b"anna@example.org", b"Ganna", b"Trenerska") if word in page] == []


@pytest.mark.parametrize(
    ("fields", "is_open", "closed", "notice"),
    [
        ({}, True, "", ""),
        ({"state": "cancelled", "cancelled_reason": "Power cut"}, False, "", "This event was cancelled"),
        ({"state": "closed", "counted_by": "attendance"}, False, "", "This event is over"),
        ({"starts_on": dt.date(2026, 11, 3)}, False, "", "This event is over"),
        (
            {"registration_opens_at": dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)},
            False,
            "Registration opens on Tuesday, 24 November 2026, 10:00.",
            "",
        ),
        (
            {"registration_closes_at": dt.datetime(2026, 11, 20, tzinfo=dt.UTC)},
            False,
            "Registration for this event is closed.",
            "",
        ),
        ({"policy": RegistrationPolicy.APPROVAL}, True, "", ""),
        ({"policy": RegistrationPolicy.INVITATION}, True, "", ""),
    ],
)
def test_each_state_of_an_event_says_what_can_be_done(client, fields, is_open, closed, notice):
    event = EventFactory(**{"starts_on": dt.date(2026, 12, 1), **fields})
    page = client.get(f"/en/events/{event.code}/")
    said = page.content.decode()
    assert (page.context["is_open"], page.context["closed"]) == (is_open, closed)
    assert (f"/en/events/{event.code}/register/" in said) == is_open
    assert [words for words in ("This event was cancelled", "This event is over") if words in said] == (
        [notice] if notice else []
    )
    assert ('content="noindex"' in said) == (event.policy == RegistrationPolicy.INVITATION)


def test_a_certificate_is_promised_where_there_is_one(client):
    event, festival = EventFactory(attendance_threshold=80), EventFactory(attendance_threshold=None)
    whole, off = EventFactory(attendance_threshold=100), EventFactory(state="cancelled")
    words = {
        one: "certificate if you attend" in client.get(f"/en/events/{one.code}/").content.decode()
        for one in (event, festival, whole, off)
    }
    assert words == {event: True, festival: False, whole: True, off: False}


def test_the_map_is_a_link_that_a_site_can_do_without(client, settings):
    event = EventFactory()
    event.venues.add(VenueFactory(address="вул. Зелена, 9"))
    url = "https://www.openstreetmap.org/search?query=%D0%B2%D1%83%D0%BB.%20"
    assert url in client.get(f"/en/events/{event.code}/").content.decode()
    settings.OBERIH_EVENTS_MAP_URL = ""
    assert b"another site" not in client.get(f"/en/events/{event.code}/").content


def test_the_dates_for_a_calendar_say_neither_the_subject_nor_who_asked(client):
    event = EventFactory(starts_on=dt.date(2026, 12, 1), sessions=["Hidden", "Hidden, too"])
    event.venues.add(VenueFactory(address="Svobody 1"))
    response = client.get(f"/en/events/{event.code}/dates.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    file = Calendar.from_ical(response.content)
    sessions = event.sessions.all()
    assert [
        {name: str(entry[name]) for name in ("uid", "summary", "location", "class", "status")}
        for entry in file.walk("VEVENT")
    ] == [
        {
            "uid": f"{event.code}-{session.pk}@oberih",
            "summary": "Training",
            "location": "House of Culture, Svobody 1",
            "class": "PRIVATE",
            "status": "CONFIRMED",
        }
        for session in sessions
    ]
    assert [entry["dtstart"].dt for entry in file.walk("VEVENT")] == [one.starts_at for one in sessions]
    assert [word for word in (b"Hidden", b"trafficking", b"ATTENDEE") if word in response.content] == []


def test_there_are_no_dates_of_what_is_not_held(client):
    off, draft = EventFactory(state="cancelled"), EventFactory(state="draft")
    assert [client.get(f"/en/events/{one.code}/dates.ics").status_code for one in (off, draft)] == [404, 404]


def test_pages_for_strangers_can_be_cached_whole(client):
    """Neither a token nor a cookie, and twice the same to the byte."""
    event = EventFactory(capacity=3, starts_on=dt.date(2026, 12, 1))
    for url in ("/en/events/", "/en/events/?online=on", DECEMBER, NOVEMBER, f"/en/events/{event.code}/"):
        first, again = client.get(url), client.get(url)
        assert (first.cookies, "csrf" in first.content.decode().lower()) == ({}, False), url
        assert first.content == again.content
    assert client.get(f"/en/events/{event.code}/dates.ics").cookies == {}


def test_only_the_person_sees_that_they_are_registered(client):
    event, olena = EventFactory(), known()
    mine = register(event, participant=olena, full_name=olena.full_name, email=olena.email).registration
    url = f"/en/events/{event.code}/"
    assert client.get(url).context["mine"] is None
    remember(client, known("Charlie", "charlie@example.org"))
    assert client.get(url).context["mine"] is None
    remember(client, olena)
    page = client.get(url)
    assert page.context["mine"] == mine
    assert f"/en/registrations/{mine.uuid}/" in page.content.decode()
    assert f"/en/events/{event.code}/register/" not in page.content.decode()


def test_a_full_event_offers_the_waiting_list(client):
    event = EventFactory(capacity=1, starts_on=timezone.localdate() + dt.timedelta(days=9))
    registration(event, Status.CONFIRMED)
    page = client.get(f"/en/events/{event.code}/")
    assert "All taken; there is a waiting list" in [str(fact["text"]) for fact in page.context["facts"]]
    assert b"Join the waiting list</span>" in page.content
