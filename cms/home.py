"""What the front page and the catalogue list, ready for `oberih/ui/_entry.html`."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import trees
from events import listing
from events.forms import FilterForm

_ON_THE_FRONT_PAGE = 3


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


def next_events():
    """The next public events, as their own list shows them, and the field to look for those nearby."""
    form = FilterForm(events=listing.listed_events())
    form.fields["area"].label = _("Near you")
    rows = listing.told_to_come(listing.listed_events())[:_ON_THE_FRONT_PAGE]
    return {"events": [listing.entry(event) for event in rows], "area_field": form["area"]}
