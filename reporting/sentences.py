"""The window told as sentences, one per activity, from the records: what a quarterly report says of trainings.

Each sentence keeps the basis, the unit, the window and the qualifier of its figures; nothing is added across them.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.urls import NoReverseMatch, reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from attendance.models import Headcount
from events import follow_ups as followed
from events.models import CountBasis, Distribution, FollowUp, OrganisationRole
from participants.codes import ActivityType, Unit, qualified
from participants.places import country_name
from reporting.headcounts import sum_headcounts


@dataclass(frozen=True)
class Sentence:
    code: str
    text: str
    # Why the number of persons is not known, where it is not.
    missing: str = ""
    # Its dates reach beyond those asked for, so that it is in none of the sums.
    is_longer: bool = False
    # Where the missing number can be entered; an imported list is corrected where it is kept.
    url: str = ""


def tell(people):
    """(sentences about counted activities, sentences about those whose numbers are missing) of a `measures.People`.

    Activities are those that touch the window; the same statements, however many there are.
    """
    events = sorted(people.events, key=lambda event: (event.starts_on, event.code))
    prefetch_related_objects(events, "areas", "organisations__organisation")
    counts = defaultdict(list)
    headcounts = Headcount.objects.filter(event__in=events).select_related("category", "part_of", "event")
    for count in headcounts:
        counts[count.event_id].append(count)
    follow_ups = defaultdict(list)
    for follow_up in FollowUp.objects.filter(
        cohort__in=events, held_from__gte=people.window.start, held_to__lte=people.window.end
    ):
        follow_ups[follow_up.cohort_id].append(follow_up)
    registered = defaultdict(set)
    for row in people.rows:
        registered[row.activity].add(row.person)
    missing = {event.pk for event in people.missing_events()}
    told, untold = [], []
    for event in events:
        facts = _Facts(event, people.window, counts[event.pk], len(registered["event", event.pk]))
        text = facts.sentence()
        if text:
            text = " ".join(filter(None, [text, facts.afterwards(follow_ups[event.pk])]))
            told.append(Sentence(event.code, text, is_longer=facts.is_longer()))
        if event.pk in missing:
            untold.append(Sentence(event.code, facts.name(), missing=facts.reason(), url=_closing_page(event)))
    return told, untold


def tell_distributions(people):
    """Sentences about what was given out in the window."""
    filters = people.filters
    if filters.topic or filters.project or filters.activity_type:
        return []
    rows = Distribution.objects.filter(held_from__gte=people.window.start, held_to__lte=people.window.end)
    if filters.country:
        rows = rows.filter(country=filters.country)
    return [
        Sentence(
            "",
            _("%(count)s: %(item)s (%(country)s).")
            % {
                "count": _first_upper(qualified(row.qualifier, _unit(row.unit, row.value))),
                "item": row.item,
                "country": country_name(row.country),
            },
        )
        for row in rows
    ]


def _closing_page(event):
    if event.is_imported:
        return ""
    try:
        return reverse("oberih_attendance:close_event", args=[event.uuid])
    except NoReverseMatch:
        return ""


class _Facts:
    def __init__(self, event, window, counts, registered):
        self.event, self.window, self.counts, self.registered = event, window, counts, registered
        self.sums = sum_headcounts(counts)

    def sentence(self):
        """What is known of this activity's numbers, or "" where none is."""
        what = {"title": self.name(), "since": self.since()}
        persons = self.persons()
        sessions = self.event.sessions_reported or 0
        if self.sums.get(Unit.EVENTS) and persons:
            number = self.sums[Unit.EVENTS]["value"]
            what |= {"people": persons[1], "events": _events(self.event.kind, number), "place": self.place()}
            text = ngettext(
                "%(since)s%(people)s took part in %(events)s%(place)s.",
                "%(since)s%(people)s took part in %(events)s%(place)s.",
                persons[0],
            )
        elif persons and sessions > 1:
            what |= {"people": persons[1], "sessions": _unit(Unit.SESSIONS, sessions)}
            text = (
                _("%(since)s%(sessions)s, %(people)s: %(title)s.")
                if not self.is_longer()
                else _("%(since)s: %(sessions)s, %(people)s. %(title)s.")
            )
            if self.is_longer():
                what["since"] = self.span()
        elif persons:
            what["people"] = persons[1]
            text = ngettext(
                "%(since)s%(people)s took part: %(title)s.",
                "%(since)s%(people)s took part: %(title)s.",
                persons[0],
            )
        elif figure := self.sums.get(Unit.SITES):
            what["sites"] = qualified(figure["qualifier"], _unit(Unit.SITES, figure["value"]))
            text = ngettext(
                "%(since)s%(sites)s was visited: %(title)s.",
                "%(since)s%(sites)s were visited: %(title)s.",
                figure["value"],
            )
        elif figure := self.sums.get(Unit.AREAS):
            what["areas"] = qualified(figure["qualifier"], _unit(Unit.AREAS, figure["value"]))
            text = _("%(since)sParticipants came from %(areas)s: %(title)s.")
        elif self.sums:
            unit, figure = next(iter(self.sums.items()))
            what["count"] = qualified(figure["qualifier"], _unit(unit, figure["value"]))
            text = _("%(since)s%(count)s: %(title)s.")
        else:
            return ""
        unknown = "" if persons else self.unknown()
        return " ".join(filter(None, [_first_upper(text % what), self.holder(), unknown]))

    def persons(self):
        """(the number that decides the grammar, who) of registered persons, of a headcount, or of both side by side."""
        figure = self.sums.get(Unit.PERSONS)
        if self.registered and figure:
            counted = qualified(figure["qualifier"], _people(figure["value"], self.category()))
            registered = ngettext(
                "%(count)s registered person", "%(count)s registered persons", self.registered
            ) % {"count": number(self.registered)}
            return 5, _("%(registered)s and, counted without names, %(counted)s") % {
                "registered": registered,
                "counted": counted,
            }
        if self.registered:
            return self.registered, _people(self.registered, "")
        if figure:
            return figure["value"], qualified(figure["qualifier"], _people(figure["value"], self.category()))
        return None

    def category(self):
        codes = {count.category.code for count in self.counts if count.category and count.unit == Unit.PERSONS}
        return codes.pop() if len(codes) == 1 else ""

    def name(self):
        return _("“%(title)s”%(place)s") % {"title": self.event.title, "place": self.place()}

    def place(self):
        parts = []
        if self.event.country:
            parts.append(country_name(self.event.country))
        areas = _(", ").join(str(area.label) for area in self.event.areas.all())
        text = ": ".join(filter(None, [_(", ").join(parts), areas]))
        partners = _(", ").join(
            str(attendance.organisation.label)
            for attendance in self.event.organisations.all()
            if attendance.role == OrganisationRole.CO_ORGANISER
        )
        if partners:
            partners = _("together with: %(organisations)s") % {"organisations": partners}
        inside = _("; ").join(filter(None, [text, partners]))
        return f" ({inside})" if inside else ""

    def is_longer(self):
        return not self.window.holds(self.event.starts_on, self.event.ends_on)

    def since(self):
        """The activity's own window, where it is not inside the one asked for: "Since April 2022, "."""
        return _("%(span)s, ") % {"span": self.span()} if self.is_longer() else ""

    def span(self):
        first, last = self.event.starts_on, self.event.ends_on
        if first < self.window.start and last <= self.window.end:
            return _("Since %(month)s") % {"month": formats.date_format(first, "E Y")}
        return _("From %(first)s to %(last)s") % {
            "first": formats.date_format(first),
            "last": formats.date_format(last),
        }

    def holder(self):
        """That these persons are among those of another activity."""
        holders = {count.part_of for count in self.counts if count.part_of and count.part_of_id != self.event.pk}
        if not holders:
            return ""
        titles = _(", ").join(_("“%(title)s”") % {"title": holder.title} for holder in holders)
        return _("They are counted among those of %(activity)s too.") % {"activity": titles}

    def unknown(self):
        """Why the persons are not among what is known, for an activity that the list of missing numbers leaves out."""
        if not self.is_longer() or not self.event.not_counted_reason:
            return ""
        return _("How many persons took part is not known: %(reason)s.") % {
            "reason": self.event.not_counted_reason.rstrip(".")
        }

    def afterwards(self, follow_ups):
        texts = []
        for follow_up in follow_ups:
            days = formats.date_format(follow_up.held_from)
            if follow_up.held_to != follow_up.held_from:
                days = f"{days} – {formats.date_format(follow_up.held_to)}"
            texts.append(
                _("Afterwards those who took part held %(actions)s (%(days)s).")
                % {
                    "actions": qualified(follow_up.qualifier, followed.words(follow_up.kind, follow_up.value)),
                    "days": days,
                }
            )
        return " ".join(texts)

    def reason(self):
        if self.event.not_counted_reason:
            return self.event.not_counted_reason
        if self.event.counted_by in {"", CountBasis.NOT_STATED}:
            return _("No reason is given.")
        return ""


def number(value):
    """A figure as the reader's language groups it."""
    return formats.number_format(value, use_l10n=True, force_grouping=True)


def _people(value, category):
    count = {"count": number(value)}
    if category == "youth":
        return ngettext("%(count)s young person", "%(count)s young people", value) % count
    if category == "volunteer":
        return ngettext("%(count)s volunteer", "%(count)s volunteers", value) % count
    return _unit(Unit.PERSONS, value)


def _unit(unit, value):
    texts = {
        Unit.PERSONS: lambda: ngettext("%(count)s person", "%(count)s persons", value),
        Unit.EVENTS: lambda: ngettext("%(count)s event", "%(count)s events", value),
        Unit.SESSIONS: lambda: ngettext("%(count)s session", "%(count)s sessions", value),
        Unit.SITES: lambda: ngettext("%(count)s site", "%(count)s sites", value),
        Unit.AREAS: lambda: ngettext("%(count)s area", "%(count)s areas", value),
        Unit.ORGANISATIONS: lambda: ngettext("%(count)s organisation", "%(count)s organisations", value),
        Unit.ACTIONS: lambda: ngettext("%(count)s action", "%(count)s actions", value),
        Unit.SETS: lambda: ngettext("%(count)s set", "%(count)s sets", value),
        Unit.COPIES: lambda: ngettext("%(count)s copy", "%(count)s copies", value),
    }
    return texts[Unit(unit)]() % {"count": number(value)}


def _word(value):
    """Small numbers as words, in the case that "in … schools" asks for."""
    words = {
        2: pgettext("in so many events", "two"),
        3: pgettext("in so many events", "three"),
        4: pgettext("in so many events", "four"),
        5: pgettext("in so many events", "five"),
        6: pgettext("in so many events", "six"),
        7: pgettext("in so many events", "seven"),
        8: pgettext("in so many events", "eight"),
        9: pgettext("in so many events", "nine"),
    }
    return words.get(value, number(value))


def _events(kind, value):
    """ "three Youth Summer Schools", as it stands after "took part in"."""
    count = {"count": _word(value)}
    if kind == ActivityType.SUMMER_SCHOOL:
        return (
            npgettext("took part in", "%(count)s Youth Summer School", "%(count)s Youth Summer Schools", value)
            % count
        )
    if kind == ActivityType.WORKSHOP:
        return npgettext("took part in", "%(count)s workshop", "%(count)s workshops", value) % count
    if kind == ActivityType.WEBINAR:
        return npgettext("took part in", "%(count)s webinar", "%(count)s webinars", value) % count
    if kind == ActivityType.INFO_SESSION:
        return (
            npgettext("took part in", "%(count)s information session", "%(count)s information sessions", value)
            % count
        )
    return npgettext("took part in", "%(count)s training", "%(count)s trainings", value) % count


def _first_upper(text):
    return text[:1].upper() + text[1:]
