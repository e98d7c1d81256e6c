"""What a session's marks come to for one person: a pure function, whatever order they arrive in."""

import datetime as dt
from typing import NamedTuple

from attendance.models import MarkSource, MarkStatus

# Who knows better: somebody who looked, then a ticket, then the person, then a list from elsewhere, then nobody.
_SOURCES = [MarkSource.AUTO, MarkSource.IMPORT, MarkSource.SELF, MarkSource.SCAN, MarkSource.TRAINER]
_PRESENCE = [MarkStatus.ABSENT, MarkStatus.EXCUSED, MarkStatus.LATE, MarkStatus.PRESENT]


class Effective(NamedTuple):
    status: str
    minutes: int | None
    """Minutes attended as far as the mark names them; None is the whole session for whoever attended."""

    def minutes_of(self, session_minutes):
        """The minutes that count of a session as long as `session_minutes`."""
        if self.status not in MarkStatus.attended():
            return 0
        return session_minutes if self.minutes is None else min(self.minutes, session_minutes)


def effective(marks):
    """The effective mark of one person in one session, or None if nothing counts.

    Annulled marks drop out. Of the rest the better source wins, within a source the later time as the server's clock
    would have shown it, then the higher presence, then the key: a total order, so that no order of arrival matters.
    """
    marks = list(marks)
    annulled = {mark.annuls_id for mark in marks if mark.annuls_id is not None}
    counting = [mark for mark in marks if mark.annuls_id is None and mark.pk not in annulled]
    if not counting:
        return None
    best = max(counting, key=_weight)
    return Effective(best.status, best.minutes)


def _weight(mark):
    corrected = mark.device_time + dt.timedelta(seconds=mark.clock_offset)
    return _SOURCES.index(mark.source), corrected, _PRESENCE.index(mark.status), mark.uuid.int
