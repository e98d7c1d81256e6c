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
from courses.actions.sending import Received, Sent, receive

__all__ = [
    "Given",
    "Received",
    "Sent",
    "answer_check",
    "chosen_in",
    "complete_lesson",
    "enrol",
    "fold_completion",
    "follow_consent",
    "learner_for",
    "open_lesson",
    "receive",
    "save_answer",
    "save_answers",
    "start_attempt",
    "submit_attempt",
]
