"""What people do in a course. Whoever reads, answers or passes calls these and nothing else writes the facts."""

from courses.actions.answering import (
    Given,
    Kept,
    answer_check,
    chosen_in,
    current_answers,
    keep_answers,
    save_answer,
    save_answers,
)
from courses.actions.asking import approve_request, ask, decline_request, waiting_of, withdraw_request
from courses.actions.attempts import give_extra_time, start_attempt, submit_attempt, submit_overdue
from courses.actions.completing import fold_completion, note_media, note_time, open_lesson, read_lesson
from courses.actions.confirming import Confirmed, confirm, confirm_all
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
from courses.actions.marking import mark_answer
from courses.actions.packages import Committed, commit, launch, note_package, store_statements
from courses.actions.reminding import set_reminders, stop_reminders
from courses.actions.sending import Received, Sent, receive
from courses.actions.unpacking import check_package, delete_files, delete_retired, replace_file

__all__ = [
    "Committed",
    "Confirmed",
    "Given",
    "Kept",
    "Received",
    "Sent",
    "accept_invitation",
    "add_course",
    "add_members",
    "answer_check",
    "approve_request",
    "archive_group",
    "ask",
    "check_package",
    "chosen_in",
    "commit",
    "confirm",
    "confirm_all",
    "current_answers",
    "decline_request",
    "delete_files",
    "delete_retired",
    "enrol",
    "enrol_by_staff",
    "enrol_with_key",
    "fold_completion",
    "follow_consent",
    "give_extra_time",
    "import_people",
    "invite",
    "invite_again",
    "keep_answers",
    "launch",
    "learner_for",
    "mark_answer",
    "note_media",
    "note_package",
    "note_time",
    "open_lesson",
    "read_lesson",
    "receive",
    "remove_course",
    "remove_member",
    "replace_file",
    "restore_group",
    "save_answer",
    "save_answers",
    "set_due",
    "set_reminders",
    "start_attempt",
    "stop_reminders",
    "store_statements",
    "submit_attempt",
    "submit_overdue",
    "waiting_of",
    "withdraw_invitation",
    "withdraw_request",
]
