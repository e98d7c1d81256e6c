"""Calendar entries in mails and on pages, read by icalendar; `tests/calendars` has another parser read them, too."""

import datetime as dt
import random
import uuid

import pytest
import time_machine
from icalendar import Calendar

from events import actions, calendar, registrations
from events.models import EventRevision, Naming, ParallelGroup, Registration
from tests.events.factories import EventFactory, SessionFactory, VenueFactory, person, register, registration
from tests.events.mails import send

pytestmark = pytest.mark.django_db
DAY = dt.date(2027, 6, 1)
NOW = dt.datetime(2027, 5, 20, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _before():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event():
    made = EventFactory(starts_on=DAY, ends_on=DAY + dt.timedelta(days=1), sessions=[])
    SessionFactory(event=made)
    SessionFactory(event=made, date=DAY + dt.timedelta(days=1))
    made.venues.set([VenueFactory(address="Svobody 1, Lviv")])
    return made


def entries(file):
    return Calendar.from_ical(file).walk("VEVENT")


def parts(message):
    """(method of the MIME part, method of the file, its one entry, file name) of each calendar of a mail."""
    found = []
    for part in message.message().walk():
        if part.get_content_type() == "text/calendar":
            file = part.get_payload(decode=True)
            parsed = Calendar.from_ical(file)
            (entry,) = parsed.walk("VEVENT")
            found.append((part.get_param("method"), str(parsed["method"]), entry, part.get_filename()))
    return found


def slots(event):
    return [(one.date, one.start_time, one.end_time, "", None, one.pk) for one in event.sessions.all()]


def test_a_confirmation_carries_an_invitation_for_each_session(event):
    made = register(event).registration
    (message,) = send()
    first, second = event.sessions.all()
    assert [(kind, method, str(entry["uid"]), name) for kind, method, entry, name in parts(message)] == [
        ("REQUEST", "REQUEST", f"{made.uuid}-{first.pk}@oberih", None),
        ("REQUEST", "REQUEST", f"{made.uuid}-{first.pk}@oberih", f"2027-06-01-1000-{first.pk}.ics"),
        ("REQUEST", "REQUEST", f"{made.uuid}-{second.pk}@oberih", f"2027-06-02-1000-{second.pk}.ics"),
    ]
    entry = parts(message)[0][2]
    assert (str(entry["summary"]), str(entry["class"]), str(entry["status"]), str(entry["transp"])) == (
        "Training",
        "PRIVATE",
        "CONFIRMED",
        "OPAQUE",
    )
    assert str(entry["attendee"]) == "mailto:person1@example.org"
    assert entry["attendee"].params["partstat"] == "ACCEPTED"
    assert str(entry["organizer"]) == "mailto:training@localhost"
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (
        dt.datetime(2027, 6, 1, 7, tzinfo=dt.UTC),
        dt.datetime(2027, 6, 1, 10, tzinfo=dt.UTC),
    )
    assert (entry["sequence"], entry["dtstamp"].dt) == (0, NOW)
    assert str(entry["location"]) == "House of Culture, Svobody 1, Lviv"


def test_the_invitation_is_an_alternative_and_the_ticket_stands_beside_the_html(event):
    register(event)
    (message,) = send()
    made = message.message()
    assert made.get_content_type() == "multipart/mixed"
    alternative, *attached = made.get_payload()
    assert [part.get_content_type() for part in alternative.get_payload()] == [
        "text/plain",
        "multipart/related",
        "text/calendar",
    ]
    html, picture = alternative.get_payload()[1].get_payload()
    assert (html.get_content_type(), picture["Content-ID"]) == ("text/html", "<ticket-1@oberih>")
    assert picture.get_payload(decode=True).startswith(b"\x89PNG")
    assert 'src="cid:ticket-1@oberih"' in html.get_payload(decode=True).decode()
    assert [part.get_content_type() for part in attached] == ["text/calendar", "text/calendar", "application/pdf"]


def test_bytes_are_what_the_standard_asks_for(event):
    event.naming = Naming.TITLE
    event.title = "Як розпізнати торгівлю людьми, коли кордон перетинають уночі; 2 частина"
    event.save()
    made = register(event).registration
    for file in [calendar.published(made), *(one.file for one in calendar.invitations(made))]:
        assert b"BEGIN:VTIMEZONE" in file
        assert b"MSK" not in file
        assert b"BEGIN:VALARM" not in file
        assert all(len(line) <= 75 for line in file.split(b"\r\n"))
        assert file.count(b"\n") == file.count(b"\r\n")
        assert str(entries(file)[0]["summary"]) == event.title


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/Kyiv", dt.date(2027, 3, 27), dt.date(2027, 3, 28)),
        ("Europe/Kyiv", dt.date(2027, 10, 30), dt.date(2027, 10, 31)),
        ("Europe/Chisinau", dt.date(2027, 3, 27), dt.date(2027, 3, 28)),
        ("Europe/Chisinau", dt.date(2027, 10, 30), dt.date(2027, 10, 31)),
    ],
)
def test_a_week_of_the_clock_change_has_the_right_hours_and_no_moscow(zone, before, after):
    event = EventFactory(zone=zone, starts_on=before, ends_on=after, sessions=[])
    for day in (before, after):
        SessionFactory(event=event, date=day)
    file = calendar.published(registration(event), now=dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
    assert b"MSK" not in file
    assert f"TZID:{zone}".encode() in file
    read = [entry["dtstart"].dt for entry in entries(file)]
    assert [(one.hour, one.tzinfo.key) for one in read] == [(10, zone), (10, zone)]
    assert [one.astimezone(dt.UTC) for one in read] == [one.starts_at for one in event.sessions.all()]
    assert abs((read[1].astimezone(dt.UTC) - read[0].astimezone(dt.UTC)).total_seconds() / 3600 - 24) == 1


@pytest.mark.parametrize(
    ("naming", "subject", "summary", "shown", "place"),
    [
        (
            Naming.TITLE,
            "You have a seat: Recognising trafficking, 1 to 2 June 2027",
            "Recognising trafficking",
            "PUBLIC",
            "House of Culture, Svobody 1, Lviv",
        ),
        (
            Naming.KIND,
            "You have a seat: Training, 1 to 2 June 2027",
            "Training",
            "PRIVATE",
            "House of Culture, Svobody 1, Lviv",
        ),
        (Naming.NEUTRAL, "Your appointment on 1 to 2 June 2027", "Appointment", "PRIVATE", ""),
    ],
)
def test_subjects_and_calendars_say_no_more_than_the_event_allows(event, naming, subject, summary, shown, place):
    event.naming = naming
    event.save()
    register(event)
    (message,) = send()
    entry = parts(message)[0][2]
    assert message.subject == subject
    assert (
        str(entry["summary"]),
        str(entry.get("class", "PUBLIC")),
        str(entry.get("location", "")),
    ) == (summary, shown, place)
    assert ("cn" in entry["organizer"].params) is (naming != Naming.NEUTRAL)


def test_a_session_that_is_gone_is_taken_back(event):
    made = register(event).registration
    send()
    first, second = event.sessions.all()
    actions.change(event=event, sessions=slots(event)[:1])
    (message,) = send()
    assert [(kind, str(one["uid"]), one["sequence"]) for kind, _method, one, name in parts(message) if name] == [
        ("REQUEST", f"{made.uuid}-{first.pk}@oberih", 1),
        ("CANCEL", f"{made.uuid}-{second.pk}@oberih", 1),
    ]
    gone = parts(message)[-1][2]
    assert (str(gone["status"]), gone["dtstart"].dt) == ("CANCELLED", second.starts_at)


def test_the_page_has_all_sessions_under_the_same_names(client, event):
    made = register(event).registration
    (message,) = send()
    file = calendar.published(made)
    assert str(Calendar.from_ical(file)["method"]) == "PUBLISH"
    assert [str(one["uid"]) for one in entries(file)] == [
        str(one["uid"]) for *_, one, name in parts(message) if name
    ]
    assert all("attendee" not in one for one in entries(file))


def test_of_a_long_course_the_mail_has_the_next_twenty_and_nothing_that_is_over():
    event = EventFactory(starts_on=dt.date(2027, 5, 1), ends_on=dt.date(2027, 7, 1), sessions=[])
    for number in range(40):
        SessionFactory(event=event, date=event.starts_on + dt.timedelta(days=number))
    made = calendar.invitations(registration(event))
    assert (len(made), made[0].name[:10], made[-1].name[:10]) == (20, "2027-05-21", "2027-06-09")


@pytest.fixture
def groups(event):
    made = [ParallelGroup.objects.create(event=event, title=title) for title in ("Morning", "Evening")]
    for group, hour in zip(made, (14, 18), strict=True):
        SessionFactory(event=event, group=group, start_time=dt.time(hour), end_time=dt.time(hour + 1))
    return made


def test_sessions_of_another_group_are_not_theirs(event, groups):
    made = registration(event, group=groups[0])
    assert [one.name[11:15] for one in calendar.invitations(made)] == ["1000", "1400", "1000"]


def test_another_group_takes_the_sessions_of_the_former_one_back(event, groups):
    made = register(event, group=groups[0]).registration
    send()
    seen = {}
    for group, other in [(groups[1], groups[0]), (groups[0], groups[1]), (groups[1], groups[0])]:
        made = registrations.change_answers(registration=made, group=group)
        (message,) = send()
        told = {str(one["uid"]): (kind, one["sequence"]) for kind, _m, one, _n in parts(message)}
        theirs, left = group.sessions.get(), other.sessions.get()
        assert told[f"{made.uuid}-{theirs.pk}@oberih"][0] == "REQUEST"
        assert told[f"{made.uuid}-{left.pk}@oberih"][0] == "CANCEL"
        assert all(sequence > seen.get(uid, -1) for uid, (_kind, sequence) in told.items())
        seen |= {uid: sequence for uid, (_kind, sequence) in told.items()}


@pytest.mark.parametrize("end", ["person", "event"])
@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_an_entry_keeps_its_name_and_its_number_grows(event, seed, end):
    """Any order of changes: a calendar that keeps what has the highest number under a name shows what holds."""
    chance = random.Random(seed)
    made = register(event).registration
    held, number, methods = {}, {}, set()

    def take(messages):
        for message in messages:
            for kind, method, entry, name in parts(message):
                assert kind == method
                methods.add(method)
                if name is None:
                    continue
                uid = str(entry["uid"])
                assert entry["sequence"] > number.get(uid, -1)
                number[uid] = entry["sequence"]
                if method == "CANCEL":
                    held.pop(uid, None)
                else:
                    held[uid] = entry["dtstart"].dt

    take(send())
    for step in range(6):
        planned = slots(event)
        deed = chance.choice(["move", "add", "remove", "zone", "nothing told"])
        if deed == "move":
            date, _start, _end, *rest = planned[0]
            planned[0] = (date, dt.time(8 + step), dt.time(20), *rest)
        elif deed == "add":
            planned.append((DAY + dt.timedelta(days=step + 3), dt.time(9), dt.time(10), "", None, None))
        elif deed == "remove" and len(planned) > 1:
            planned.pop()
        zone = {"zone": chance.choice(["Europe/Kyiv", "Europe/Warsaw"])} if deed == "zone" else {}
        event = actions.change(event=event, sessions=planned, **zone)
        if deed != "nothing told":
            take(send())
    take(send())
    assert held == {f"{made.uuid}-{one.pk}@oberih": one.starts_at for one in event.sessions.all()}
    if end == "person":
        actions.cancel_registration(registration=Registration.objects.get(pk=made.pk))
    else:
        actions.cancel_event(event=event, reason="Power cut")
    take(send())
    assert (held, methods) == ({}, {"REQUEST", "CANCEL"})


def together(event, *people):
    outcomes = actions.register_together(event=event, people=people, submission=uuid.uuid4(), language="en")
    return [one.registration for one in outcomes]


def told(message):
    return [(kind, str(entry["uid"])) for kind, _method, entry, name in parts(message) if name]


def test_those_who_share_an_address_share_their_entries_until_the_last_gives_their_place_back(client, event):
    first, second = together(event, person(1), person(2, email="person1@example.org"))
    (message,) = send()
    uids = [f"{first.uuid}-{session.pk}@oberih" for session in event.sessions.all()]
    assert told(message) == [("REQUEST", uid) for uid in uids]
    assert [str(one["uid"]) for one in entries(calendar.published(second))] == uids
    actions.cancel_registration(registration=first)
    (message,) = send()
    assert told(message) == []
    actions.change(event=event, sessions=[(DAY, dt.time(8), *slots(event)[0][2:]), slots(event)[1]])
    (message,) = send()
    assert told(message) == [("REQUEST", uid) for uid in uids]
    changed = parts(message)[0][2]["sequence"]
    actions.cancel_registration(registration=second)
    (message,) = send()
    assert told(message) == [("CANCEL", uid) for uid in uids]
    assert parts(message)[0][2]["sequence"] > changed


def test_whoever_has_an_address_of_their_own_has_their_own_entries(event):
    people = together(event, person(1), person(2, email="person1@example.org"), person(3))
    messages = {message.to[0]: message for message in send()}
    first = event.sessions.first()
    assert {to: told(message)[0] for to, message in messages.items()} == {
        "person1@example.org": ("REQUEST", f"{people[0].uuid}-{first.pk}@oberih"),
        "person3@example.org": ("REQUEST", f"{people[2].uuid}-{first.pk}@oberih"),
    }


def test_somebody_who_is_let_in_after_another_left_has_the_entries_again(event):
    event.policy = "approval"
    event.save()
    first, second = together(event, person(1), person(2, email="person1@example.org"))
    send()
    numbers = []
    for deed in (
        lambda: actions.approve(registration=first, by=None),
        lambda: actions.cancel_registration(registration=Registration.objects.get(pk=first.pk)),
        lambda: actions.approve(registration=second, by=None),
    ):
        deed()
        (message,) = send()
        numbers.append((parts(message)[0][0], parts(message)[0][2]["sequence"]))
    assert [kind for kind, _number in numbers] == ["REQUEST", "CANCEL", "REQUEST"]
    assert numbers == sorted(numbers, key=lambda one: one[1])
    assert len({number for _kind, number in numbers}) == 3


def test_a_family_has_one_message_with_all_names_and_tickets(event):
    actions.register_together(
        event=event,
        people=[person(1), person(2, email="person1@example.org")],
        submission=uuid.uuid4(),
        language="en",
    )
    (message,) = send()
    assert "For whom: Olena Kovalb 1, Olena Kovalc 2" in message.body
    html = message.alternatives[0].content
    assert html.count("cid:ticket-") == 2
    actions.change(event=event, title="Another")
    assert len(send()) == 1
    actions.cancel_event(event=event, reason="Power cut")
    (message,) = send()
    assert "For whom: Olena Kovalb 1, Olena Kovalc 2" in message.body


def test_revisions_are_numbered_as_the_event_is(event):
    for title in ("One", "Two"):
        event = actions.change(event=event, title=title)
    assert list(EventRevision.objects.values_list("number", flat=True)) == [1, 2]
