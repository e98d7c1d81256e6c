"""The rows of sessions in the form of an event, and the buttons that make more of them."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from events.exceptions import NonexistentTimeError, ScheduleError
from events.schedule import Slot
from events.staff import texts
from events.wall_time import instant
from ui.fields import DayField
from ui.widgets import TimeInput

_MOST = 100


class SessionForm(forms.Form):
    session = forms.IntegerField(required=False, widget=forms.HiddenInput)
    date = DayField(label=_("Date"))
    start = forms.TimeField(label=_("Starts"), input_formats=["%H:%M", "%H:%M:%S"], widget=TimeInput())
    end = forms.TimeField(label=_("Ends"), input_formats=["%H:%M", "%H:%M:%S"], widget=TimeInput())
    # The place of the group's row from 0: the group may be as new as the session.
    group = forms.TypedChoiceField(label=_("Group"), coerce=int, empty_value=None, required=False)
    title = forms.CharField(label=_("Title"), max_length=300, required=False)
    venue = forms.TypedChoiceField(label=_("Venue of its own"), coerce=int, empty_value=None, required=False)
    capacity = forms.IntegerField(
        label=_("Seats of its own"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Where this room holds fewer than the event has seats."),
    )

    TIMES = ("date", "start", "end")
    MORE = ("title", "venue", "capacity")

    def __init__(self, *args, venues=(), groups=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["venue"].choices = [("", _("That of the event")), *venues]
        if groups:
            self.fields["group"].choices = [("", _("Everybody")), *enumerate(groups)]
        else:
            del self.fields["group"]

    def clean(self):
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end <= start:
            self.add_error("end", forms.ValidationError(_("The session ends before it starts."), code="order"))

    def check_times(self, zone):
        """Say beside a time that clocks in this zone do not show it on that day."""
        date = self.cleaned_data.get("date")
        for name in ("start", "end"):
            time = self.cleaned_data.get(name)
            if not (date and time):
                continue
            try:
                instant(date, time, zone)
            except NonexistentTimeError as error:
                self.add_error(name, forms.ValidationError(str(error), code="clocks"))

    def times(self):
        return [self[name] for name in self.TIMES]

    def more(self):
        return [self[name] for name in self.MORE]

    @property
    def more_is_open(self):
        return any(self[name].value() or self[name].errors for name in self.MORE)

    def slot(self, held, venues, language, *, is_same):
        """The session as it is planned. `held` is the one it began with, which it changes if it `is_same`."""
        said = self.cleaned_data
        titles = dict(texts.by_language(held.title, language)) if held is not None else {}
        titles[language] = said["title"]
        return Slot(
            said["date"],
            said["start"],
            said["end"],
            LazyI18nString({code: title for code, title in titles.items() if title}),
            venues.get(said["venue"]),
            held.pk if held is not None and is_same else None,
            said["capacity"],
            said.get("group"),
        )


SessionFormSet = forms.formset_factory(
    SessionForm, extra=0, min_num=1, max_num=_MOST, validate_min=True, absolute_max=2 * _MOST
)


def sessions_of(event):
    language = texts.main_language(event)
    places = {group.pk: place for place, group in enumerate(event.groups.all())}
    return [
        {
            "session": session.pk,
            "date": session.date,
            "start": session.start_time,
            "end": session.end_time,
            "group": places.get(session.group_id),
            "title": texts.by_language(session.title, language).get(language, ""),
            "venue": session.venue_id,
            "capacity": session.capacity,
        }
        for session in event.sessions.all()
    ]


def slots(formset, event, source, venues, language):
    """The sessions as they are planned for `event`, or for a new one that repeats `source`."""
    held = {session.pk: session for session in source.sessions.all()} if source is not None else {}
    found = []
    for form in formset:
        key = form.cleaned_data["session"]
        if key is not None and event is not None and key not in held:
            raise ScheduleError(str(_("One of the sessions was removed in the meantime. Open the event again.")))
        found.append(form.slot(held.get(key), venues, language, is_same=event is not None))
    return found


def typed(form):
    """What was typed into a bound form, as the initial values of one that is not: shown again and not judged yet."""
    return {name: form[name].data for name in form.fields}


def next_day(rows):
    """The rows with those of the last day once more, a day later."""
    dated = _dated(rows)
    if not dated:
        return rows
    last = max(day for day, _row in dated)
    return [*rows, *(_moved(row, day, days=1) for day, row in dated if day == last)]


def weekly(rows, weeks):
    """The rows with those of the last seven days once more for each of so many weeks, as far as an event has room."""
    dated = _dated(rows)
    if not dated:
        return rows
    last = max(day for day, _row in dated)
    week = [(day, row) for day, row in dated if day > last - dt.timedelta(days=7)]
    weeks = min(weeks, (_MOST - len(rows)) // len(week))
    return [*rows, *(_moved(row, day, days=7 * number) for number in range(1, weeks + 1) for day, row in week)]


def _moved(row, day, *, days):
    # Of what people agreed on only the date: the time on the wall stays, whatever the clocks do in between.
    return {**row, "session": None, "date": day + dt.timedelta(days=days)}


def _dated(rows):
    return [(day, row) for row in rows if (day := _parsed(row["date"])) is not None]


def _parsed(value):
    try:
        return dt.date.fromisoformat(value or "")
    except ValueError:
        return None
