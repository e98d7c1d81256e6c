"""What is sent twice at once, or from two devices, for one attempt: the same on every database."""

import uuid
from collections import Counter
from datetime import timedelta

from django.utils import timezone

from courses import actions, signals
from courses.models import Answer, Attempt
from tests.courses.factories import (
    AssessmentFactory,
    EnrolmentFactory,
    LessonFactory,
    QuestionFactory,
    option_id,
    right_answers,
)
from tests.courses.racing import race
from tests.factories import StaffFactory


def begun(questions=None, **fields):
    enrolment = EnrolmentFactory()
    questions = questions or [QuestionFactory()]
    assessment = AssessmentFactory(course=enrolment.course, questions=questions, **fields)
    return actions.start_attempt(enrolment=enrolment, assessment=assessment, language="en")


def keep(attempt, *given):
    def deed():
        _attempt, kept = actions.keep_answers(
            uuid=attempt.uuid, participant=attempt.enrolment.participant, given=given, language="en"
        )
        return kept[0].state

    return deed


def hand_in(attempt):
    return lambda: actions.submit_attempt(attempt=attempt, language="en").points


def the_same_answer_posted_twice_at_once():
    attempt = begun()
    (item, chosen), *_rest = right_answers(attempt).items()
    given = actions.Given(item, chosen, uuid.uuid4(), timezone.now())
    outcome = race(*[keep(attempt, given)] * 4)
    return Counter(outcome), list(Answer.objects.filter(attempt=attempt).values_list("chosen", "is_current"))


def two_devices_answer_one_question_at_once():
    question = QuestionFactory()
    attempt = begun([question])
    key, now = str(question.translation_key), timezone.now()
    Attempt.objects.filter(pk=attempt.pk).update(started_at=now - timedelta(hours=1))
    given = [
        actions.Given(key, [option_id(question.translation_key, letter)], given_at=now + timedelta(seconds=n))
        for n, letter in enumerate("abc", -3)
    ]
    race(*[keep(attempt, one) for one in given])
    rows = Answer.objects.filter(attempt=attempt)
    return [[one.chosen] for one in given], [
        list(rows.values_list("chosen", flat=True)),
        rows.get(is_current=True).chosen,
    ]


def handed_in_twice_at_once():
    heard = []

    def listen(sender, attempt_id, **kwargs):
        heard.append(attempt_id)

    signals.assessment_passed.connect(listen)
    try:
        attempt = begun()
        attempt.assessment.lesson = LessonFactory(course=attempt.enrolment.course)
        attempt.assessment.save()
        (item, chosen), *_rest = right_answers(attempt).items()
        actions.save_answers(attempt=attempt, given=[actions.Given(item, chosen)], language="en")
        outcome = race(*[hand_in(attempt)] * 4)
    finally:
        signals.assessment_passed.disconnect(listen)
    return outcome, [one == attempt.pk for one in heard]


def an_answer_while_the_attempt_is_handed_in():
    """Either it came before and counts, or it came after and is refused: never kept without being counted."""
    attempt = begun()
    (item, chosen), *_rest = right_answers(attempt).items()
    saved, points = race(keep(attempt, actions.Given(item, chosen)), hand_in(attempt))
    return (saved, points, Answer.objects.filter(attempt=attempt).count())


def started_twice_at_once():
    enrolment = EnrolmentFactory()
    assessment = AssessmentFactory(course=enrolment.course, questions=[QuestionFactory()])
    outcome = race(
        *[lambda: actions.start_attempt(enrolment=enrolment, assessment=assessment, language="en").number] * 4
    )
    return outcome, Attempt.objects.filter(enrolment=enrolment).count()


def both_open_answers_marked_at_once():
    essays = QuestionFactory.create_batch(2, kind="open", letters="")
    attempt = begun(essays)
    given = [actions.Given(str(one.translation_key), ["Words."]) for one in essays]
    actions.save_answers(attempt=attempt, given=given, language="en")
    actions.submit_attempt(attempt=attempt, language="en")
    by = StaffFactory()

    def mark(answer):
        return lambda: actions.mark_answer(answer=answer, points=1, comment="", by=by).points

    outcome = race(*[mark(answer) for answer in attempt.answers.all()])
    attempt.refresh_from_db()
    return outcome, (attempt.points, attempt.points_possible, attempt.passed)
