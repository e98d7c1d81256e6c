from courses.views.assessments import assessment, attempt, result
from courses.views.learning import enrol, learning
from courses.views.lessons import check, lesson_done
from courses.views.packages import package, package_commit, package_open, package_statements

__all__ = [
    "assessment",
    "attempt",
    "check",
    "enrol",
    "learning",
    "lesson_done",
    "package",
    "package_commit",
    "package_open",
    "package_statements",
    "result",
]
