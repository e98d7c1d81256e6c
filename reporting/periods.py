"""Windows that managers ask for by name."""

import calendar
import datetime as dt

from babel.dates import format_interval
from django.utils import translation

from events.models import Event, EventState
from reporting.scope import Window


def quarter_of(day):
    first = 3 * ((day.month - 1) // 3) + 1
    last = first + 2
    return Window(dt.date(day.year, first, 1), dt.date(day.year, last, calendar.monthrange(day.year, last)[1]))


def quarter_before(window, count):
    """The quarter that lies `count` quarters before this one."""
    months = window.start.year * 12 + window.start.month - 1 - 3 * count
    return quarter_of(dt.date(months // 12, months % 12 + 1, 1))


def label(window, *, brief=False):
    """The window in words, as the reader's language writes an interval: whole months without their days."""
    language = translation.get_language() or "en"
    # English as it is written where this product is used: the day first.
    locale = "en_GB" if language == "en" else language.replace("-", "_")
    is_whole = window.start.day == 1 and (window.end + dt.timedelta(days=1)).day == 1
    if is_whole:
        words = format_interval(window.start, window.end, "yMMM" if brief else "yMMMM", locale=locale)
    else:
        words = format_interval(window.start, window.end, "yMMMd", locale=locale)
    # The fonts have no thin space.
    words = words.replace("\u2009", " ")
    return words[:1].upper() + words[1:]


def quarters_with_activities(today, most=6):
    """The newest quarters in which something ended, the newest first; this quarter always."""
    ends = Event.objects.filter(
        state__in=[EventState.SCHEDULED, EventState.CLOSED], ends_on__lte=today
    ).values_list("ends_on", flat=True)
    found = {quarter_of(day) for day in ends.distinct()} | {quarter_of(today)}
    return sorted(found, key=lambda window: window.start, reverse=True)[:most]
