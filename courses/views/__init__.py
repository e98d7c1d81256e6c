from courses.views.assessments import assessment, attempt, result
from courses.views.learning import enrol, learning
from courses.views.lessons import check, lesson_done
from courses.views.offline import copy, lesson_answers

__all__ = [
    "assessment",
    "attempt",
    "check",
    "copy",
    "enrol",
    "learning",
    "lesson_answers",
    "lesson_done",
    "result",
]
