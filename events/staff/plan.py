"""The form of an event with all its rows, as one thing that is shown, rearranged, judged and kept."""

import datetime as dt

from django.db import transaction
from django.forms import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from events import actions, plans, when
from events.models import RegistrationPolicy
from events.staff import row_forms, session_forms
from events.staff.forms import ScheduleForm
from events.staff.initial import initial_of
from participants.models import Organisation

# The kinds of rows, by their prefix; the first is the one that an event has at least one of.
ROWS = {
    "sessions": session_forms.SessionFormSet,
    "groups": row_forms.GroupFormSet,
    "organisations": row_forms.OrganisationFormSet,
    "questions": row_forms.QuestionFormSet,
}
_MOST_WEEKS = 52


class Plan:
    """What somebody plans. `event` is the one that is changed, `source` the one that a new event repeats.

    With `data` it is what they sent, otherwise the values of `initial` and `rows`.
    """

    def __init__(self, *, user, event=None, source=None, data=None, initial=None, rows=None):
        self.event, self.source = event, source or event
        self.given = {"user": user, "event": event, "source": source}
        self.form = ScheduleForm(data, initial=initial, **self.given)
        self.opened = ""
        self.sets = {}
        rows = rows or {}
        # Each needs something of those before it: sessions choose among the groups.
        self._add("groups", data, rows, {})
        self._add("questions", data, rows, {"second": self.form.second})
        self._add("organisations", data, rows, {"organisations": self._organisations(rows)})
        self.venues = self._venues()
        offered = [(pk, str(venue)) for pk, venue in self.venues.items()]
        self._add("sessions", data, rows, {"venues": offered, "groups": self._group_names()})

    def _add(self, name, data, rows, form_kwargs):
        self.sets[name] = ROWS[name](data, prefix=name, initial=rows.get(name), form_kwargs=form_kwargs)

    def _organisations(self, rows):
        """Those that are active, and those that the event has."""
        held = {row.get("organisation") for row in rows.get("organisations") or []}
        if self.source is not None:
            held |= {row["organisation"] for row in row_forms.organisations_of(self.source)}
        known = Organisation.objects.filter(is_active=True) | Organisation.objects.filter(
            pk__in=[key for key in held if str(key).isdecimal()]
        )
        return [(one.pk, str(one)) for one in known]

    def _venues(self):
        found = {venue.pk: venue for venue in self.form.fields["venue"].queryset}
        if self.source is not None:
            for session in self.source.sessions.select_related("venue").exclude(venue=None):
                found.setdefault(session.venue_id, session.venue)
        return found

    def _group_names(self):
        return [
            row["title"].value() or _("Group %(number)s") % {"number": number}
            for number, row in enumerate(self.sets["groups"], 1)
        ]

    # What the template shows.

    @property
    def sessions(self):
        return self.sets["sessions"]

    @property
    def groups(self):
        return self.sets["groups"]

    @property
    def organisations(self):
        return self.sets["organisations"]

    @property
    def questions(self):
        return self.sets["questions"]

    @property
    def presets(self):
        return [{"value": f"question-{name}", "label": one["label"]} for name, one in row_forms.PRESETS.items()]

    def parts(self):
        """Each form with the words that an error in it is introduced by."""
        yield "", self.form
        words = {
            "sessions": _("Session %(number)s"),
            "groups": _("Group %(number)s"),
            "organisations": _("Organisation %(number)s"),
            "questions": _("Question %(number)s"),
        }
        for name, introduction in words.items():
            for number, row in enumerate(self.sets[name], 1):
                yield introduction % {"number": number}, row

    def sides(self):
        """The parts of the page by name: their fields, whether they have to be open, and what is in them."""
        sides = {name.lower(): self._side(name) for name in ScheduleForm.PARTS}
        sides["new_venue"]["open"] |= any(field.value() for field in self.form.group("NEW_VENUE"))
        sides["country"]["note"] = _("%(country)s, %(zone)s") % {
            "country": self.form.in_words("country"),
            "zone": when.zone_city(self.form["zone"].value()) if self.form.in_words("zone") else "",
        }
        sides["who"]["note"] = self.form.in_words("policy")
        for name in ("groups", "organisations", "questions"):
            rows = self.sets[name]
            is_wrong = self.form.is_bound and not rows.is_valid()
            sides[name] = {"open": self.opened == name or is_wrong, "count": len(rows.forms)}
        return sides

    def _side(self, name):
        fields = self.form.group(name)
        return {"fields": fields, "open": any(field.errors for field in fields)}

    @property
    def next_session(self):
        """The number of the session that a button will add, as the page's ids have it."""
        return str(len(self.sessions.forms) + 1)

    @property
    def has_errors(self):
        return self.form.is_bound and not self.is_valid()

    # What is done with it.

    @property
    def is_whole(self):
        """Whether the rows arrived as they were sent out."""
        return all(rows.management_form.is_valid() for rows in self.sets.values())

    def is_valid(self):
        # All of them, so that every error is shown at once.
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self.sets.values())])

    def judge(self):
        """Say what does not fit together, when each part by itself is right. Returns whether all is right."""
        if not self.is_valid():
            return False
        for session in self.sessions:
            session.check_times(self.form.cleaned_data["zone"])
        chosen = {session.cleaned_data.get("group") for session in self.sessions}
        for place, group in enumerate(self.groups):
            if group.is_filled and place not in chosen:
                words = plans.lacks_session(group.cleaned_data["title"])
                group.add_error("title", ValidationError(words, code="session"))
            elif place in chosen and not group.is_filled:
                group.add_error("title", ValidationError(_("Name this group."), code="name"))
        only_organisations = self.form.cleaned_data["policy"] == RegistrationPolicy.ORGANISATION
        if only_organisations and not any(row.cleaned_data.get("seats") for row in self.organisations):
            self.form.add_error(
                "policy",
                ValidationError(
                    _("Set seats aside for an organisation; otherwise nobody can register."), code="nobody"
                ),
            )
        return self.is_valid()

    @transaction.atomic
    def keep(self, user):
        """Schedule the event, or change it."""
        form, zone = self.form, self.form.cleaned_data["zone"]
        fields = form.fields_of_the_event()
        fields["sessions"] = self._slots()
        fields["groups"] = self._rows("groups", "pk")
        fields["questions"] = self._rows("questions", "key")
        held = self.event.allocations.select_related("event") if self.event else []
        fields["allocations"] = list(row_forms.allocations(self.organisations, zone, held))
        fields["co_organisers"] = row_forms.co_organisers(self.organisations)
        programme = fields.pop("programme")
        if self.event is None:
            saved = actions.schedule(by=user, **fields)
        else:
            saved = actions.change(event=self.event, by=user, **fields)
        return actions.join_programme(event=saved, programme=programme, by=user)

    def _slots(self):
        found = session_forms.slots(self.sessions, self.event, self.source, self.venues, self.form.language)
        # Rows of groups that were left empty are none: the places that sessions name are those without them.
        filled = [place for place, row in enumerate(self.groups) if row.is_filled]
        return [slot if slot.group is None else slot._replace(group=filled.index(slot.group)) for slot in found]

    def _rows(self, name, key):
        held = {}
        if self.source is not None:
            held = {getattr(one, key): one for one in getattr(self.source, name).all()}
        return [
            row.plan(held.get(row.cleaned_data["key"]), self.form.language, is_same=self.event is not None)
            for row in self.sets[name]
            if row.is_filled
        ]

    def rearranged(self, do, weeks):
        """The Plan after a button of the rows: nothing that was typed is lost, and nothing is judged yet."""
        rows = {name: [session_forms.typed(row) for row in rows] for name, rows in self.sets.items()}
        opened = self._rearrange(do, rows, weeks)
        plan = Plan(**self.given, initial=session_forms.typed(self.form), rows=rows)
        plan.opened = opened
        return plan

    def _rearrange(self, do, rows, weeks):
        """Do to the rows what the button says. Returns the kind of rows that it concerns."""
        sessions = rows["sessions"]
        verb, _dash, rest = do.partition("-")
        if do == "add":
            rows["sessions"] = [*sessions, {"date": sessions[-1]["date"] if sessions else None}]
        elif do == "copy":
            rows["sessions"] = session_forms.next_day(sessions)
        elif do == "repeat":
            rows["sessions"] = session_forms.weekly(sessions, _number(weeks))
        elif verb == "add" and rest in ("groups", "organisations", "questions"):
            rows[rest].append({})
            return rest
        elif verb == "question" and rest in row_forms.PRESETS:
            rows["questions"].append(row_forms.preset(rest, self.form.language, self.form.second))
            return "questions"
        elif verb == "remove":
            return _remove(rest, rows)
        return "sessions"


def _number(weeks):
    """How often to repeat: what was typed, within reason. The trainer sees what came of it."""
    return min(int(weeks), _MOST_WEEKS) if weeks.isdecimal() and len(weeks) < 4 else 1


def _remove(what, rows):
    """Take out the row that is named by its place, and its kind where that is not sessions."""
    name, _dash, place = what.rpartition("-")
    name = name or "sessions"
    if name not in rows or not place.isdecimal() or int(place) >= len(rows[name]):
        return "sessions"
    place = int(place)
    if name == "sessions" and len(rows[name]) == 1:
        return name
    del rows[name][place]
    if name == "groups":
        for session in rows["sessions"]:
            session["group"] = _place_after(session.get("group"), place)
    return name


def _place_after(chosen, removed):
    """The place of a group when another was taken out before it."""
    if not (chosen or "").isdecimal() or int(chosen) == removed:
        return None
    return int(chosen) - (int(chosen) > removed)


def rows_of(event):
    """The rows of an event."""
    second = initial_of(event)["second_language"]
    return {
        "sessions": session_forms.sessions_of(event),
        "groups": row_forms.groups_of(event),
        "organisations": row_forms.organisations_of(event),
        "questions": row_forms.questions_of(event, second),
    }


def again(event, now=None):
    """The values and the rows of an event like this one, as many whole weeks later as it takes to lie in the future."""
    today = timezone.localdate(now or timezone.now(), event.tz)
    weeks = max(1, (today - event.starts_on).days // 7 + 1)
    later = dt.timedelta(weeks=weeks)
    initial, rows = initial_of(event), rows_of(event)
    for name in ("opens_on", "closes_on"):
        initial[name] = _coming(initial[name], later, today)
    for row in rows["sessions"]:
        row["date"] += later
    for row in rows["organisations"]:
        row["held_until"] = _coming(row.get("held_until"), later, today)
    return initial, {**rows, "sessions": rows["sessions"] or [{"date": event.starts_on + later}]}


def _coming(day, later, today):
    """A day that much later, if it is still to come."""
    return day + later if day and day + later >= today else None
