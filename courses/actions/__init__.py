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
from courses.actions.completing import complete_lesson, fold_completion, open_lesson
from courses.actions.enrolling import enrol, follow_consent, learner_for
from courses.actions.packages import Committed, commit, launch, note_package, store_statements
from courses.actions.unpacking import check_package, delete_files, delete_retired, replace_file

__all__ = [
    "Committed",
    "Given",
    "answer_check",
    "check_package",
    "chosen_in",
    "commit",
    "complete_lesson",
    "delete_files",
    "delete_retired",
    "enrol",
    "fold_completion",
    "follow_consent",
    "launch",
    "learner_for",
    "note_package",
    "open_lesson",
    "replace_file",
    "save_answer",
    "save_answers",
    "start_attempt",
    "store_statements",
    "submit_attempt",
]
