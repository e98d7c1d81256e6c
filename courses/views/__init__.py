from courses.views.assessments import answers, assessment, attempt, result
from courses.views.enrolment import ask, enrol, invitation, key, reminders, stop_reminders, withdraw_request
from courses.views.learning import learning
from courses.views.lessons import check, lesson_done, played_part, time
from courses.views.media import library_file, media_captions, media_file
from courses.views.offline import copy, lesson_answers
from courses.views.packages import package, package_commit, package_open, package_statements

__all__ = [
    "answers",
    "ask",
    "assessment",
    "attempt",
    "check",
    "copy",
    "enrol",
    "invitation",
    "key",
    "learning",
    "lesson_answers",
    "lesson_done",
    "library_file",
    "media_captions",
    "media_file",
    "package",
    "package_commit",
    "package_open",
    "package_statements",
    "played_part",
    "reminders",
    "result",
    "stop_reminders",
    "time",
    "withdraw_request",
]
