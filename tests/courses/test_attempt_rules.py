"""Time, waiting, surveys and answers that a trainer marks."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from courses import actions, sweeps
from courses.exceptions import (
    AlreadyPassedError,
    AttemptClosedError,
    AwaitsMarkError,
    CoolingError,
    MarkRefusedError,
    NoQuestionsError,
    TimeUpError,
    UnknownOptionError,
)
from courses.models import Answer, Attempt, Enrolment, LessonProgress
from safeguarding.models import AuditEntry
from tests.courses.factories import (
    AssessmentFactory,
    CourseFactory,
    EnrolmentFactory,
    LessonFactory,
    QuestionFactory,
    one_of_each_kind,
    option_id,
    right_answers,
)
from tests.factories import StaffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("locales")]

START = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)


def after(**kwargs):
    return START + timedelta(**kwargs)


@pytest.fixture
def enrolment():
    return EnrolmentFactory(course=CourseFactory())


def test_of(enrolment, **fields):
    fields.setdefault("questions", [QuestionFactory()])
    return AssessmentFactory(course=enrolment.course, **fields)


test_of.__test__ = False


def begin(enrolment, assessment, *, now=START):
    return actions.start_attempt(enrolment=enrolment, assessment=assessment, language="en", now=now)


def answer(attempt, chosen=None, *, now=START, given_at=None, uuid=None):
    """Answer all that was drawn; rightly if nothing else is chosen."""
    answers = chosen or right_answers(attempt)
    keys = {"uuid": uuid} if uuid else {}
    given = [actions.Given(key, one, given_at=given_at, **keys) for key, one in answers.items()]
    _attempt, kept = actions.keep_answers(
        uuid=attempt.uuid, participant=attempt.enrolment.participant, given=given, language="en", now=now
    )
    return [one.state for one in kept]


def hand_in(attempt, *, now=START):
    return actions.submit_attempt(attempt=attempt, language="en", now=now)


def result_of(attempt):
    attempt.refresh_from_db()
    return attempt.points, attempt.points_possible, attempt.passed


def test_a_question_of_each_kind_is_answered_and_scored(enrolment):
    attempt = begin(enrolment, test_of(enrolment, questions=one_of_each_kind()))
    assert answer(attempt) == ["saved"] * 7
    hand_in(attempt)
    assert result_of(attempt) == (7, 7, True)


def test_questions_weigh_what_they_are_worth(enrolment):
    heavy, light = QuestionFactory(points=3), QuestionFactory()
    attempt = begin(enrolment, test_of(enrolment, questions=[heavy, light], pass_percent=75))
    answer(attempt, {str(heavy.translation_key): [option_id(heavy.translation_key, "a")]})
    hand_in(attempt)
    assert result_of(attempt) == (3, 4, True)


def test_questions_keep_the_authors_order_where_they_are_not_mixed(enrolment):
    questions = QuestionFactory.create_batch(8)
    order = [str(one.translation_key) for one in questions]
    kept = test_of(enrolment, questions=questions, shuffles_questions=False, shuffles_options=False, draw=5)
    drawn = begin(enrolment, kept).drawn
    places = [order.index(item["key"]) for item in drawn]
    assert (len(places), places) == (5, sorted(places))
    for item in drawn:
        question = next(one for one in questions if str(one.translation_key) == item["key"])
        assert item["options"] == question.option_ids


def test_who_has_to_wait_is_told_until_when(enrolment):
    assessment = test_of(enrolment, cooling_minutes=90)
    hand_in(begin(enrolment, assessment), now=after(minutes=10))
    with pytest.raises(CoolingError) as refused:
        begin(enrolment, assessment, now=after(minutes=99))
    assert str(refused.value) == "You may try again from 3 March 2025, 16:25 (Asia/Kathmandu)."
    assert begin(enrolment, assessment, now=after(minutes=100)).number == 2


def test_a_time_limit_is_decided_at_the_start(enrolment):
    assessment = test_of(enrolment, minutes_allowed=20)
    attempt = begin(enrolment, assessment)
    assessment.minutes_allowed = 5
    assessment.save()
    again = begin(enrolment, assessment, now=after(minutes=19))
    assert (again, again.due_at) == (attempt, after(minutes=20))


def test_extra_time_is_the_persons_and_rounded_up(enrolment):
    enrolment.extra_time_percent = 25
    enrolment.save()
    assert begin(enrolment, test_of(enrolment, minutes_allowed=30)).due_at == after(minutes=38)


def test_extra_time_lengthens_the_open_attempt_and_never_shortens_it(enrolment):
    by = StaffFactory()
    attempt = begin(enrolment, test_of(enrolment, minutes_allowed=20))
    untimed = begin(enrolment, test_of(enrolment))
    for percent in (50, 50, 10):
        actions.give_extra_time(enrolment=enrolment, percent=percent, by=by)
    attempt.refresh_from_db()
    untimed.refresh_from_db()
    assert (attempt.due_at, untimed.due_at) == (after(minutes=30), None)
    assert Enrolment.objects.get().extra_time_percent == 10
    told = AuditEntry.objects.values_list("actor", "action", "subject", "keys")
    assert list(told) == [(by.pk, "extra_time", "enrolment", [str(enrolment.uuid)])] * 2


def test_extra_time_has_a_limit(enrolment):
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.give_extra_time(enrolment=enrolment, percent=401, by=StaffFactory())


def test_answers_on_their_way_when_the_time_is_up_still_count_and_later_ones_do_not(enrolment):
    first, second = QuestionFactory(), QuestionFactory()
    attempt = begin(enrolment, test_of(enrolment, questions=[first, second], minutes_allowed=10))
    keys = [str(one.translation_key) for one in (first, second)]
    right = right_answers(attempt)
    assert answer(attempt, {keys[0]: right[keys[0]]}, now=after(minutes=10, seconds=30)) == ["saved"]
    with pytest.raises(TimeUpError):
        answer(attempt, {keys[1]: right[keys[1]]}, now=after(minutes=10, seconds=31), given_at=after(minutes=9))
    closed = actions.submit_overdue(attempt=attempt, now=after(hours=5))
    assert (closed.submitted_at, result_of(attempt)) == (after(minutes=10), (1, 2, False))


def test_whoever_comes_back_too_late_finds_it_handed_in_and_may_begin_another(enrolment):
    assessment = test_of(enrolment, minutes_allowed=10, cooling_minutes=30)
    attempt = begin(enrolment, assessment)
    with pytest.raises(CoolingError):
        begin(enrolment, assessment, now=after(minutes=39))
    # The refusal took the handing in back with it; the sweep does not wait for anybody.
    again = begin(enrolment, assessment, now=after(minutes=40))
    attempt.refresh_from_db()
    assert (again.number, attempt.submitted_at) == (2, after(minutes=10))


def test_the_sweep_hands_in_what_nobody_came_back_for(enrolment):
    timed, untimed = test_of(enrolment, minutes_allowed=10), test_of(enrolment)
    attempt, other = begin(enrolment, timed), begin(enrolment, untimed)
    answer(attempt)
    assert (sweeps.attempts(), sweeps.attempts()) == (1, 0)
    assert result_of(attempt) == (1, 1, True)
    assert (attempt.submitted_at, attempt.language) == (after(minutes=10), "en")
    assert list(Attempt.objects.filter(submitted_at=None)) == [other]


def test_a_survey_is_done_by_handing_it_in(enrolment, heard, django_capture_on_commit_callbacks):
    lesson = LessonFactory(course=enrolment.course)
    scale, words = QuestionFactory(kind="likert", letters="", right=""), QuestionFactory(kind="open", letters="")
    survey = test_of(enrolment, kind="survey", questions=[scale, words, QuestionFactory()], lesson=lesson)
    attempt = begin(enrolment, survey)
    answer(attempt, {str(scale.translation_key): ["4"], str(words.translation_key): ["It was good."]})
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(attempt)
    assert result_of(attempt) == (0, 0, True)
    assert heard == [("assessment_passed", attempt.pk), ("course_completed", enrolment.pk)]
    with pytest.raises(AlreadyPassedError):
        begin(enrolment, survey)


def test_a_survey_that_nobody_has_to_answer_does_not_complete_its_lesson(enrolment):
    lesson = LessonFactory(course=enrolment.course)
    survey = test_of(enrolment, kind="survey", lesson=lesson, is_required=False)
    hand_in(begin(enrolment, survey))
    assert LessonProgress.objects.count() == 0


def test_a_lesson_with_two_tests_is_done_with_the_second(enrolment):
    lesson = LessonFactory(course=enrolment.course)
    done = []
    for assessment in [test_of(enrolment, lesson=lesson) for _number in range(2)]:
        attempt = begin(enrolment, assessment)
        answer(attempt)
        hand_in(attempt)
        done.append(LessonProgress.objects.count())
    assert done == [0, 1]


def test_a_test_draws_nothing_that_could_not_be_right(enrolment):
    scale = QuestionFactory(kind="likert", letters="", right="")
    with pytest.raises(NoQuestionsError):
        begin(enrolment, test_of(enrolment, questions=[scale]))
    attempt = begin(enrolment, test_of(enrolment, questions=[scale, QuestionFactory()]))
    assert [item["kind"] for item in attempt.drawn] == ["single"]


@pytest.fixture
def written(enrolment):
    """An attempt with a choice and two open questions of 3 points, all answered and handed in."""
    essays = QuestionFactory.create_batch(2, kind="open", letters="", points=3)
    lesson = LessonFactory(course=enrolment.course)
    attempt = begin(enrolment, test_of(enrolment, questions=[QuestionFactory(), *essays], lesson=lesson))
    answer(attempt, {**right_answers(attempt), **{str(one.translation_key): ["My answer."] for one in essays}})
    return hand_in(attempt)


def essays_of(attempt):
    return list(attempt.answers.filter(correct=None).order_by("pk"))


def test_open_answers_wait_for_a_trainer_and_the_last_mark_gives_the_result(
    written, heard, django_capture_on_commit_callbacks
):
    by = StaffFactory()
    assert result_of(written) == (None, None, None)
    with pytest.raises(AwaitsMarkError):
        begin(written.enrolment, written.assessment)
    first, second = essays_of(written)
    with django_capture_on_commit_callbacks(execute=True):
        actions.mark_answer(answer=first, points=2, comment="Good.", by=by)
        assert result_of(written) == (None, None, None)
        actions.mark_answer(answer=first, points=3, comment="Very good.", by=by)
        actions.mark_answer(answer=second, points=2, comment="", by=by)
    assert result_of(written) == (6, 7, True)
    marks = Answer.objects.filter(correct=None).order_by("pk").values_list("points", "comment", "marked_by")
    assert list(marks) == [(3, "Very good.", by.pk), (2, "", by.pk)]
    assert heard == [("assessment_passed", written.pk), ("course_completed", written.enrolment_id)]
    told = AuditEntry.objects.filter(action="mark_answer").order_by("pk").values_list("keys", flat=True)
    assert list(told) == [[str(first.uuid)], [str(first.uuid)], [str(second.uuid)]]


def test_the_same_mark_again_changes_nothing_and_another_is_refused_after_the_result(written):
    by, other = StaffFactory(), StaffFactory()
    first, second = essays_of(written)
    for one in (first, second):
        actions.mark_answer(answer=one, points=0, comment="", by=by)
    assert result_of(written) == (1, 7, False)
    again = actions.mark_answer(answer=second, points=0, comment="", by=other)
    assert (again.marked_by, AuditEntry.objects.filter(action="mark_answer").count()) == (by, 2)
    with pytest.raises(MarkRefusedError):
        actions.mark_answer(answer=second, points=3, comment="", by=by)
    assert result_of(written) == (1, 7, False)


@pytest.mark.parametrize("points", [-1, 4])
def test_a_mark_stays_within_what_the_question_is_worth(written, points):
    with pytest.raises(MarkRefusedError):
        actions.mark_answer(answer=essays_of(written)[0], points=points, comment="", by=StaffFactory())
    assert not Answer.objects.exclude(marked_at=None).exists()


def test_only_open_answers_that_were_handed_in_are_marked(enrolment, written):
    by = StaffFactory()
    chosen = written.answers.exclude(correct=None).get()
    essay = QuestionFactory(kind="open", letters="")
    running = begin(enrolment, test_of(enrolment, questions=[essay]))
    answer(running, {str(essay.translation_key): ["Not yet."]})
    check = Answer.objects.create(enrolment=enrolment, item=essay.translation_key, language="en")
    for one in (chosen, running.answers.get(), check):
        with pytest.raises(MarkRefusedError):
            actions.mark_answer(answer=one, points=1, comment="", by=by)


def test_nothing_waits_for_a_trainer_where_nothing_was_written(enrolment):
    essay = QuestionFactory(kind="open", letters="", points=2)
    attempt = begin(enrolment, test_of(enrolment, questions=[essay, QuestionFactory()]))
    hand_in(attempt)
    assert result_of(attempt) == (0, 3, False)


def test_of_two_devices_the_later_answer_counts_and_both_are_kept(enrolment):
    question = QuestionFactory()
    attempt = begin(enrolment, test_of(enrolment, questions=[question]))
    key = str(question.translation_key)
    a, b = ([option_id(question.translation_key, letter)] for letter in "ab")
    assert answer(attempt, {key: b}, given_at=after(minutes=5), now=after(minutes=5)) == ["saved"]
    # A telephone without a line sends what was chosen before.
    assert answer(attempt, {key: a}, given_at=after(minutes=3), now=after(minutes=9)) == ["older"]
    rows = Answer.objects.order_by("given_at").values_list("chosen", "is_current", "given_at")
    assert list(rows) == [(a, False, after(minutes=3)), (b, True, after(minutes=5))]


def test_a_clock_that_is_wrong_neither_wins_nor_leaves_the_attempt(enrolment):
    question = QuestionFactory()
    attempt = begin(enrolment, test_of(enrolment, questions=[question]))
    key = str(question.translation_key)
    a, b, c = ([option_id(question.translation_key, letter)] for letter in "abc")
    answer(attempt, {key: a}, given_at=after(days=-9), now=after(minutes=1))
    answer(attempt, {key: b}, given_at=after(days=9), now=after(minutes=2))
    assert answer(attempt, {key: c}, now=after(minutes=3)) == ["saved"]
    assert list(Answer.objects.order_by("pk").values_list("given_at", flat=True)) == [
        START,
        after(minutes=2),
        after(minutes=3),
    ]


def test_what_one_batch_says_of_a_question_is_kept_in_its_order(enrolment):
    question = QuestionFactory()
    attempt = begin(enrolment, test_of(enrolment, questions=[question]))
    key = str(question.translation_key)
    a, b = ([option_id(question.translation_key, letter)] for letter in "ab")
    given = [actions.Given(key, one, given_at=after(minutes=place)) for place, one in enumerate((a, b, a, b), 1)]
    given.insert(2, given[0])
    _attempt, kept = actions.keep_answers(
        uuid=attempt.uuid, participant=enrolment.participant, given=given, language="en", now=after(hours=1)
    )
    assert [one.state for one in kept] == ["saved", "saved", "known", "saved", "saved"]
    assert list(Answer.objects.order_by("given_at").values_list("chosen", "is_current")) == [
        (a, False),
        (b, False),
        (a, False),
        (b, True),
    ]


def test_a_key_that_another_answer_has_is_refused(enrolment):
    first, second = (begin(enrolment, test_of(enrolment)) for _number in range(2))
    sent = actions.Given(first.drawn[0]["key"], first.drawn[0]["correct"])
    elsewhere = actions.Given(second.drawn[0]["key"], second.drawn[0]["correct"], sent.uuid)
    actions.save_answers(attempt=first, given=[sent], language="en")
    with pytest.raises(UnknownOptionError):
        actions.save_answers(attempt=second, given=[elsewhere], language="en")
    assert Answer.objects.get().attempt == first


def test_charlie_keeps_nothing_in_somebody_elses_attempt(enrolment):
    attempt = begin(enrolment, test_of(enrolment))
    charlie = EnrolmentFactory(course=enrolment.course)
    given = [actions.Given(key, chosen) for key, chosen in right_answers(attempt).items()]
    with pytest.raises(Attempt.DoesNotExist):
        actions.keep_answers(uuid=attempt.uuid, participant=charlie.participant, given=given, language="en")
    assert Answer.objects.count() == 0


def test_after_handing_in_nothing_is_kept(enrolment):
    attempt = begin(enrolment, test_of(enrolment))
    hand_in(attempt)
    with pytest.raises(AttemptClosedError):
        answer(attempt)
