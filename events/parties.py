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
    if one.party is None or one.party != other.party:
        return False
    first, second = (one.participant, other.participant)
    if first.email or second.email:
        return first.email == second.email
    return first.phone != "" and first.phone == second.phone
