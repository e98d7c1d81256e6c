"""Every measure, defined once. Page, command, CSV, XLSX and JSON only render what comes from here."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property

from attendance.models import Headcount
from certificates.models import Certificate, CertificateState
from events.models import Distribution, Event, EventState, FollowUp, OrganisationAttendance, Session
from participants.codes import (
    Qualifier,
    Unit,
)
from participants.models import Participant, person_of
from participants.suggestions import persons_if_merged, suggestions
from reporting import disclosure, presences
from reporting.breakdown import DIMENSIONS, Breakdown
from reporting.disclosure import Tier
from reporting.headcounts import sum_headcounts
from reporting.scope import Window

_MANY = 10_000


class MeasureError(ValueError):
    """What was asked for cannot be told; the message says what to ask instead."""


@dataclass
class Report:
    """The safe result. `totals` and `cells` hold None where a figure may not be shown."""

    window: object
    filters: object
    by: tuple
    tier: Tier
    totals: dict
    cells: list
    suppressed: int
    overlapping: list
    missing_numbers: list
    in_several_rows: int | None = 0

    def as_json(self):
        return {
            "window": {"from": self.window.start.isoformat(), "to": self.window.end.isoformat()},
            "filters": self.filters.given(),
            "tier": self.tier.value,
            "overlapping": self.overlapping,
            "totals": self.totals,
            "cells": self.cells,
            "suppressed": self.suppressed,
            "missing_numbers": self.missing_numbers,
        }


class People:
    """The people trained in one window, counted once and broken down as often as a page wants."""

    def __init__(self, window, filters, tier=Tier.INTERNAL):
        self.window, self.filters, self.tier = window, filters, tier
        self.rows = presences.within(window, filters)
        self.events = _events(window, filters)
        self.breakdown = Breakdown(self.rows, filters, tier)

    def report(self, by=()):
        """The report broken down by the dimensions `by`. Raises MeasureError for what may not or cannot be crossed."""
        by = tuple(by)
        unknown = [dimension for dimension in by if dimension not in DIMENSIONS]
        if unknown:
            raise MeasureError(f"There is no dimension {unknown[0]!r}; there are {', '.join(DIMENSIONS)}.")
        if len(set(by)) < len(by):
            raise MeasureError("A dimension is named twice.")
        if reason := disclosure.refusal(by, self.tier):
            raise MeasureError(reason)
        cells, suppressed, in_several_rows = self.breakdown.cells(by)
        return Report(
            self.window, self.filters, by, self.tier, self.totals, cells, suppressed,
            self.overlapping(), self.missing_numbers(), in_several_rows,
        )  # fmt: skip

    @cached_property
    def headline(self):
        """The four figures that a page begins with, for one statement; the others of `totals` take a dozen."""
        figures = {"unique_persons": len(self._persons()), "participations": self._participations()}
        self._hide_small(figures)
        counted, _other = self._headcounts()
        return figures | {"activities": self._activities(), "headcount": counted}

    @cached_property
    def if_merged(self):
        """(suggestions of same persons that are open, unique persons if all of them were so), for three statements."""
        persons = self._persons()
        people = Participant.objects.filter(Q(pk__in=persons) | Q(merged_into__in=persons))
        if len(persons) > _MANY:
            # More keys than a statement takes; the few suggestions among others are left out below.
            people = Participant.objects.all()
        found = [one for one in suggestions(people) if one.first in persons and one.second in persons]
        return len(found), persons_if_merged(persons, found)

    @cached_property
    def totals(self):
        persons = self._persons()
        new = len(persons - presences.known_before(self.window, self.filters))
        held = self._held()
        totals = {
            "unique_persons": len(persons),
            "participations": self._participations(),
            "attendances": sum(row.attendances for row in self.rows),
            "person_minutes": sum(row.minutes for row in self.rows),
            "new_persons": new,
            "returning_persons": len(persons) - new,
            "completions": self._completions(),
            "certificates": self._certificates(),
        }
        self._hide_small(totals)
        counted, other = self._headcounts()
        return totals | {
            "activities": self._activities(),
            "sessions": self._sessions(held),
            "sites": len(self._related(Event.venues.through, "venue_id", held)),
            "areas": len(self._related(Event.areas.through, "area_id", held)),
            "organisations": len(
                self._related(OrganisationAttendance, "organisation_id", held)
                | {row.organisation for row in self.rows if row.organisation}
            ),
            "headcount": counted,
            "other_counts": other,
            "follow_ups": self._follow_ups(),
            "distributions": self._distributions(),
        }

    def _hide_small(self, totals):
        k = self.tier.k
        if 0 < totals["unique_persons"] < k:
            totals.update(dict.fromkeys(totals))
            return
        parts = totals.keys() & {"new_persons", "returning_persons"}
        if None in {disclosure.safe_figure(totals[name], k) for name in parts}:
            # One of the two is the other's difference to the total, so they go together.
            totals.update(dict.fromkeys(parts))
        for name in totals.keys() & {"completions", "certificates"}:
            totals[name] = disclosure.safe_figure(totals[name], k)

    def _persons(self):
        return {row.person for row in self.rows}

    def _participations(self):
        return len({(row.person, row.activity) for row in self.rows})

    def _activities(self):
        return len(self._held() | {row.activity for row in self.rows})

    def _held(self):
        """Activities whose dates lie in the window and that have begun."""
        today = timezone.localdate()
        return {
            ("event", event.pk)
            for event in self.events
            if self.window.holds(event.starts_on, event.ends_on)
            and (event.state == EventState.CLOSED or event.starts_on <= today)
        }

    def _of_window(self, prefix):
        """Events that touch the window and pass the filters, by the look-up `prefix`."""
        return self.filters.of_event(prefix) & Q(
            **{
                f"{prefix}state__in": [EventState.SCHEDULED, EventState.CLOSED],
                f"{prefix}starts_on__lte": self.window.end,
                f"{prefix}ends_on__gte": self.window.start,
            }
        )

    def _sessions(self, held):
        dated = Session.objects.filter(
            self._of_window("event__"),
            date__range=(self.window.start, self.window.end),
            starts_at__lte=timezone.now(),
        ).count()
        reported = sum(event.sessions_reported or 0 for event in self.events if ("event", event.pk) in held)
        return dated + reported

    def _related(self, through, column, held):
        """Keys that the activities in the window are related to."""
        events = held | {row.activity for row in self.rows}
        pairs = through.objects.filter(self._of_window("event__")).values_list("event_id", column).distinct()
        return {key for event, key in pairs if ("event", event) in events}

    def _completions(self):
        """Persons who completed something: whoever did so under two rows did so once."""
        window = (self.window.start, self.window.end)
        reported = presences.reported(self.filters).filter(completed_on__range=window)
        count = _different(reported, "registration__participant", "registration__event")
        start, end = presences.instants(self.window)
        enrolments = presences.completed(self.filters)
        if enrolments is not None:
            enrolments = enrolments.filter(completed_at__gte=start, completed_at__lt=end)
            count += _different(enrolments, "participant", "course")
        # One that was replaced stands beside the one that took its place: the same completion twice.
        awards = (
            self._awards()
            .awarded(CertificateState.PENDING, CertificateState.ISSUED)
            .filter(event__isnull=False, earned_at__gte=start, earned_at__lt=end)
        )
        return count + _different(awards, "participant", "event")

    def _certificates(self):
        """Achievements whose first paper was issued in the window and is not revoked; a new paper is no new one."""
        start, end = presences.instants(self.window)
        issued = (
            self._awards()
            .awarded(CertificateState.ISSUED, CertificateState.REPLACED)
            .filter(issued_at__isnull=False)
        )
        earlier = Certificate.objects.filter(
            participant=OuterRef("participant"),
            achievement_key=OuterRef("achievement_key"),
            period=OuterRef("period"),
            state=CertificateState.REPLACED,
            issued_at__lt=OuterRef("issued_at"),
        )
        return issued.filter(~Exists(earlier), issued_at__gte=start, issued_at__lt=end).count()

    def _awards(self):
        condition = Q(event__isnull=False) & self.filters.of_event("event__")
        course = self.filters.of_course("course__")
        if course is not None:
            condition |= Q(course__isnull=False) & course
        return Certificate.objects.filter(condition, participant__is_test=False)

    @cached_property
    def _counts(self):
        return list(
            Headcount.objects.filter(self._of_window("event__"))
            .select_related("event")
            .order_by("event__code", "pk")
        )

    def _headcounts(self):
        """The sum of persons, and the sums of other units, of the activities whose dates lie in the window."""
        sums = sum_headcounts(
            [count for count in self._counts if self.window.holds(count.event.starts_on, count.event.ends_on)]
        )
        persons = sums.pop(Unit.PERSONS.value, {"value": 0, "qualifier": Qualifier.EXACT.value})
        persons["value"] = disclosure.safe_figure(persons["value"], self.tier.k)
        return persons, [{"unit": unit, **figure} for unit, figure in sums.items()]

    def overlapping(self):
        """Headcounts whose own window only overlaps this one: each with its window, none added to anything."""
        return [
            {
                "activity": count.event.code,
                "value": disclosure.safe_figure(count.value, self.tier.k)
                if count.unit == Unit.PERSONS
                else count.value,
                "qualifier": count.qualifier,
                "unit": count.unit,
                "from": count.event.starts_on.isoformat(),
                "to": count.event.ends_on.isoformat(),
            }
            for count in self._counts
            if not self.window.holds(count.event.starts_on, count.event.ends_on)
        ]

    def missing_numbers(self):
        """Activities of the window that are over, with no counted participation and no headcount in persons."""
        return [event.code for event in self.missing_events()]

    def missing_events(self):
        today = timezone.localdate()
        counted = {row.activity for row in self.rows}
        counted |= {("event", count.event_id) for count in self._counts if count.unit == Unit.PERSONS}
        return [
            event
            for event in self.events
            if self.window.holds(event.starts_on, event.ends_on)
            and (event.state == EventState.CLOSED or event.ends_on < today)
            and ("event", event.pk) not in counted
        ]

    def _follow_ups(self):
        kinds = Counter()
        for kind, value in FollowUp.objects.filter(
            self.filters.of_event("cohort__"), held_from__gte=self.window.start, held_to__lte=self.window.end
        ).values_list("kind", "value"):
            kinds[kind] += value
        return [{"kind": kind, "value": value} for kind, value in sorted(kinds.items())]

    def _distributions(self):
        if self.filters.topic or self.filters.project or self.filters.activity_type:
            # A thing given out belongs to none of these.
            return []
        rows = Distribution.objects.filter(held_from__gte=self.window.start, held_to__lte=self.window.end)
        if self.filters.country:
            rows = rows.filter(country=self.filters.country)
        sums = defaultdict(list)
        for row in rows:
            sums[row.item, row.unit].append(row)
        return [
            {
                "item": item,
                "unit": unit,
                "value": sum(row.value for row in group),
                "qualifier": str(Qualifier.combined(row.qualifier for row in group)),
            }
            for (item, unit), group in sorted(sums.items())
        ]


def _different(rows, participant, activity):
    return rows.order_by().values_list(person_of(participant), activity).distinct().count()


def _events(window, filters):
    """Every event that touches the window, with the columns that counting and telling need."""
    return list(
        Event.objects.filter(
            filters.of_event(),
            state__in=[EventState.SCHEDULED, EventState.CLOSED],
            starts_on__lte=window.end,
            ends_on__gte=window.start,
        ).order_by("code")
    )


def persons_in_each(windows, filters):
    """Different persons in each of several windows, for those who may see exact figures, from three statements.

    Whoever came in two of them stands in both: these are not to be added.
    """
    span = Window(min(window.start for window in windows), max(window.end for window in windows))
    found = [set() for _window in windows]
    for person, day in presences.persons(span, filters):
        for window, persons in zip(windows, found, strict=True):
            if window.holds(day, day):
                persons.add(person)
    return [len(persons) for persons in found]


def people_trained(window, filters, *, by=(), tier=Tier.INTERNAL):
    """The report that page, command and files render."""
    return People(window, filters, tier).report(by)
