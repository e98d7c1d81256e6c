"""Attempts: begun, given more time, handed in, scored.

Whoever changes what an attempt comes to locks the enrolment and then the attempt. The enrolment without its key: whoever keeps
an answer has locked the attempt and refers to the enrolment, and the two would wait for each other.
"""

import random

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses import kinds, questions, signals
from courses.actions.completing import fold_completion
from courses.exceptions import (
    AlreadyPassedError,
    AwaitsMarkError,
    CoolingError,
    NoAttemptLeftError,
    NoQuestionsError,
    NotEnrolledError,
)
from courses.models import Attempt, Enrolment
from courses.scoring import score
from safeguarding import audit

# Which questions somebody gets must not be foreseeable from those of their neighbour.
_chance = random.SystemRandom()


@transaction.atomic
def start_attempt(*, enrolment, assessment, language, now=None):
    """The attempt that is open, or a new one with questions drawn at random.

    Numbers run on across languages: whoever switches gains no attempt.
    """
    now = now or timezone.now()
    locked = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    if locked.withdrawn_at or assessment.course_id != locked.course_id:
        raise NotEnrolledError(_("You do not take the course of this assessment."))
    attempts = list(Attempt.objects.filter(enrolment=locked, assessment=assessment).order_by("number"))
    if attempts and attempts[-1].submitted_at is None:
        if not attempts[-1].is_overdue(now):
            return attempts[-1]
        attempts[-1] = submit_attempt(attempt=attempts[-1], language="", now=now)
    _refuse_another(assessment, attempts, now)
    return Attempt.objects.create(
        enrolment=locked,
        assessment=assessment,
        number=attempts[-1].number + 1 if attempts else 1,
        drawn=_draw(assessment, language),
        pass_percent=assessment.pass_percent,
        language=language,
        started_at=now,
        due_at=assessment.due_at(now, locked.extra_time_percent),
    )


def _refuse_another(assessment, attempts, now):
    if any(attempt.passed for attempt in attempts):
        if assessment.is_survey:
            raise AlreadyPassedError(_("You have answered this survey."))
        raise AlreadyPassedError(_("You have passed this assessment."))
    if not attempts:
        return
    if attempts[-1].scored_at is None:
        raise AwaitsMarkError(_("A trainer still has to mark your last attempt."))
    if assessment.attempts_allowed is not None and len(attempts) >= assessment.attempts_allowed:
        raise NoAttemptLeftError(_("You have used all attempts at this assessment."))
    again_at = assessment.again_at(attempts[-1])
    if again_at > now:
        raise CoolingError(
            _("You may try again from %(time)s (%(zone)s).")
            % {
                "time": date_format(timezone.localtime(again_at), "DATETIME_FORMAT"),
                "zone": timezone.get_current_timezone_name(),
            }
        )


def _draw(assessment, language):
    keys = [row.question_key for row in assessment.bank.all()]
    found = questions.in_all_languages(keys, language)
    usable = [found[key] for key in keys if key in found and _may_be_asked(assessment, found[key][0])]
    if not usable:
        raise NoQuestionsError(_("This assessment has no questions yet."))
    count = min(assessment.draw or len(usable), len(usable))
    places = _chance.sample(range(len(usable)), count)
    if not assessment.shuffles_questions:
        places.sort()
    return [snapshot(usable[place], shuffles=assessment.shuffles_options) for place in places]


def _may_be_asked(assessment, question):
    """A test draws nothing that could not be right: whoever got only such questions could not pass."""
    kind = kinds.KINDS[question.kind]
    return question.problem is None and (assessment.is_survey or kind.has_key or kind.waits)


def snapshot(versions, *, shuffles=True):
    """What an attempt keeps of a question; `versions` are its rows, the one that is asked first."""
    question = versions[0]
    asked = question.asked(questions.accepted(versions[1:]))
    return {
        "key": str(question.translation_key),
        "version": question.version,
        "kind": question.kind,
        "points": question.points,
        **kinds.KINDS[question.kind].draw(asked, chance=_chance, shuffles=shuffles),
    }


@transaction.atomic
def submit_attempt(*, attempt, language, now=None):
    """Hand the attempt in. Handing it in again shows the same result.

    It is scored at once, unless it holds answers that a trainer marks. One whose time is up counts as handed in when it was
    due, whenever that is noticed: so nobody waits longer for their next attempt than others.
    """
    now = now or timezone.now()
    enrolment = Enrolment.objects.select_for_update(no_key=True).get(pk=attempt.enrolment_id)
    locked = Attempt.objects.select_for_update().select_related("assessment").get(pk=attempt.pk)
    if locked.submitted_at:
        return locked
    answers = list(locked.answers.filter(is_current=True))
    locked.submitted_at = locked.due_at if locked.is_overdue(now) else now
    locked.language = language or (answers[-1].language if answers else locked.language)
    locked.save(update_fields=["submitted_at", "language"])
    if locked.assessment.is_survey or not waiting(locked, answers):
        finish(enrolment, locked, answers)
    return locked


def waiting(attempt, answers):
    """Those of its current answers that a trainer still has to mark."""
    marked_by_hand = {item["key"] for item in attempt.drawn if kinds.of(item).waits}
    return [one for one in answers if str(one.item) in marked_by_hand and one.chosen and one.marked_at is None]


def finish(enrolment, attempt, answers):
    """Score an attempt whose row and whose enrolment's are locked, and record what follows from passing."""
    survey = attempt.assessment.is_survey
    chosen = {str(one.item): one.chosen for one in answers}
    result = score([] if survey else attempt.drawn, chosen, {str(one.item): one.points for one in answers})
    attempt.scored_at = timezone.now()
    attempt.points, attempt.points_possible = result.points, result.possible
    attempt.passed = survey or result.passes(attempt.pass_percent)
    attempt.save(update_fields=["scored_at", "points", "points_possible", "passed"])
    if attempt.passed:
        transaction.on_commit(
            lambda: signals.assessment_passed.send_robust(Attempt, attempt_id=attempt.pk), robust=True
        )
        fold_completion(enrolment)


def submit_overdue(*, attempt, now=None):
    """Hand in an attempt whose time is up, as it stands. Returns the attempt, handed in or not."""
    now = now or timezone.now()
    if attempt.submitted_at is None and attempt.is_overdue(now):
        return submit_attempt(attempt=attempt, language="", now=now)
    return attempt


@transaction.atomic
def give_extra_time(*, enrolment, percent, by):
    """Give a person more time in every assessment of the course, also in the attempt that they are in.

    Less than before shortens no attempt that has begun.
    """
    locked = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    if locked.extra_time_percent == percent:
        return locked
    locked.extra_time_percent = percent
    locked.save(update_fields=["extra_time_percent"])
    running = Attempt.objects.select_for_update(of=("self",)).filter(
        enrolment=locked, submitted_at=None, due_at__isnull=False
    )
    for attempt in running.select_related("assessment"):
        due_at = attempt.assessment.due_at(attempt.started_at, percent)
        if due_at is not None and due_at > attempt.due_at:
            attempt.due_at = due_at
            attempt.save(update_fields=["due_at"])
    audit.record(by, "extra_time", "enrolment", [locked.uuid])
    return locked
