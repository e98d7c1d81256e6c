"""What the front page says of the next events."""

from django.utils.translation import gettext as _

from events import listing, programmes
from events.filter_forms import FilterForm

_ON_THE_FRONT_PAGE = 3


def next_events():
    """The next public events, as their own list shows them, and the field to look for those nearby."""
    form = FilterForm(events=listing.listed_events())
    form.fields["area"].label = _("Near you")
    rows = listing.told_to_come(listing.listed_events())[:_ON_THE_FRONT_PAGE]
    return {
        "events": [listing.entry(event) for event in rows],
        "area_field": form["area"],
        "has_programmes": bool(programmes.public_ways()),
    }
