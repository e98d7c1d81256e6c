from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import signals
from courses.exceptions import NotPassedError
from courses.models import Assessment, Enrolment, LessonProgress, LessonState


@transaction.atomic
def open_lesson(*, enrolment, lesson, language):
    """The learner looks at the lesson: where they are, and that it was opened at all."""
    progress, _created = LessonProgress.objects.get_or_create(
        enrolment=enrolment, lesson=lesson, defaults={"language": language}
    )
    Enrolment.objects.filter(pk=enrolment.pk).exclude(last_lesson=lesson).update(last_lesson=lesson)
    return progress


@transaction.atomic
def complete_lesson(*, enrolment, lesson, language):
    """The learner is through with the lesson. A second time changes nothing.

    A lesson with an assessment is done when that is passed, not when somebody says so: NotPassedError.
    """
    locked = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    passed = locked.attempts.filter(passed=True).values("assessment")
    if Assessment.objects.filter(lesson=lesson, is_required=True).exclude(pk__in=passed).exists():
        raise NotPassedError(_("Pass the assessment: that completes this lesson."))
    progress = advance(locked, lesson.pk, language)
    fold_completion(locked)
    return progress


def advance(enrolment, lesson_id, language, *, at=None):
    progress, _created = LessonProgress.objects.get_or_create(
        enrolment=enrolment, lesson_id=lesson_id, defaults={"language": language}
    )
    if progress.state < LessonState.COMPLETED:
        progress.state = LessonState.COMPLETED
        progress.completed_at = at or timezone.now()
        progress.language = language
        progress.save(update_fields=["state", "completed_at", "language"])
    return progress


@transaction.atomic
def fold_completion(enrolment):
    """Record that the course is completed, if all facts are there. Returns whether it is.

    Asked after every fact, so their order does not matter; once recorded it stays, whatever is edited later.
    """
    locked = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if locked.completed_at:
        return True
    for confirmation in locked.confirmations.exclude(lesson=None):
        advance(locked, confirmation.lesson_id, confirmation.language, at=confirmation.noon)
    if not Enrolment.objects.fulfilled().filter(pk=locked.pk).exists():
        return False
    on_paper = locked.confirmations.filter(lesson=None).first()
    # What was done on paper was completed on its day; everything else when it is found to be.
    locked.completed_at = on_paper.noon if on_paper else timezone.now()
    locked.completed_language = on_paper.language if on_paper else _language_of_last_fact(locked)
    locked.save(update_fields=["completed_at", "completed_language"])
    transaction.on_commit(
        lambda: signals.course_completed.send_robust(Enrolment, enrolment_id=locked.pk), robust=True
    )
    return True


def _language_of_last_fact(enrolment):
    facts = [
        *enrolment.progress.filter(state=LessonState.COMPLETED).values_list("completed_at", "language"),
        *enrolment.attempts.filter(passed=True).values_list("submitted_at", "language"),
    ]
    return max(facts)[1]
