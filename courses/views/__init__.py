from courses.views.assessments import assessment, attempt, result
from courses.views.learning import enrol, learning
from courses.views.lessons import check, lesson_done, media, time

__all__ = ["assessment", "attempt", "check", "enrol", "learning", "lesson_done", "media", "result", "time"]
