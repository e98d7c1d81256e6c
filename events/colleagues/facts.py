"""What a focal point is told of an event and of the seats that are set aside at it."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import seats, when
from events.models import Status

LOOKS = {Status.CONFIRMED: "success", Status.OFFERED: "attention"}


def about(place):
    """What every page of a place says of it."""
    event = place.event
    return {
        "place": place,
        "event": event,
        "organisation": place.organisation,
        "kind": event.get_kind_display(),
        "days": when.days(event),
        "back": address(place.organisation, event),
    }


def of_seats(allocation):
    """What is left of seats that are set aside: words, and whether any are."""
    left = max(0, allocation.seats - allocation.taken)
    words = ngettext("%(left)s of %(seats)s seat left", "%(left)s of %(seats)s seats left", allocation.seats)
    return words % {"left": localize(left), "seats": localize(allocation.seats)}, left > 0


def until(allocation):
    """Until when the seats are kept for the organisation, as a fact."""
    event = allocation.event
    ends = seats.deadline(event)
    if allocation.held_until is not None:
        ends = min(ends, allocation.held_until)
    words = _("Kept for you until %(moment)s") % {"moment": when.until(ends, event.tz)}
    return {"icon": "clock", "text": words if ends > timezone.now() else _("Registration is closed")}


def address(organisation, event, name="colleagues_event"):
    return reverse(f"oberih_events:{name}", kwargs={"organisation": organisation.pk, "uuid": event.uuid})
