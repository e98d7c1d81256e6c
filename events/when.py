"""Days, hours, zones and places of an event in the reader's words."""

import datetime as dt

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, get_timezone_location
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from participants.codes import DeliveryMode
from participants.places import language_name


def day(date):
    return date_format(date, "j E Y")


def short_day(date):
    """For text messages, which count letters and are about what is near."""
    return date_format(date, "j E")


def short_moment(instant, tz):
    local = instant.astimezone(tz)
    return _("%(day)s, %(time)s") % {"day": short_day(local.date()), "time": f"{local:%H:%M}"}


def days(event):
    """The first and the last day as one expression: "24 November 2026", "24 to 25 November 2026"."""
    return span(event.starts_on, event.ends_on)


def span(first, last):
    """The same of any two days."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return _("%(first)s to %(last)s") % {"first": date_format(first, "j"), "last": day(last)}
    start = date_format(first, "j E") if first.year == last.year else day(first)
    return _("%(first)s to %(last)s") % {"first": start, "last": day(last)}


def months(first, last):
    """The months of two days as one expression: "August 2026", "August to September 2026"."""
    # Django's names of months are capitals where they stand alone, which within a sentence is wrong in Ukrainian.
    end = format_date(last, "LLLL y", locale=_locale())
    if (first.year, first.month) == (last.year, last.month):
        return end
    start = format_date(first, "LLLL" if first.year == last.year else "LLLL y", locale=_locale())
    return _("%(first)s to %(last)s") % {"first": start, "last": end}


def begins(event):
    """The days and, for an event of one day, the hour; the zone where it is not the site's. Needs `with_times`."""
    words = days(event)
    if event.starts_on == event.ends_on and event.first_start is not None:
        words = _("%(day)s, %(time)s") % {"day": words, "time": f"{event.first_start.astimezone(event.tz):%H:%M}"}
    away = elsewhere(event)
    return _("%(time)s, %(zone)s") % {"time": words, "zone": away} if away else words


def elsewhere(event):
    """The zone in words where the event's is not the one this site lives in, otherwise ""."""
    return "" if event.zone == settings.TIME_ZONE else zone(event)


def hours(session):
    return f"{session.start_time:%H:%M}–{session.end_time:%H:%M}"


def session_line(session):
    """One session in one line of a message."""
    return slot_line(session.date, hours(session))


def slot_line(date, hours):
    return _("%(weekday)s, %(hours)s") % {
        "weekday": _(", ").join([date_format(date, "l"), date_format(date, "j E Y")]),
        "hours": hours,
    }


def moment(instant, tz):
    """A date and a time on the wall of the event's zone, as they stand within a sentence."""
    local = instant.astimezone(tz)
    return _("%(day)s, %(time)s") % {"day": _weekday_and_day(local.date()), "time": f"{local:%H:%M}"}


def _weekday_and_day(date):
    # As with months: Django's names of weekdays are those that stand alone.
    return _(", ").join([format_date(date, "EEEE", locale=_locale()), day(date)])


def _last_day(instant, tz):
    """The day and the time on the wall until which something lasts; no time for one that lasts to the day's end."""
    local = instant.astimezone(tz)
    if local.time() == dt.time():
        return local.date() - dt.timedelta(days=1), ""
    return local.date(), f"{local:%H:%M}"


def until(instant, tz):
    """Until when something lasts. Midnight belongs to the day before it: nobody reads "Friday, 00:00" rightly."""
    last, time = _last_day(instant, tz)
    if time:
        return moment(instant, tz)
    return _("%(day)s, end of the day") % {"day": _weekday_and_day(last)}


def closing(instant, tz, now):
    """How near the end of registration is, as a sentence; "" while it is further off than tomorrow."""
    last, time = _last_day(instant, tz)
    left = (last - now.astimezone(tz).date()).days
    if left not in {0, 1}:
        return ""
    if time:
        words = (
            _("Registration until today, %(time)s") if left == 0 else _("Registration until tomorrow, %(time)s")
        )
        return words % {"time": time}
    return _("Registration until the end of today") if left == 0 else _("Registration until the end of tomorrow")


def zone(event):
    """The zone's city and its difference from UTC when the event begins. It is always said: people travel and move."""
    city = zone_city(event.zone)
    offset = dt.datetime.combine(event.starts_on, dt.time(12), tzinfo=event.tz).utcoffset()
    minutes = int(offset.total_seconds()) // 60
    sign = "+" if minutes >= 0 else "−"
    shown = f"UTC{sign}{abs(minutes) // 60}" + (f":{abs(minutes) % 60:02}" if minutes % 60 else "")
    return _("%(city)s time (%(offset)s)") % {"city": city, "offset": shown}


def _locale():
    return Locale.parse((translation.get_language() or "en").replace("-", "_"))


def zone_city(zone):
    """The city a zone is named after, in the reader's language."""
    locale = _locale()
    # Names are kept under the spelling a zone had first: Kyiv's stand under Europe/Kiev.
    former = [old for old, new in get_global("zone_aliases").items() if new == zone]
    for name in (zone, *former):
        if city := locale.time_zones.get(name, {}).get("city"):
            return city
    return get_timezone_location(zone, locale=locale, return_city=True)


def place(event):
    """Where it is, in a few words; reads prefetched venues and areas."""
    if event.mode == DeliveryMode.ONLINE:
        return _("Online")
    places = list(dict.fromkeys(str(venue.name) for venue in event.venues.all()))
    areas = [str(area.label) for area in event.areas.all()]
    words = _(", ").join([*places, *(area for area in areas if area not in places)])
    if event.mode == DeliveryMode.MIXED:
        return _("%(place)s and online") % {"place": words} if words else _("On site and online")
    return words


def spoken(event):
    """The languages in which it is held."""
    return _(", ").join(language_name(code) for code in event.languages)
