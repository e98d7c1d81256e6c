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
from courses.actions.attempts import give_extra_time, start_attempt, submit_attempt, submit_overdue
from courses.actions.completing import complete_lesson, fold_completion, open_lesson
from courses.actions.confirming import Confirmed, confirm, confirm_all
from courses.actions.dating import set_due
from courses.actions.enrolling import enrol, follow_consent, learner_for
from courses.actions.marking import mark_answer

__all__ = [
    "Confirmed",
    "Given",
    "Kept",
    "answer_check",
    "chosen_in",
    "complete_lesson",
    "confirm",
    "confirm_all",
    "current_answers",
    "enrol",
    "fold_completion",
    "follow_consent",
    "give_extra_time",
    "keep_answers",
    "learner_for",
    "mark_answer",
    "open_lesson",
    "save_answer",
    "save_answers",
    "set_due",
    "start_attempt",
    "submit_attempt",
    "submit_overdue",
]
