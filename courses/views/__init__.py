from courses.views.assessments import answers, assessment, attempt, result
from courses.views.learning import enrol, learning
from courses.views.lessons import check, lesson_done

__all__ = ["answers", "assessment", "attempt", "check", "enrol", "learning", "lesson_done", "result"]
