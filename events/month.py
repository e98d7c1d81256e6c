"""The calendar of one month: which days it shows, and which events stand on them."""

import calendar
import dataclasses
import datetime as dt
from collections import defaultdict

from django.db.models import Max, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _

from events import listing, when
from events.models import EventState

# Months before and after this one that have a page. Nobody plans further, and a robot comes to an end.
REACH = 24


@dataclasses.dataclass(frozen=True, order=True)
class Month:
    year: int
    month: int

    @classmethod
    def of(cls, date):
        return cls(date.year, date.month)

    @property
    def first(self):
        return dt.date(self.year, self.month, 1)

    @property
    def last(self):
        return self.first.replace(day=calendar.monthrange(self.year, self.month)[1])

    @property
    def label(self):
        return date_format(self.first, "YEAR_MONTH_FORMAT")

    @property
    def name(self):
        return date_format(self.first, "F")

    @property
    def url(self):
        return reverse("oberih_events:month", kwargs={"year": self.year, "month": self.month})

    def plus(self, months):
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def is_within_reach(self, today):
        this = Month.of(today)
        return 1 <= self.month <= 12 and this.plus(-REACH) <= self <= this.plus(REACH)


def weeks(month):
    """The days of the weeks that hold the month; a week begins as the reader's language has it."""
    # Django counts the days of the week from Sunday, Python from Monday.
    return calendar.Calendar((get_format("FIRST_DAY_OF_WEEK") - 1) % 7).monthdatescalendar(month.year, month.month)


def neighbours(month, events, today):
    """The months before and after that a reader is led to, and the next one that holds one of `events`; or None.

    From the current month to the one after the last event, so that nobody (and no robot) walks through empty years.
    """
    found = events.aggregate(
        next=Min("starts_on", filter=Q(starts_on__gt=month.last)),
        last=Max("ends_on", filter=Q(ends_on__gte=today)),
    )
    this = Month.of(today)
    end = Month.of(found["last"]).plus(1) if found["last"] else this
    after = month.plus(1)
    held = Month.of(found["next"]) if found["next"] else None
    return {
        "before": month.plus(-1) if month > this else None,
        "after": after if after <= end and after.is_within_reach(today) else None,
        "next_held": held if held and held.is_within_reach(today) else None,
    }


def grid(month, events, now):
    """Headings and rows of the calendar. `events` have their sessions prefetched and `with_seats`, `with_times`."""
    shown = weeks(month)
    today = timezone.localdate(now)
    held = defaultdict(list)
    for event in events:
        for date, item in _on_days(event, shown[0][0], shown[-1][-1], now):
            held[date].append(item)
    for items in held.values():
        items.sort(key=lambda item: (item["time"], item["url"]))
    return {
        "weekdays": [str(WEEKDAYS[date.weekday()]) for date in shown[0]],
        "weeks": [
            [
                {
                    "date": date,
                    "is_inside": Month.of(date) == month,
                    "is_today": date == today,
                    "events": held[date],
                }
                for date in week
            ]
            for week in shown
        ],
        "is_empty": not any(items for date, items in held.items() if Month.of(date) == month),
    }


def _on_days(event, first, last, now):
    """(date, what stands there) for each day on which the event is held, by the calendar of its own zone."""
    begins = {}
    for session in event.sessions.all():
        begins[session.date] = min(session.start_time, begins.get(session.date, session.start_time))
    if not begins:
        length = (event.ends_on - event.starts_on).days
        begins = {event.starts_on + dt.timedelta(days=day): None for day in range(length + 1)}
    days = sorted(begins)
    is_over, is_off = listing.is_over(event, now), event.state == EventState.CANCELLED
    word, kind = listing.standing(event, now)
    for number, date in enumerate(days, 1):
        if not first <= date <= last:
            continue
        part = (
            _("Day %(number)s of %(days)s") % {"number": number, "days": len(days)}
            if number > 1
            else event.get_kind_display()
        )
        yield (
            date,
            {
                "title": event.title,
                "url": listing.address(event),
                "time": f"{begins[date]:%H:%M}" if begins[date] else "",
                "part": part,
                "zone": when.elsewhere(event),
                "is_off": is_off,
                "is_quiet": is_over or is_off,
                # How many seats are left is too much for a cell; that none is, or that it is over, is not.
                "word": "" if kind == "info" else word,
            },
        )
