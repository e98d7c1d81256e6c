"""The public's events as lists show them."""

from itertools import groupby

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events import seats, when
from events.facts import when_and_where
from events.models import Event, EventState
from events.registering import opens
from participants.codes import DeliveryMode

_NEIGHBOURS = 3
# What can be joined from anywhere.
ONLINE = (DeliveryMode.ONLINE, DeliveryMode.MIXED)


def listed_events():
    """What somebody can still come to."""
    return Event.objects.listed().upcoming()


def shown_events():
    """What the list shows: that, and what was called off, since people who planned to come look for it."""
    return Event.objects.on_the_calendar().upcoming().exclude(state=EventState.CLOSED)


def told(events):
    """`events` with all that `entry` says of them, soonest first."""
    rows = events.with_seats().with_times().prefetch_related("areas", "venues")
    # The order is said again, since counting takes the model's own order away.
    return rows.order_by("starts_on", "first_start", "code")


def told_to_come(events, now=None):
    """The same without what was over earlier today."""
    return told(events).filter(Q(last_end=None) | Q(last_end__gt=now or timezone.now()))


def entry(event, now=None):
    """What a list shows of an event from `told`."""
    now = now or timezone.now()
    facts = when_and_where(event)
    if spoken := when.spoken(event):
        facts.append({"icon": "globe", "text": spoken})
    words, kind = standing(event, now)
    if closing := _closing(event, now):
        facts.append({"icon": "clock", "text": closing})
    return {
        "title": event.title,
        "url": address(event),
        "date": event.starts_on,
        "kind": event.get_kind_display(),
        "text": str(event.summary),
        "facts": facts,
        "tag": words,
        "tag_kind": kind,
    }


def _closing(event, now):
    """That registration ends soon, where it ends before the event begins."""
    if event.registration_closes_at is None or opens(event, now=now):
        return ""
    return when.closing(event.registration_closes_at, event.tz, now)


def address(event):
    return reverse("oberih_events:detail", kwargs={"code": event.code})


def standing(event, now):
    """How things stand with an event `with_seats` and `with_times`: words for a tag, and its kind."""
    if event.state == EventState.CANCELLED:
        return event.get_state_display(), "error"
    if is_over(event, now):
        return _("Over"), "neutral"
    if event.first_start is not None and event.first_start <= now:
        return _("Has begun"), "neutral"
    if opens(event, now=now):
        if event.registration_opens_at is not None and event.registration_opens_at > now:
            return _("Registration not open yet"), "neutral"
        return _("Registration closed"), "neutral"
    words, free = seats.words(event)
    return words, "info" if free else "neutral"


def is_over(event, now):
    if event.state == EventState.CLOSED:
        return True
    if event.last_end is not None:
        return event.last_end <= now
    return event.ends_on < timezone.localdate(now, event.tz)


def by_month(events, now=None):
    """The entries of events in their order, under the month in which each begins; what goes on already, under this."""
    now = now or timezone.now()
    this = timezone.localdate(now).replace(day=1)
    return [
        {
            "month": first,
            "label": date_format(first, "YEAR_MONTH_FORMAT"),
            "entries": [entry(event, now) for event in held],
        }
        for first, held in groupby(events, key=lambda event: max(event.starts_on.replace(day=1), this))
    ]


def neighbours(event):
    """The next few events near this one, or online."""
    areas = [area.pk for area in event.areas.all()]
    rows = listed_events().exclude(pk=event.pk)
    if areas:
        rows = rows.filter(held_in(areas) | Q(mode__in=ONLINE))
    return [entry(one) for one in told_to_come(rows)[:_NEIGHBOURS]]


def held_in(areas):
    """As a subquery, since a join would list an event once for each of its areas."""
    return Q(pk__in=Event.areas.through.objects.filter(area__in=areas).values("event"))
