"""Windows that managers ask for by name."""

import calendar
import datetime as dt

from django.utils import formats

from events.models import Event, EventState
from reporting.scope import Window


def quarter_of(day):
    first = 3 * ((day.month - 1) // 3) + 1
    last = first + 2
    return Window(dt.date(day.year, first, 1), dt.date(day.year, last, calendar.monthrange(day.year, last)[1]))


def label(window):
    """The window in words: whole months without their days."""
    whole = window.start.day == 1 and (window.end + dt.timedelta(days=1)).day == 1
    if not whole:
        return f"{formats.date_format(window.start)} – {formats.date_format(window.end)}"
    last = formats.date_format(window.end, "F Y")
    if (window.start.year, window.start.month) == (window.end.year, window.end.month):
        return last
    if window.start.year == window.end.year:
        return f"{formats.date_format(window.start, 'F')} – {last}"
    return f"{formats.date_format(window.start, 'F Y')} – {last}"


def quarters_with_activities(today, most=6):
    """The newest quarters in which something ended, the newest first; this quarter always."""
    ends = Event.objects.filter(
        state__in=[EventState.SCHEDULED, EventState.CLOSED], ends_on__lte=today
    ).values_list("ends_on", flat=True)
    found = {quarter_of(day) for day in ends.distinct()} | {quarter_of(today)}
    return sorted(found, key=lambda window: window.start, reverse=True)[:most]
