from courses.views.assessments import assessment, attempt, result
from courses.views.enrolment import ask, enrol, invitation, key, reminders, stop_reminders, withdraw_request
from courses.views.learning import learning
from courses.views.lessons import check, lesson_done

__all__ = [
    "ask",
    "assessment",
    "attempt",
    "check",
    "enrol",
    "invitation",
    "key",
    "learning",
    "lesson_done",
    "reminders",
    "result",
    "stop_reminders",
    "withdraw_request",
]
