from courses.views.assessments import answers, assessment, attempt, result
from courses.views.learning import enrol, learning
from courses.views.lessons import check, lesson_done
from courses.views.media import library_file, media_captions, media_file

__all__ = [
    "answers",
    "assessment",
    "attempt",
    "check",
    "enrol",
    "learning",
    "lesson_done",
    "library_file",
    "media_captions",
    "media_file",
    "result",
]
