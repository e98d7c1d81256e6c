"""From what people agreed on (a date, a time on the wall, a zone) to the instant it names."""

import datetime as dt
import zoneinfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.exceptions import NonexistentTimeError, ScheduleError


def instant(date, time, zone):
    """The instant in UTC at which clocks in `zone` show `time` on `date`.

    A time that clocks show twice on that day is the earlier of the two. One that they skip is refused: whichever
    instant we took, somebody would come an hour wrong.
    """
    wall = dt.datetime.combine(date, time)
    tz = zoneinfo.ZoneInfo(zone)
    found = wall.replace(tzinfo=tz, fold=0).astimezone(dt.UTC)
    if found.astimezone(tz).replace(tzinfo=None) != wall:
        raise NonexistentTimeError(
            _(
                "There is no %(time)s on %(date)s in %(zone)s: the clocks are put forward over it. "
                "Choose another time."
            )
            % {"time": f"{time:%H:%M}", "date": date_format(date, "j E Y"), "zone": zone}
        )
    return found


def span(date, start, end, zone):
    """The instants between which a session is held."""
    if end <= start:
        raise ScheduleError(
            _("The session on %(date)s ends at %(end)s, before it starts at %(start)s.")
            % {"date": date_format(date, "j E Y"), "end": f"{end:%H:%M}", "start": f"{start:%H:%M}"}
        )
    return instant(date, start, zone), instant(date, end, zone)


def start_of(day, zone):
    """The instant at which a day begins; None for no day."""
    return instant(day, dt.time(), zone) if day else None


def end_of(day, zone):
    """The instant until which something lasts whose last day this is; None for no day."""
    return start_of(day + dt.timedelta(days=1), zone) if day else None


def first_day(start, tz):
    """The day that `start_of` makes this instant of."""
    return start.astimezone(tz).date() if start else None


def last_day(end, tz):
    """The day that `end_of` makes this instant of."""
    return (end - dt.timedelta(seconds=1)).astimezone(tz).date() if end else None
