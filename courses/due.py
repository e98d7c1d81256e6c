"""Until when a course is to be completed, as a date and in words."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# From here on the words are a warning.
SOON_DAYS = 7


def date_for(course, *, begun_on, group_date=None):
    """The earlier of the course's own time, counted from the day it was begun, and the group's date; None without both."""
    dates = [group_date] if group_date else []
    if course.days_to_complete:
        dates.append(begun_on + dt.timedelta(days=course.days_to_complete))
    return min(dates, default=None)


@dataclass(frozen=True)
class Due:
    """For `oberih/ui/_tag.html`: the words, and their kind."""

    text: str
    kind: str
    date: str


def said(enrolment, *, today=None):
    """When an enrolment is due, in words; None where it is not, or no more."""
    if enrolment is None or enrolment.due_on is None or enrolment.completed_at:
        return None
    today = today or timezone.localdate()
    days = (enrolment.due_on - today).days
    date = date_format(enrolment.due_on)
    if days < 0:
        return Due(_("Overdue since %(date)s") % {"date": date}, "error", date)
    if days == 0:
        return Due(_("Due today"), "attention", date)
    words = ngettext("Due in %(count)d day", "Due in %(count)d days", days) % {"count": days}
    return Due(words, "attention" if days <= SOON_DAYS else "info", date)
