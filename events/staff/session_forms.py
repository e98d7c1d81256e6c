"""The rows of sessions in the form of an event."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from events.exceptions import ScheduleError
from events.schedule import Slot
from events.staff import texts
from ui.widgets import DateInput, TimeInput


class SessionForm(forms.Form):
    session = forms.IntegerField(required=False, widget=forms.HiddenInput)
    date = forms.DateField(label=_("Date"), input_formats=["%Y-%m-%d"], widget=DateInput())
    start = forms.TimeField(label=_("Starts"), input_formats=["%H:%M", "%H:%M:%S"], widget=TimeInput())
    end = forms.TimeField(label=_("Ends"), input_formats=["%H:%M", "%H:%M:%S"], widget=TimeInput())
    title = forms.CharField(label=_("Title"), max_length=300, required=False)

    def clean(self):
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end <= start:
            self.add_error("end", forms.ValidationError(_("The session ends before it starts."), code="order"))

    def titles(self, held, language):
        """The session's title, with the languages it has besides."""
        titles = dict(texts.by_language(held, language)) if held is not None else {}
        titles[language] = self.cleaned_data["title"]
        return LazyI18nString({code: title for code, title in titles.items() if title})


SessionFormSet = forms.formset_factory(
    SessionForm, extra=0, min_num=1, max_num=100, validate_min=True, absolute_max=200
)


def sessions_of(event):
    language = texts.main_language(event)
    return [
        {
            "session": session.pk,
            "date": session.date,
            "start": session.start_time,
            "end": session.end_time,
            "title": texts.by_language(session.title, language).get(language, ""),
        }
        for session in event.sessions.all()
    ]


def slots(formset, event, language):
    held = {session.pk: session for session in event.sessions.select_related("venue")} if event is not None else {}
    found = []
    for form in formset:
        said = form.cleaned_data
        session = held.get(said["session"])
        if said["session"] is not None and session is None:
            raise ScheduleError(str(_("One of the sessions was removed in the meantime. Open the event again.")))
        found.append(
            Slot(
                said["date"],
                said["start"],
                said["end"],
                form.titles(session.title if session else None, language),
                session.venue if session else None,
                said["session"],
            )
        )
    return found


def typed(form):
    """What was typed into a bound form, as the initial values of one that is not: shown again and not judged yet."""
    return {name: form[name].data for name in form.fields}


def typed_sessions(formset):
    return [typed(form) for form in formset.forms]


def next_day(rows):
    """The rows with those of the last day once more, a day later."""
    dated = [(_parsed(row["date"]), row) for row in rows]
    days = [day for day, _row in dated if day is not None]
    if not days:
        return rows
    last = max(days)
    copies = [{**row, "session": None, "date": last + dt.timedelta(days=1)} for day, row in dated if day == last]
    return [*rows, *copies]


def _parsed(value):
    try:
        return dt.date.fromisoformat(value or "")
    except ValueError:
        return None
