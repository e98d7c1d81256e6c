"""What this room tells of a person to the pages of participants."""

from events import when
from events.models import Event, Registration
from participants.models import person_of
from participants.participations import Participation


def told(keys, user):
    rows = Registration.objects.filter(participant__in=keys, event__in=Event.objects.for_staff(user))
    return [
        Participation(
            row.participant_id,
            f"event:{row.event.uuid}",
            f"{row.event.title} ({row.event.code})",
            when.days(row.event),
            row.get_status_display(),
        )
        for row in rows.select_related("event").order_by("event__starts_on", "pk")
    ]


def within(user):
    """Keys of the persons who registered for an event that the user may work with."""
    rows = Registration.objects.filter(event__in=Event.objects.for_staff(user))
    return rows.order_by().values_list(person_of("participant"))
