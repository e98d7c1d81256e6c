from courses.views.assessments import answers, assessment, attempt, result
from courses.views.enrolment import ask, enrol, invitation, key, reminders, stop_reminders, withdraw_request
from courses.views.learning import learning
from courses.views.lessons import check, lesson_done
from courses.views.media import library_file, media_captions, media_file
from courses.views.packages import package, package_commit, package_open, package_statements

__all__ = [
    "answers",
    "ask",
    "assessment",
    "attempt",
    "check",
    "enrol",
    "invitation",
    "key",
    "learning",
    "lesson_done",
    "library_file",
    "media_captions",
    "media_file",
    "package",
    "package_commit",
    "package_open",
    "package_statements",
    "reminders",
    "result",
    "stop_reminders",
    "withdraw_request",
]
