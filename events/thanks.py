"""Thanks to those who were there, once an event is closed."""

import datetime as dt

from django.utils import timezone

from events import registers, seats
from events.models import CountBasis, Event, EventState, Registration
from notifications.actions import owe_many
from notifications.models import Message

PURPOSE = "events.thanks"
# Whose presence arrives later than this, from a phone that had no network, is not thanked: it would seem a mistake.
_FOR_DAYS = 14


def owe(events):
    """Owe thanks to whoever attended one of these closed events. Returns how many; the second time none.

    Where people were counted without names there is nobody to thank by name.
    """
    counted = [event.pk for event in events if event.counted_by == CountBasis.ATTENDANCE and not event.is_imported]
    if not counted:
        return 0
    registered = list(
        Registration.objects.confirmed()
        .filter(event__in=counted, participant__erased_at=None)
        .select_related("participant")
        .order_by("created_at", "pk")
    )
    keys = [str(one.uuid) for one in registered]
    told = set(Message.objects.filter(purpose=PURPOSE, subject_key__in=keys).values_list("subject_key", flat=True))
    untold = [one for one in registered if str(one.uuid) not in told]
    there = registers.attended(untold)
    # Of a family the first who came; whoever of it was found to have come later was thanked with the others.
    came = [one for one in registered if one.pk in there or str(one.uuid) in told]
    return owe_many(
        PURPOSE,
        [
            (one.participant, str(one.uuid), "1", one.language)
            for one in seats.leads(came)
            if str(one.uuid) not in told
        ],
    )


def owe_lost(*, now=None):
    """The same for all that ended lately."""
    since = timezone.localdate(now) - dt.timedelta(days=_FOR_DAYS)
    return owe(Event.objects.filter(state=EventState.CLOSED, counted_by=CountBasis.ATTENDANCE, ends_on__gte=since))
