"""Calendar entries, one for each session: of a registration, and of an event for whoever has not decided yet."""

import datetime as dt
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Entry

from events import when
from events.models import Status


def entries(registration, *, now=None):
    """An iCalendar file as bytes, and its method: REQUEST while the person has a place, CANCEL afterwards.

    Its UID stays the same and its sequence grows, so that a change replaces the entry.
    """
    event = registration.event
    method = "REQUEST" if registration.status == Status.CONFIRMED else "CANCEL"
    made = [
        _entry(event, session, method, f"{registration.uuid}-{session.pk}@oberih", now)
        for session in event.sessions.all()
    ]
    for entry in made:
        entry.add("description", _("The link in your message leads to the details."))
        _name_the_people(entry, registration)
    return _file(event, made, method), method


def public_entries(event, *, now=None):
    """An iCalendar file of an event as bytes, for strangers: it says no more of them than that they looked."""
    made = [
        _entry(event, session, "PUBLISH", f"{event.code}-{session.pk}@oberih", now)
        for session in event.sessions.all()
    ]
    return _file(event, made, "PUBLISH")


def _file(event, entries, method):
    calendar = Calendar()
    calendar.add("prodid", "-//Oberih//Oberih//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for entry in entries:
        calendar.add_component(entry)
    # Named years only: the whole history of Europe/Kyiv holds abbreviations that nobody there wants to read.
    calendar.add_missing_timezones(
        first_date=dt.date(event.starts_on.year, 1, 1), last_date=dt.date(event.ends_on.year + 1, 1, 1)
    )
    return calendar.to_ical()


def _entry(event, session, method, uid, now):
    """The entry carries the type and the place, never the subject: a calendar is seen by the family, by a colleague,
    by whoever holds the phone.
    """
    is_off = method == "CANCEL"
    entry = Entry()
    entry.add("uid", uid)
    entry.add("dtstamp", (now or timezone.now()).astimezone(dt.UTC))
    entry.add("sequence", event.revision + (1 if is_off else 0))
    entry.add("dtstart", session.starts_at.astimezone(event.tz))
    entry.add("dtend", session.ends_at.astimezone(event.tz))
    entry.add("summary", event.get_kind_display())
    entry.add("class", "PRIVATE")
    entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
    if location := _location(event, session):
        entry.add("location", location)
    return entry


def _name_the_people(entry, registration):
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"MAILTO:{address}")
    organizer.params["cn"] = vText(name or address)
    entry["organizer"] = organizer
    if registration.participant.email:
        attendee = vCalAddress(f"MAILTO:{registration.participant.email}")
        attendee.params["partstat"] = vText("ACCEPTED")
        attendee.params["rsvp"] = vText("FALSE")
        entry.add("attendee", attendee, encode=0)


def _location(event, session):
    venue = session.venue or next(iter(event.venues.all()), None)
    if venue is None:
        return when.place(event)
    return ", ".join(filter(None, [str(venue.name), str(venue.address)]))
