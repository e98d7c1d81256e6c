"""What people do in a course. Whoever reads, answers or passes calls these and nothing else writes the facts."""

import random
import uuid as uuids
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Locale

from courses import signals
from courses.exceptions import (
    AlreadyPassedError,
    AttemptClosedError,
    NoAttemptLeftError,
    NoQuestionsError,
    NotEnrolledError,
    NotPassedError,
    UnknownOptionError,
)
from courses.models import (
    Answer,
    Assessment,
    Attempt,
    Enrolment,
    LessonProgress,
    LessonState,
    Question,
    QuestionKind,
)
from courses.scoring import is_right, score
from participants.actions import create_participant
from participants.models import Consent, Participant, Purpose

# Which questions somebody gets must not be foreseeable from those of their neighbour.
_chance = random.SystemRandom()


@transaction.atomic
def learner_for(user):
    """The participant of a logged-in user; made from the account if there is none.

    Joining the user to somebody known by their address is left to the room that proves addresses.
    """
    participant = Participant.objects.select_related("merged_into").filter(user=user).first()
    if participant is None:
        participant = create_participant(
            full_name=user.get_full_name(), email=user.email, user=user, language=get_language() or ""
        )
    return participant.seen_as


def enrol(*, participant, course, source="self", on=None):
    """Let the participant take the course; somebody who takes it already gets their enrolment back.

    `on` is the day whose age counts; today without one. No lock: the partial unique constraint decides between two
    at once, and everybody who starts a course would wait for one row otherwise.
    """
    active = Enrolment.objects.active().of(participant).filter(course=course).furthest_first()
    existing = active.first()
    if existing is not None:
        return existing
    enrolment = Enrolment(participant=participant, course=course, source=source)
    enrolment.freeze(participant, on=on or timezone.localdate(), project=course.project)
    try:
        with transaction.atomic():
            enrolment.save(force_insert=True)
    except IntegrityError:
        return active.first()
    return enrolment


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
    progress = _complete(locked, lesson.pk, language)
    fold_completion(locked)
    return progress


def _complete(enrolment, lesson_id, language):
    progress, _created = LessonProgress.objects.get_or_create(
        enrolment=enrolment, lesson_id=lesson_id, defaults={"language": language}
    )
    if progress.state < LessonState.COMPLETED:
        progress.state = LessonState.COMPLETED
        progress.completed_at = timezone.now()
        progress.language = language
        progress.save(update_fields=["state", "completed_at", "language"])
    return progress


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


def in_language(keys, language):
    """{key: question} in `language`, or in the site's first language where it is not translated, or in any."""
    first = Locale.get_default().language_code
    rank = {language: 2, first: 1}
    found = {}
    rows = Question.objects.filter(translation_key__in=keys).select_related("locale").order_by("pk")
    for question in sorted(rows, key=lambda row: rank.get(row.locale.language_code, 0)):
        found[question.translation_key] = question
    return found


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
    locked.submitted_at = timezone.now()
    locked.points, locked.points_possible = result.points, result.possible
    locked.passed = result.passes(locked.pass_percent)
    locked.language = language
    locked.save(update_fields=["submitted_at", "points", "points_possible", "passed", "language"])
    if locked.passed:
        if locked.assessment.lesson_id:
            _complete(enrolment, locked.assessment.lesson_id, language)
        transaction.on_commit(
            lambda: signals.assessment_passed.send_robust(Attempt, attempt_id=locked.pk), robust=True
        )
        fold_completion(enrolment)
    return locked


@transaction.atomic
def fold_completion(enrolment):
    """Record that the course is completed, if all facts are there. Returns whether it is.

    Asked after every fact, so their order does not matter; once recorded it stays, whatever is edited later.
    """
    locked = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if locked.completed_at:
        return True
    if not Enrolment.objects.fulfilled().filter(pk=locked.pk).exists():
        return False
    locked.completed_at = timezone.now()
    locked.completed_language = _language_of_last_fact(locked)
    locked.save(update_fields=["completed_at", "completed_language"])
    transaction.on_commit(
        lambda: signals.course_completed.send_robust(Enrolment, enrolment_id=locked.pk), robust=True
    )
    return True


def follow_consent(consent_id):
    """Whoever no longer wants their answers counted is counted without them where they have not completed yet.

    Returns how many enrolments that changed; the second time none.
    """
    consent = Consent.objects.select_related("text", "participant").get(pk=consent_id)
    if consent.given or consent.text.purpose != Purpose.STATISTICS or consent.subject_key:
        return 0
    return Enrolment.objects.filter(
        participant__in=Participant.objects.seen_by(consent.participant),
        completed_at=None,
        enrolled_at__lt=consent.at,
    ).forget_answers()


def _language_of_last_fact(enrolment):
    facts = [
        *enrolment.progress.filter(state=LessonState.COMPLETED).values_list("completed_at", "language"),
        *enrolment.attempts.filter(passed=True).values_list("submitted_at", "language"),
    ]
    return max(facts)[1]
