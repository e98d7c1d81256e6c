"""What the front page and the catalogue list, ready for `oberih/ui/_entry.html`."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import trees
from events import when
from events.models import Event


def course_entries(locale, request, *, below=None):
    pages = trees.courses_in(locale)
    if below is not None:
        pages = [page for page in pages if page.path.startswith(below.path)]
    return [
        {
            "title": page.title,
            "url": page.get_url(request),
            "text": page.summary,
            "facts": [{"icon": "clock", "text": _minutes(page.minutes)}] if page.minutes else [],
        }
        for page in pages
    ]


def _minutes(count):
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


def event_entries(limit=3):
    """The next public events."""
    events = Event.objects.listed().upcoming().prefetch_related("areas").order_by("starts_on", "pk")[:limit]
    return [
        {
            "title": str(event.title),
            "url": _event_url(event),
            "date": event.starts_on,
            "kind": event.get_kind_display(),
            "text": str(event.summary),
            "facts": [
                {"icon": "calendar", "text": when.days(event)},
                *({"icon": "place", "text": str(area)} for area in event.areas.all()),
                *([{"icon": "globe", "text": _("Online")}] if event.online_link else []),
            ],
        }
        for event in events
    ]


def _event_url(event):
    try:
        return reverse("oberih_events:detail", args=[event.code])
    except NoReverseMatch:
        return ""
