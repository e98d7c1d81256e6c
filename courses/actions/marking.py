"""Answers that no key decides, marked by a trainer."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import kinds
from courses.actions.attempts import finish, waiting
from courses.exceptions import MarkRefusedError
from courses.models import Answer, Attempt, Enrolment
from notifications.actions import owe
from safeguarding import audit


@transaction.atomic
def mark_answer(*, answer, points, comment, by):
    """Give points for an open answer; the last one scores the attempt, with all that follows from passing.

    The same mark again changes nothing. Marks stand once the attempt is scored: its result was told.
    """
    owner, attempt_id = Answer.objects.values_list("enrolment_id", "attempt_id").get(pk=answer.pk)
    if attempt_id is None:
        raise MarkRefusedError(_("This answer is not one that a trainer marks."))
    enrolment = Enrolment.objects.select_for_update(no_key=True).get(pk=owner)
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("assessment").get(pk=attempt_id)
    answers = list(attempt.answers.filter(is_current=True))
    mine = next((one for one in answers if one.pk == answer.pk), None)
    item = mine and next((one for one in attempt.drawn if one["key"] == str(mine.item)), None)
    if item is None or not kinds.of(item).waits or not mine.chosen or attempt.assessment.is_survey:
        raise MarkRefusedError(_("This answer is not one that a trainer marks."))
    if attempt.submitted_at is None:
        raise MarkRefusedError(_("This attempt has not been handed in yet."))
    if mine.marked_at and (mine.points, mine.comment) == (points, comment):
        return mine
    if attempt.scored_at:
        raise MarkRefusedError(_("This attempt has its result already, and the learner was told."))
    if not 0 <= points <= kinds.points_of(item):
        raise MarkRefusedError(
            _("This question is worth at most %(points)d points.") % {"points": kinds.points_of(item)}
        )
    mine.points, mine.comment, mine.marked_by, mine.marked_at = points, comment, by, timezone.now()
    mine.save(update_fields=["points", "comment", "marked_by", "marked_at"])
    audit.record(by, "mark_answer", "answer", [mine.uuid])
    if not waiting(attempt, answers):
        finish(enrolment, attempt, answers)
        owe("courses.marked", participant=enrolment.participant, subject_key=str(attempt.uuid))
    return mine
