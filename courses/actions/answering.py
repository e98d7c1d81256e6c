import random
import uuid as uuids
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import signals
from courses.actions.completing import fold_completion
from courses.exceptions import (
    AlreadyPassedError,
    AttemptClosedError,
    NoAttemptLeftError,
    NoQuestionsError,
    NotEnrolledError,
    UnknownOptionError,
)
from courses.models import Answer, Attempt, Enrolment, QuestionKind
from courses.questions import in_language
from courses.scoring import is_right, score

# Which questions somebody gets must not be foreseeable from those of their neighbour.
_chance = random.SystemRandom()


@transaction.atomic
def answer_check(*, enrolment, check, chosen, language, uuid=None):
    """Keep what the learner answered to a knowledge check (`courses.knowledge.Check`) and whether that was right."""
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if uuid is not None and (known := Answer.objects.filter(uuid=uuid, enrolment=enrolment).first()):
        return known
    _refuse_unknown(chosen, check.option_ids)
    current = Answer.objects.filter(enrolment=enrolment, attempt=None, item=check.id, is_current=True)
    before = current.first()
    if before is not None and set(before.chosen) == set(chosen):
        return before
    current.update(is_current=False)
    return Answer.objects.create(
        uuid=uuid or uuids.uuid4(),
        enrolment=enrolment,
        item=check.id,
        chosen=sorted(chosen),
        correct=is_right(chosen, check.correct_ids),
        language=language,
    )


def _refuse_unknown(chosen, known):
    if not set(chosen) <= set(known):
        raise UnknownOptionError(_("One of the answers does not belong to this question."))


@transaction.atomic
def start_attempt(*, enrolment, assessment, language):
    """The attempt that is open, or a new one with questions drawn at random.

    Numbers run on across languages: whoever switches gains no attempt.
    """
    locked = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if locked.withdrawn_at or assessment.course_id != locked.course_id:
        raise NotEnrolledError(_("You do not take the course of this assessment."))
    attempts = Attempt.objects.filter(enrolment=locked, assessment=assessment)
    if (unfinished := attempts.filter(submitted_at=None).first()) is not None:
        return unfinished
    if attempts.filter(passed=True).exists():
        raise AlreadyPassedError(_("You have passed this assessment."))
    number = (attempts.aggregate(last=Max("number"))["last"] or 0) + 1
    if assessment.attempts_allowed is not None and number > assessment.attempts_allowed:
        raise NoAttemptLeftError(_("You have used all attempts at this assessment."))
    return Attempt.objects.create(
        enrolment=locked,
        assessment=assessment,
        number=number,
        drawn=_draw(assessment, language),
        pass_percent=assessment.pass_percent,
        language=language,
    )


def _draw(assessment, language):
    bank = in_language([row.question_key for row in assessment.bank.all()], language)
    questions = [question for question in bank.values() if question.correct_ids]
    if not questions:
        raise NoQuestionsError(_("This assessment has no questions yet."))
    count = min(assessment.draw or len(questions), len(questions))
    return [_snapshot(question) for question in _chance.sample(questions, count)]


def _snapshot(question):
    options = question.option_ids
    if question.kind != QuestionKind.TRUE_FALSE:
        _chance.shuffle(options)
    return {
        "key": str(question.translation_key),
        "version": question.version,
        "kind": question.kind,
        "options": options,
        "correct": question.correct_ids,
    }


@dataclass(frozen=True)
class Given:
    """What somebody chose for one drawn question. A device that may send twice makes the uuid itself."""

    item: str
    chosen: list
    uuid: uuids.UUID = field(default_factory=uuids.uuid4)


def save_answer(*, attempt, item, chosen, language, uuid=None):
    """Keep one answer of an open attempt; see `save_answers`."""
    save_answers(attempt=attempt, given=[Given(str(item), list(chosen), uuid or uuids.uuid4())], language=language)
    return Answer.objects.get(attempt=attempt, item=item, is_current=True)


@transaction.atomic
def save_answers(*, attempt, given, language):
    """Keep answers of an open attempt. What was sent before, or changes nothing, adds no row."""
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if locked.submitted_at:
        raise AttemptClosedError(_("This attempt has been handed in; its answers stay as they are."))
    drawn = {item["key"]: item for item in locked.drawn}
    for one in given:
        if one.item not in drawn:
            raise UnknownOptionError(_("This question does not belong to the attempt."))
        _refuse_unknown(one.chosen, drawn[one.item]["options"])
        if drawn[one.item]["kind"] != QuestionKind.MULTIPLE and len(one.chosen) > 1:
            raise UnknownOptionError(_("Only one answer can be chosen for this question."))
    sent_before = dict(
        Answer.objects.filter(uuid__in=[one.uuid for one in given]).values_list("uuid", "attempt_id")
    )
    if set(sent_before.values()) - {locked.pk}:
        raise UnknownOptionError(_("This answer belongs to another attempt."))
    current = {
        str(answer.item): set(answer.chosen) for answer in Answer.objects.filter(attempt=locked, is_current=True)
    }
    new = [one for one in given if one.uuid not in sent_before and set(one.chosen) != current.get(one.item, set())]
    if not new:
        return
    Answer.objects.filter(attempt=locked, is_current=True, item__in=[one.item for one in new]).update(
        is_current=False
    )
    Answer.objects.bulk_create(
        Answer(
            uuid=one.uuid,
            enrolment_id=locked.enrolment_id,
            attempt=locked,
            item=one.item,
            chosen=sorted(one.chosen),
            correct=is_right(one.chosen, drawn[one.item]["correct"]),
            language=language,
        )
        for one in new
    )


def chosen_in(attempt):
    """{question's key: options chosen} as it stands."""
    answers = Answer.objects.filter(attempt=attempt, is_current=True)
    return {str(item): chosen for item, chosen in answers.values_list("item", "chosen")}


@transaction.atomic
def submit_attempt(*, attempt, language):
    """Hand the attempt in. It is scored once; handing it in again shows the same result."""
    enrolment = Enrolment.objects.select_for_update().get(pk=attempt.enrolment_id)
    locked = Attempt.objects.select_for_update().select_related("assessment").get(pk=attempt.pk)
    if locked.submitted_at:
        return locked
    result = score(locked.drawn, chosen_in(locked))
    locked.submitted_at = locked.scored_at = timezone.now()
    locked.points, locked.points_possible = result.points, result.possible
    locked.passed = result.passes(locked.pass_percent)
    locked.language = language
    locked.save(update_fields=["submitted_at", "scored_at", "points", "points_possible", "passed", "language"])
    if locked.passed:
        transaction.on_commit(
            lambda: signals.assessment_passed.send_robust(Attempt, attempt_id=locked.pk), robust=True
        )
        fold_completion(enrolment)
    return locked
