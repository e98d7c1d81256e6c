"""Those who were registered with one form and come together."""

from events.models import Registration


def others(registration):
    """Those who come with the person and are reached where they are, in the order in which they were named."""
    if registration.party is None:
        return []
    rows = Registration.objects.filter(party=registration.party, participant__erased_at=None)
    rows = rows.exclude(pk=registration.pk).select_related("participant", "group").order_by("pk")
    return [one for one in rows if is_reached_with(one, registration)]


def is_reached_with(one, other):
    """Whether two registrations are of one party and their people are reached in the same place.

    The first contact has to be the same: whoever sent the form named it for all of them. Somebody who is known by
    another one stays alone, for a form may name anybody.
    """
    return one.party is not None and one.party == other.party and reached_at(one) == reached_at(other) != ""


def reached_at(registration):
    """The first contact of the person, where messages about the registration go; "" if there is none."""
    return registration.participant.email or registration.participant.phone
