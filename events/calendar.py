"""Calendar entries (RFC 5545), one for each session, and how they travel in mails (RFC 5546, RFC 6047).

An entry keeps its UID for as long as the registration lives, and its SEQUENCE grows with every change. Those who come
together and are reached in one place have their entries in common, for as long as one of them comes. An invitation is for
one entry: calendars read only the first of several, and the standard forbids more.
"""

import dataclasses
import datetime as dt
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Entry

from events import naming, parties, when
from events.models import EventState, Naming, Status
from events.wall_time import span
from notifications.models import Message

# Of a course of forty evenings nobody wants forty files in one mail; the registration's page has them all.
MOST_IN_A_MAIL = 20
GROUP_CHANGED = "events.group"
_REQUEST, _CANCEL, _PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


@dataclasses.dataclass(frozen=True)
class Invitation:
    """One iCalendar object of a mail, and the method that its MIME part has to name."""

    name: str
    file: bytes
    method: str

    @property
    def mime_type(self):
        return f"text/calendar; method={self.method}"


def invitations(registration, *, gone=None, now=None):
    """The Invitations of a mail, soonest first: one for each coming session of a confirmed registration.

    They take the entries back where nobody comes who is reached there, or the event is called off. `gone` are sessions that are no
    longer this person's, {key: what it was} as revisions keep it: their entries are taken back, last of all.
    """
    now = now or timezone.now()
    kept = _Kept.of(registration)
    slots = [_Slot.of(session) for session in sessions_of(registration) if session.ends_at > now]
    taken_back = [slot for slot in _Slot.of_many(gone, registration.event) if slot.ends_at > now]
    made = [_invitation(registration, slot, kept, kept.is_on(slot), now) for slot in slots[:MOST_IN_A_MAIL]]
    return made + [
        _invitation(registration, slot, kept, False, now) for slot in taken_back[: MOST_IN_A_MAIL - len(made)]
    ]


def stays(registration):
    """Whether the entries stay where they are after this place was given back: somebody else who is reached there comes."""
    kept = _Kept.of(registration)
    return all(kept.is_on(_Slot.of(session)) for session in sessions_of(registration))


def sessions_of(registration):
    """The sessions that this person attends; those of other parallel groups are not theirs."""
    return [one for one in registration.event.sessions.all() if one.group_id in {None, registration.group_id}]


def published(registration, *, now=None):
    """All entries of a registration in one file, for whoever fetches it from its page; they replace what came by mail."""
    now = now or timezone.now()
    kept = _Kept.of(registration)
    slots = [_Slot.of(session) for session in sessions_of(registration)]
    entries = [_own_entry(registration, slot, kept, kept.is_on(slot), now) for slot in slots]
    return _file(entries, _PUBLISH)


def public_entries(event, *, now=None):
    """An iCalendar file of an event as bytes, for strangers: it says no more of them than that they looked."""
    now = now or timezone.now()
    # Whoever keeps it may show their calendar to others, and is known to have looked.
    privacy = {} if event.naming == Naming.TITLE else {"class": "PRIVATE"}
    entries = [
        public_entry(event, session, summary=naming.what(event), place=_place(event, session), now=now, **privacy)
        for session in event.sessions.all()
    ]
    return _file(entries, _PUBLISH)


def public_entry(event, session, *, summary, place="", now, **more):
    """An entry that is nobody's in particular. `more` are further properties by name."""
    entry = _entry(f"{event.code}-{session.pk}@oberih", _Slot.of(session), event.revision, now)
    entry.add("summary", summary)
    entry.add("status", "CANCELLED" if event.state == EventState.CANCELLED else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    entry["organizer"] = _organizer()
    if place:
        entry.add("location", place)
    for name, value in more.items():
        if value:
            entry.add(name, value)
    return entry


def feed(entries, *, name):
    """A file that calendars fetch again by themselves, at most once an hour."""
    return _file(
        entries,
        _PUBLISH,
        ("name", name, None),
        ("x-wr-calname", name, None),
        ("refresh-interval", "PT1H", {"value": "DURATION"}),
        ("x-published-ttl", "PT1H", None),
    )


@dataclasses.dataclass(frozen=True)
class _Slot:
    key: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    session: object = None

    @classmethod
    def of(cls, session):
        tz = session.event.tz
        return cls(session.pk, session.starts_at.astimezone(tz), session.ends_at.astimezone(tz), session)

    @classmethod
    def of_many(cls, gone, event):
        """The Slots of sessions that have no row any more, or are another group's."""
        found = []
        for key, held in (gone or {}).items():
            date = dt.date.fromisoformat(held["date"])
            start, end = (dt.time.fromisoformat(held[name]) for name in ("start", "end"))
            starts_at, ends_at = span(date, start, end, event.zone)
            found.append(cls(key, starts_at.astimezone(event.tz), ends_at.astimezone(event.tz)))
        return sorted(found, key=lambda slot: (slot.starts_at, slot.key))


@dataclasses.dataclass(frozen=True)
class _Kept:
    """What a calendar keeps of a registration and of those who are reached with it: under which name, the how manieth."""

    key: object
    sequence: int
    # The groups of those who come; None stands for the sessions of all.
    groups: frozenset

    @classmethod
    def of(cls, registration):
        event = registration.event
        people = sorted([registration, *parties.others(registration)], key=lambda one: one.pk)
        seated = [one for one in people if one.confirmed_at is not None]
        come = [one for one in seated if one.status == Status.CONFIRMED and event.state != EventState.CANCELLED]
        keys = [str(one.uuid) for one in people]
        changed_group = Message.objects.filter(purpose=GROUP_CHANGED, subject_key__in=keys).count()
        # What only grows: how often the event and a group changed, and how many have come to these entries and left them.
        moves = len(seated) + sum(one.status != Status.CONFIRMED for one in seated)
        return cls(
            key=people[0].uuid,
            sequence=event.revision + changed_group + max(0, moves - 1),
            groups=frozenset([None, *(one.group_id for one in come)] if come else []),
        )

    def is_on(self, slot):
        return slot.session.group_id in self.groups


def _invitation(registration, slot, kept, is_on, now):
    method = _REQUEST if is_on else _CANCEL
    entry = _own_entry(registration, slot, kept, is_on, now)
    if registration.participant.email:
        entry.add("attendee", _attendee(registration.participant.email), encode=0)
    # By the key besides, since sessions may run side by side.
    name = f"{slot.starts_at:%Y-%m-%d-%H%M}-{slot.key}.ics"
    return Invitation(name, _file([entry], method), method)


def _own_entry(registration, slot, kept, is_on, now):
    event = registration.event
    entry = _entry(f"{kept.key}-{slot.key}@oberih", slot, kept.sequence, now)
    entry.add("summary", naming.what(event))
    entry.add("description", _("The link in your message leads to the details."))
    if event.naming != Naming.TITLE:
        entry.add("class", "PRIVATE")
    entry.add("status", "CONFIRMED" if is_on else "CANCELLED")
    entry.add("transp", "OPAQUE" if is_on else "TRANSPARENT")
    entry["organizer"] = _organizer(named=event.naming != Naming.NEUTRAL)
    if slot.session is not None and (place := _place(event, slot.session)):
        entry.add("location", place)
    return entry


def _entry(uid, slot, sequence, now):
    entry = Entry()
    entry.add("uid", uid)
    entry.add("dtstamp", now.astimezone(dt.UTC))
    entry.add("sequence", sequence)
    entry.add("dtstart", slot.starts_at)
    entry.add("dtend", slot.ends_at)
    return entry


def _file(entries, method, *properties):
    calendar = Calendar()
    calendar.add("prodid", "-//Oberih//Oberih//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for name, value, parameters in properties:
        calendar.add(name, vText(value), parameters=parameters)
    for entry in entries:
        calendar.add_component(entry)
    if entries:
        # Named years only: the whole history of Europe/Kyiv holds abbreviations that nobody there wants to read.
        years = [entry[name].dt.year for entry in entries for name in ("dtstart", "dtend")]
        calendar.add_missing_timezones(
            first_date=dt.date(min(years), 1, 1), last_date=dt.date(max(years) + 1, 1, 1)
        )
    return calendar.to_ical()


def _organizer(*, named=True):
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"mailto:{address}")
    if named and name:
        organizer.params["cn"] = vText(name)
    return organizer


def _attendee(email):
    attendee = vCalAddress(f"mailto:{email}")
    # They said that they come when they registered; a calendar need not ask again.
    attendee.params["partstat"] = vText("ACCEPTED")
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["rsvp"] = vText("FALSE")
    return attendee


def _place(event, session):
    """Where to go. An address may say by itself what an appointment is for."""
    if event.naming == Naming.NEUTRAL:
        return ""
    return place_of(event, session)


def place_of(event, session):
    venue = session.venue or next(iter(event.venues.all()), None)
    if venue is None:
        return when.place(event)
    return ", ".join(filter(None, [str(venue.name), str(venue.address)]))
