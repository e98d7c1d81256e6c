"""What people do in a course. Whoever reads, answers or passes calls these and nothing else writes the facts."""

from courses.actions.answering import (
    Given,
    answer_check,
    chosen_in,
    save_answer,
    save_answers,
    start_attempt,
    submit_attempt,
)
from courses.actions.asking import approve_request, ask, decline_request, waiting_of, withdraw_request
from courses.actions.completing import complete_lesson, fold_completion, open_lesson
from courses.actions.enrolling import enrol, enrol_by_staff, follow_consent, learner_for, set_due
from courses.actions.grouping import (
    add_course,
    add_members,
    archive_group,
    remove_course,
    remove_member,
    restore_group,
)
from courses.actions.importing import import_people
from courses.actions.inviting import accept_invitation, invite, invite_again, withdraw_invitation
from courses.actions.keys import enrol_with_key
from courses.actions.reminding import set_reminders, stop_reminders

__all__ = [
    "Given",
    "accept_invitation",
    "add_course",
    "add_members",
    "answer_check",
    "approve_request",
    "archive_group",
    "ask",
    "chosen_in",
    "complete_lesson",
    "decline_request",
    "enrol",
    "enrol_by_staff",
    "enrol_with_key",
    "fold_completion",
    "follow_consent",
    "import_people",
    "invite",
    "invite_again",
    "learner_for",
    "open_lesson",
    "remove_course",
    "remove_member",
    "restore_group",
    "save_answer",
    "save_answers",
    "set_due",
    "set_reminders",
    "start_attempt",
    "stop_reminders",
    "submit_attempt",
    "waiting_of",
    "withdraw_invitation",
    "withdraw_request",
]
