"""The deeds of this room under one name, for the rooms above."""

from events.announcing import announce
from events.cohorts import join as join_programme
from events.deciding import approve, decide_several, decline
from events.follow_ups import change as change_follow_up
from events.follow_ups import record as record_follow_up
from events.follow_ups import remove as remove_follow_up
from events.plans import AllocationPlan, GroupPlan, QuestionPlan
from events.registering import Outcome, register, register_together
from events.registrations import (
    accept_offer,
    cancel_registration,
    change_answers,
    change_group,
    expire_offers,
    promote,
    replace,
    set_priority,
)
from events.schedule import Slot, cancel_event, change, close_event, recompute, schedule
from events.walk_ins import add_walk_in

__all__ = [
    "AllocationPlan",
    "GroupPlan",
    "Outcome",
    "QuestionPlan",
    "Slot",
    "accept_offer",
    "add_walk_in",
    "announce",
    "approve",
    "cancel_event",
    "cancel_registration",
    "change",
    "change_answers",
    "change_follow_up",
    "change_group",
    "close_event",
    "decide_several",
    "decline",
    "expire_offers",
    "join_programme",
    "promote",
    "recompute",
    "record_follow_up",
    "register",
    "register_together",
    "remove_follow_up",
    "replace",
    "schedule",
    "set_priority",
]
