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
