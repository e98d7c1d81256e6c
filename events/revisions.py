"""What changed of an event, kept without the words of any language, so that everybody is told it in their own."""

import datetime as dt
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from events import parties, when
from events.models import EventRevision
from notifications.models import Message, MessageState
from participants.codes import DeliveryMode

TOLD_BY = "events.changed"
_SIMPLE = ("title", "zone", "mode", "venues")


class Change(NamedTuple):
    """One thing that changed, from what it was to what it is. `session` is the key of the session, if it is one."""

    what: str
    session: int | None
    before: object
    after: object


class Line(NamedTuple):
    """A change in the reader's words; either side may be empty."""

    label: str
    before: str
    after: str

    @property
    def sentence(self):
        if self.before and self.after:
            return _("%(label)s: %(before)s → %(after)s") % self._asdict()
        return _("%(label)s: %(what)s") % {"label": self.label, "what": self.before or self.after}


def snapshot(event):
    """What those registered hear of when it changes, as it stands now. Read it under the lock, before changing."""
    return {
        "title": _texts(event.title),
        "zone": event.zone,
        "mode": event.mode,
        "venues": [_texts(venue.name) for venue in event.venues.order_by("pk")],
        "online_link": event.online_link,
        "sessions": {session.pk: as_kept(session) for session in event.sessions.select_related("venue")},
    }


def record(event, before, by=None):
    """Write down what changed since the snapshot `before`, under the event's revision.

    Of the link to the meeting only that it changed: a log is no place for a key to a room.
    """
    after = snapshot(event)
    changes = [
        {"what": name, "before": before[name], "after": after[name]}
        for name in _SIMPLE
        if before[name] != after[name]
    ]
    if before["online_link"] != after["online_link"]:
        changes.append(
            {"what": "online_link", "before": bool(before["online_link"]), "after": bool(after["online_link"])}
        )
    for key in sorted(before["sessions"].keys() | after["sessions"].keys()):
        old, new = before["sessions"].get(key), after["sessions"].get(key)
        if old != new:
            changes.append({"what": "session", "session": key, "before": old, "after": new})
    return EventRevision.objects.create(event=event, number=event.revision, by=by, changes=changes)


def _texts(value):
    """A text by language as JSON holds it."""
    held = value.data if isinstance(value, LazyI18nString) else value
    return {code: text for code, text in held.items() if text} if isinstance(held, dict) else str(held)


def as_kept(session):
    """A session as revisions hold it."""
    return {
        "date": session.date.isoformat(),
        "start": f"{session.start_time:%H:%M}",
        "end": f"{session.end_time:%H:%M}",
        "venue": _texts(session.venue.name) if session.venue else None,
        "group": session.group_id,
    }


def untold(registration):
    """What changed since the person, or whoever comes with them, was last told of changes; otherwise since they came.

    What changed twice is one Change, and what changed back is none.
    """
    told = _last_told(registration)
    newer = Q(number__gt=told) if told else Q(at__gte=registration.created_at)
    return of_group(_together(registration.event.revisions.filter(newer)), registration.group_id)


def _last_told(registration):
    keys = [str(one.uuid) for one in [registration, *parties.others(registration)]]
    sent = Message.objects.filter(purpose=TOLD_BY, subject_key__in=keys, state=MessageState.SENT)
    return max((number_of(one) for one in sent.values_list("occurrence", flat=True)), default=0)


def occurrence(event):
    """How the message about an event's present revision is told from those about others."""
    return f"revision {event.revision}"


def number_of(occurrence):
    return int(occurrence.rpartition(" ")[2])


def _together(revisions):
    first, last = {}, {}
    for revision in revisions:
        for change in revision.changes:
            key = change["what"], change.get("session")
            first.setdefault(key, change["before"])
            last[key] = change["after"]
    # That one link follows on another cannot be seen here, where neither is kept.
    return [
        Change(*key, first[key], last[key])
        for key in first
        if first[key] != last[key] or (key[0] == "online_link" and last[key])
    ]


def of_group(changes, group):
    """The Changes as somebody of a parallel group sees them: sessions of the others are none to them."""
    seen = [
        change._replace(before=_within(change.before, group), after=_within(change.after, group))
        if change.what == "session"
        else change
        for change in changes
    ]
    return [one for one in seen if one.what != "session" or one.before or one.after]


def _within(session, group):
    return session if session and session["group"] in {None, group} else None


def removed(changes):
    """{key: what it was} of the sessions that are no longer held for this person."""
    return {one.session: one.before for one in changes if one.what == "session" and one.before and not one.after}


def lines(changes):
    """The Changes in the reader's language: first the event's, then the sessions in the order of their days."""
    sessions = sorted(
        (one for one in changes if one.what == "session"), key=lambda one: _starts(one.after or one.before)
    )
    return [_words(one) for one in changes if one.what != "session"] + [_session_line(one) for one in sessions]


def _starts(session):
    return session["date"], session["start"]


def _words(change):
    if change.what == "online_link":
        told = _("There is a new one.") if change.after else _("There is none any more.")
        return Line(_("Link to the meeting"), "", told)
    label, say = {
        "title": (_("Title"), lambda texts: str(LazyI18nString(texts))),
        "zone": (_("Time zone"), when.zone_city),
        "mode": (_("How it is held"), lambda mode: str(dict(DeliveryMode.choices).get(mode, ""))),
        "venues": (_("Where"), lambda names: ", ".join(str(LazyI18nString(texts)) for texts in names)),
    }[change.what]
    return Line(label, say(change.before), say(change.after))


def _session_line(change):
    if change.before is None:
        return Line(_("New session"), "", _session_words(change.after, with_venue=True))
    if change.after is None:
        return Line(_("Not held any more"), _session_words(change.before), "")
    moved = change.before["venue"] != change.after["venue"]
    return Line(
        _("Session"),
        _session_words(change.before, with_venue=moved),
        _session_words(change.after, with_venue=moved),
    )


def _session_words(session, *, with_venue=False):
    words = when.slot_line(dt.date.fromisoformat(session["date"]), f"{session['start']}–{session['end']}")
    if with_venue and session["venue"]:
        return _("%(time)s, %(place)s") % {"time": words, "place": LazyI18nString(session["venue"])}
    return words


def history(event, most=5):
    """The newest changes as staff read them: (when, Lines), in one statement."""
    return [
        (when.moment(revision.at, event.tz), lines(_together([revision])))
        for revision in event.revisions.order_by("-number")[:most]
    ]
