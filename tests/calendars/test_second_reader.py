"""The calendar files of events, read by a parser that shares no line with the one that wrote them: ical.js."""

import datetime as dt
import json
import subprocess
from pathlib import Path

import pytest
import time_machine

from events import actions, calendar
from events.models import Naming
from tests.events.factories import EventFactory, SessionFactory, VenueFactory, registration

# One worker fetches the parser for all of them.
pytestmark = [pytest.mark.services, pytest.mark.django_db, pytest.mark.xdist_group("calendars")]
FOLDER = Path(__file__).parent


@pytest.fixture(scope="module")
def read():
    """A function that maps iCalendar files to what ical.js makes of each."""
    if not (FOLDER / "node_modules" / "ical.js").is_dir():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=FOLDER, check=True)

    def run(files):
        done = subprocess.run(
            ["node", "read.mjs"],
            cwd=FOLDER,
            input=json.dumps([file.decode() for file in files]),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def utc(instant):
    return f"{instant.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def test_an_invitation_is_understood_whole(read):
    event = EventFactory(
        title="Як розпізнати торгівлю людьми, коли кордон перетинають уночі; 2 частина", naming=Naming.TITLE
    )
    event.venues.set([VenueFactory(address="вул. Свободи, 1; Львів, 2 поверх")])
    made = registration(event)
    (invitation,) = calendar.invitations(made)
    (session,) = event.sessions.all()
    (found,) = read([invitation.file])
    assert found["method"] == "REQUEST"
    assert found["events"] == [
        {
            "uid": f"{made.uuid}-{session.pk}@oberih",
            "sequence": 0,
            "summary": event.title,
            "location": "House of Culture, вул. Свободи, 1; Львів, 2 поверх",
            "status": "CONFIRMED",
            "attendees": [[f"mailto:{made.participant.email}", "ACCEPTED"]],
            "starts": utc(session.starts_at),
            "ends": utc(session.ends_at),
        }
    ]


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "Europe/Chisinau"])
@pytest.mark.parametrize("sunday", [dt.date(2027, 3, 28), dt.date(2027, 10, 31)])
def test_a_week_of_the_clock_change_has_the_right_hours(read, zone, sunday):
    event = EventFactory(
        zone=zone, starts_on=sunday - dt.timedelta(days=3), ends_on=sunday + dt.timedelta(days=3), sessions=[]
    )
    for days in range(-3, 4):
        day = sunday + dt.timedelta(days=days)
        SessionFactory(event=event, date=day, start_time=dt.time(4, 30), end_time=dt.time(9))
    with time_machine.travel(dt.datetime(2027, 1, 1, tzinfo=dt.UTC), tick=False):
        made = registration(event)
        files = [calendar.published(made), *(one.file for one in calendar.invitations(made))]
    whole, *single = read(files)
    said = [(one["starts"], one["ends"]) for one in whole["events"]]
    assert said == [(utc(one.starts_at), utc(one.ends_at)) for one in event.sessions.all()]
    assert [(one["events"][0]["starts"], one["events"][0]["ends"]) for one in single] == said
    assert (whole["zones"], set(whole["names"])) == ([zone], {"EET", "EEST"})


def test_what_was_called_off_is_taken_back_under_the_same_name(read):
    made = registration(EventFactory())
    first = calendar.invitations(made)[0].file
    actions.cancel_event(event=made.event, reason="Power cut")
    made = type(made).objects.get(pk=made.pk)
    asked, taken_back = read([first, calendar.invitations(made)[0].file])
    assert (asked["method"], taken_back["method"]) == ("REQUEST", "CANCEL")
    before, after = asked["events"][0], taken_back["events"][0]
    assert (before["uid"], after["status"]) == (after["uid"], "CANCELLED")
    assert after["sequence"] > before["sequence"]
