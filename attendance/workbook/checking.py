"""From rows of text to a plan: everything that would be written, checked against the lists and against each other."""

from dataclasses import dataclass, field

from django.db.models import F
from django.utils.translation import gettext as _

from attendance.models import Headcount
from events.models import Event, OrganisationRole
from participants.cells import Cells
from participants.codes import (
    ActivityType,
    AgeBand,
    DeliveryMode,
    Disability,
    Displacement,
    HeadcountMethod,
    Qualifier,
    Sex,
    Unit,
)
from participants.models import Area, Category, Topic


@dataclass
class Plan:
    """What a workbook says. Codes of the closed lists are keys already; activities are named by their code."""

    activities: dict = field(default_factory=dict)
    participations: list = field(default_factory=list)
    headcounts: list = field(default_factory=list)
    organisations: list = field(default_factory=list)
    follow_ups: list = field(default_factory=list)
    distributions: list = field(default_factory=list)


class Checker:
    def __init__(self, sheets):
        self.sheets = sheets
        self.errors = list(sheets.errors)
        self.areas = dict(Area.objects.values_list("code", "pk"))
        self.topics = dict(Topic.objects.values_list("code", "pk"))
        self.categories = dict(Category.objects.values_list("code", "pk"))
        self.held = {
            event.code: event
            for event in Event.objects.only("code", "is_imported", "kind", "starts_on", "ends_on")
        }
        self.plan = Plan()
        self.seen = set()

    def check(self):
        """The plan; `errors` is filled with all that is wrong."""
        for row in self.sheets.rows["activities"]:
            self._activity(Cells(row, self.errors))
        # Rows about an activity whose own line is wrong are still checked against its code.
        self.codes = {code: code for code in [*self.held, *self.plan.activities]}
        for row in self.sheets.rows["participations"]:
            self._participation(Cells(row, self.errors))
        for row in self.sheets.rows["headcounts"]:
            self._headcount(Cells(row, self.errors))
        self._check_part_of()
        for row in self.sheets.rows["organisations"]:
            self._organisation(Cells(row, self.errors))
        for row in self.sheets.rows["follow_ups"]:
            self._follow_up(Cells(row, self.errors))
        for row in self.sheets.rows["distributions"]:
            self._distribution(Cells(row, self.errors))
        return self.plan

    def _activity(self, cells):
        code = cells.text("code", needed=True, longest=100)
        starts_on = cells.date("starts_on", needed=True)
        ends_on = cells.date("ends_on") or starts_on
        activity = {
            "title": cells.text("title", longest=1000) or code,
            "kind": cells.choice("activity_type", ActivityType, needed=True),
            "mode": cells.choice("delivery_mode", DeliveryMode),
            "country": cells.country("country"),
            "areas": cells.codes("areas", self.areas),
            "venues": cells.items("venues"),
            "starts_on": starts_on,
            "ends_on": ends_on,
            "topics": cells.codes("topics", self.topics),
            "languages": cells.languages("languages"),
            "sessions_reported": cells.number("sessions"),
            "co_organisers": cells.items("co_organisers"),
            "not_counted_reason": cells.text("not_counted_reason"),
            "project": cells.text("project", longest=100),
        }
        if starts_on and ends_on and ends_on < starts_on:
            cells.fail("ends_on", _("This is before the first day, %(first)s.") % {"first": starts_on})
        if code in self.plan.activities:
            cells.fail("code", _("This activity stands in the sheet twice."))
            return
        if code in self.held and not self.held[code].is_imported:
            cells.fail("code", _("An event of this code is kept on this site; choose another code."))
        if code:
            self.plan.activities[code] = activity

    def _activity_of(self, cells, column):
        code = cells.text(column, needed=True)
        if not code:
            return None
        if code not in self.codes:
            cells.code(column, self.codes, what=_("There is no such activity in the sheet “activities”."))
            return None
        if code in self.held and code not in self.plan.activities and not self.held[code].is_imported:
            cells.fail(column, _("This event is kept on this site; an import does not change it."))
            return None
        return code

    def _dates_of(self, code):
        if activity := self.plan.activities.get(code):
            return activity["starts_on"], activity["ends_on"]
        held = self.held[code]
        return held.starts_on, held.ends_on

    def _participation(self, cells):
        activity = self._activity_of(cells, "activity")
        person = cells.text("person", needed=True, longest=200)
        birth_year = cells.number("birth_year", smallest=1900, largest=2100)
        entry = {
            "activity": activity,
            "person": person,
            "full_name": cells.text("full_name", longest=200),
            "email": cells.email("email"),
            "phone": cells.phone("phone"),
            "birth_year": birth_year,
            "sex": cells.choice("sex", Sex, default=Sex.UNKNOWN.value),
            "category_id": cells.code("category", self.categories),
            "organisation": cells.text("organisation", longest=100),
            "origin_area_id": cells.code("origin_area", self.areas),
            "displacement": cells.choice("displacement", Displacement, default=Displacement.UNKNOWN.value),
            "disability": cells.choice("disability", Disability, default=Disability.UNKNOWN.value),
            "language": cells.language("language"),
            "age_band": cells.choice("age_band", AgeBand),
            "first_present_on": cells.date("first_present_on"),
            "sessions_present": cells.number("sessions_present"),
            "minutes": cells.number("minutes"),
            "completed_on": cells.date("completed_on"),
        }
        if activity is None:
            return
        starts_on, ends_on = self._dates_of(activity)
        if not entry["age_band"]:
            entry["age_band"] = (AgeBand.at(birth_year, starts_on) if starts_on else AgeBand.AUNK).value
        present = entry["first_present_on"]
        if present and starts_on and ends_on and not starts_on <= present <= ends_on:
            cells.fail(
                "first_present_on",
                _("This day lies outside the activity, %(first)s to %(last)s.")
                % {"first": starts_on, "last": ends_on},
            )
        key = (activity, person)
        if person and self._is_seen("participation", *key):
            cells.fail("person", _("This person stands in the sheet twice for this activity."))
        self.plan.participations.append(entry)

    def _is_seen(self, *key):
        """Whether this key stood in the sheet before."""
        seen = key in self.seen
        self.seen.add(key)
        return seen

    def _headcount(self, cells):
        entry = {
            "activity": self._activity_of(cells, "activity"),
            "value": cells.number("value", needed=True),
            "category_id": cells.code("category", self.categories),
            "sex": cells.choice("sex", Sex),
            "age_band": cells.choice("age_band", AgeBand),
            "qualifier": cells.choice("qualifier", Qualifier, default=Qualifier.EXACT.value),
            "method": cells.choice("method", HeadcountMethod, default=HeadcountMethod.NOT_STATED.value),
            "unit": cells.choice("unit", Unit, default=Unit.PERSONS.value),
            "part_of": cells.code(
                "part_of", self.codes, what=_("There is no such activity in the sheet “activities”.")
            ),
            "note": cells.text("note"),
        }
        self.plan.headcounts.append({**entry, "cells": cells})

    def _check_part_of(self):
        """Two activities that are part of one another would make both disappear from every sum."""
        # Those of earlier imports stand, but for activities whose headcounts this workbook says anew.
        said = {entry["activity"] for entry in self.plan.headcounts}
        holder = {
            code: held
            for code, held in Headcount.objects.filter(part_of__isnull=False)
            .exclude(part_of=F("event"))
            .values_list("event__code", "part_of__code")
            if code not in said
        }
        holder |= {
            entry["activity"]: entry["part_of"]
            for entry in self.plan.headcounts
            if entry["part_of"] and entry["part_of"] != entry["activity"]
        }
        for entry in self.plan.headcounts:
            cells = entry.pop("cells")
            seen, at = set(), entry["activity"]
            while at in holder and at not in seen:
                seen.add(at)
                at = holder[at]
            if entry["part_of"] and at in seen:
                cells.fail("part_of", _("These activities are said to be part of one another."))

    def _organisation(self, cells):
        entry = {
            "activity": self._activity_of(cells, "activity"),
            "organisation": cells.text("organisation", needed=True, longest=100),
            "role": cells.choice("role", OrganisationRole, default=OrganisationRole.PARTICIPANT.value),
            "base_area_id": cells.code("base_area", self.areas),
            "persons_sent": cells.number("persons_sent"),
        }
        if cells.ok and self._is_seen("organisation", entry["activity"], entry["organisation"], entry["role"]):
            cells.fail(
                "organisation", _("This organisation stands in the sheet twice for this activity and role.")
            )
        self.plan.organisations.append(entry)

    def _span(self, cells, first, last):
        held_from = cells.date(first, needed=True)
        held_to = cells.date(last) or held_from
        if held_from and held_to and held_to < held_from:
            cells.fail(last, _("This is before the first day, %(first)s.") % {"first": held_from})
        return held_from, held_to

    def _follow_up(self, cells):
        held_from, held_to = self._span(cells, "held_from", "held_to")
        entry = {
            "cohort": self._activity_of(cells, "cohort"),
            "held_from": held_from,
            "held_to": held_to,
            "kind": cells.text("kind", needed=True, longest=50),
            "value": cells.number("value", needed=True),
            "note": cells.text("note"),
        }
        key = [entry[name] for name in ("cohort", "held_from", "held_to", "kind", "note")]
        if cells.ok and self._is_seen("follow_up", *key):
            cells.fail("kind", _("These actions stand in the sheet twice; tell them apart in the note."))
        self.plan.follow_ups.append(entry)

    def _distribution(self, cells):
        held_from, held_to = self._span(cells, "from", "to")
        entry = {
            "item": cells.text("item", needed=True, longest=300),
            "country": cells.country("country"),
            "area_id": cells.code("area", self.areas),
            "value": cells.number("value", needed=True),
            "qualifier": cells.choice("qualifier", Qualifier, default=Qualifier.EXACT.value),
            "unit": cells.choice("unit", Unit, default=Unit.COPIES.value),
            "held_from": held_from,
            "held_to": held_to,
            "note": cells.text("note"),
        }
        key = [entry[name] for name in ("item", "country", "area_id", "unit", "held_from", "held_to")]
        if cells.ok and self._is_seen("distribution", *key):
            cells.fail("item", _("This item stands in the sheet twice for this place and these days."))
        self.plan.distributions.append(entry)
