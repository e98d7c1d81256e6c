"""Somebody whom staff write down: known, or new."""

from participants.actions import create_participants
from participants.matching import Listed, Matches


def find_or_create(attributes, *, among):
    """The participant of these details, made if nobody is known by them. `among`: see `participants.matching`."""
    listed = Listed(attributes["full_name"], attributes["email"], attributes["phone"])
    found = Matches([listed], among=among).find(listed)
    return found or create_participants([attributes])[0]
