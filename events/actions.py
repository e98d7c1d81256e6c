"""The deeds of this room under one name, for the rooms above."""

from events.registrations import (
    Outcome,
    accept_offer,
    add_walk_in,
    approve,
    cancel_registration,
    decline,
    expire_offers,
    promote,
    register,
    replace,
)
from events.schedule import Slot, cancel_event, change, close_event, recompute, schedule

__all__ = [
    "Outcome",
    "Slot",
    "accept_offer",
    "add_walk_in",
    "approve",
    "cancel_event",
    "cancel_registration",
    "change",
    "close_event",
    "decline",
    "expire_offers",
    "promote",
    "recompute",
    "register",
    "replace",
    "schedule",
]
