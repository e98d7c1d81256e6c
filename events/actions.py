"""The deeds of this room under one name, for the rooms above."""

from events.plans import AllocationPlan, GroupPlan, QuestionPlan
from events.registrations import (
    Outcome,
    accept_offer,
    add_walk_in,
    approve,
    cancel_registration,
    change_answers,
    decline,
    expire_offers,
    promote,
    register,
    register_together,
    replace,
    set_priority,
)
from events.schedule import Slot, cancel_event, change, close_event, recompute, schedule

__all__ = [
    "AllocationPlan",
    "GroupPlan",
    "Outcome",
    "QuestionPlan",
    "Slot",
    "accept_offer",
    "add_walk_in",
    "approve",
    "cancel_event",
    "cancel_registration",
    "change",
    "change_answers",
    "close_event",
    "decline",
    "expire_offers",
    "promote",
    "recompute",
    "register",
    "register_together",
    "replace",
    "schedule",
    "set_priority",
]
