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
from courses.actions.completing import fold_completion, note_media, note_time, open_lesson, read_lesson
from courses.actions.enrolling import enrol, follow_consent, learner_for

__all__ = [
    "Given",
    "answer_check",
    "chosen_in",
    "enrol",
    "fold_completion",
    "follow_consent",
    "learner_for",
    "note_media",
    "note_time",
    "open_lesson",
    "read_lesson",
    "save_answer",
    "save_answers",
    "start_attempt",
    "submit_attempt",
]
