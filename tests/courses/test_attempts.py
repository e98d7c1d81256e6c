import uuid

import pytest

from courses import actions
from courses.actions import attempts
from courses.exceptions import (
    AlreadyPassedError,
    AttemptClosedError,
    NoAttemptLeftError,
    NoQuestionsError,
    NotEnrolledError,
    UnknownOptionError,
)
from courses.models import Answer, Attempt, LessonProgress, LessonState
from tests.courses.factories import (
    AssessmentFactory,
    CourseFactory,
    EnrolmentFactory,
    LessonFactory,
    QuestionFactory,
    option_id,
    right_answers,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(locales):
    return CourseFactory()


@pytest.fixture
def enrolment(course):
    return EnrolmentFactory(course=course)


def begin(enrolment, language="en", **fields):
    questions = fields.pop("questions", None) or QuestionFactory.create_batch(3)
    assessment = AssessmentFactory(course=enrolment.course, questions=questions, **fields)
    return actions.start_attempt(enrolment=enrolment, assessment=assessment, language=language)


def answer_all(attempt, answers, language="en"):
    given = [actions.Given(item, chosen) for item, chosen in answers.items()]
    actions.save_answers(attempt=attempt, given=given, language=language)


def fail(attempt):
    return actions.submit_attempt(attempt=attempt, language="en")


def test_an_attempt_keeps_what_was_drawn_and_how_it_is_scored(enrolment):
    question = QuestionFactory(kind="multiple", right="ac")
    attempt = begin(enrolment, questions=[question], pass_percent=70)
    ids = {letter: option_id(question.translation_key, letter) for letter in "abc"}
    (item,) = attempt.drawn
    assert {**item, "options": sorted(item["options"])} == {
        "key": str(question.translation_key),
        "version": 1,
        "kind": "multiple",
        "options": sorted(ids.values()),
        "correct": [ids["a"], ids["c"]],
        "points": 1,
    }
    assert (attempt.number, attempt.pass_percent, attempt.language) == (1, 70, "en")


def test_only_as_many_questions_are_drawn_as_asked_for(enrolment):
    attempt = begin(enrolment, questions=QuestionFactory.create_batch(8), draw=3)
    assert len({item["key"] for item in attempt.drawn}) == 3


def test_true_stands_before_false(enrolment):
    question = QuestionFactory(kind="true_false", letters="ab")
    orders = {tuple(attempts.snapshot([question])["options"]) for _ in range(20)}
    assert orders == {tuple(option_id(question.translation_key, letter) for letter in "ab")}


def test_starting_again_goes_on_with_the_open_attempt(enrolment):
    first = begin(enrolment)
    again = actions.start_attempt(enrolment=enrolment, assessment=first.assessment, language="uk")
    assert again == first
    assert Attempt.objects.count() == 1


def test_attempts_are_numbered_across_languages_and_run_out(enrolment):
    first = begin(enrolment, attempts_allowed=2)
    fail(first)
    second = actions.start_attempt(enrolment=enrolment, assessment=first.assessment, language="uk")
    fail(second)
    assert [first.number, second.number] == [1, 2]
    with pytest.raises(NoAttemptLeftError):
        actions.start_attempt(enrolment=enrolment, assessment=first.assessment, language="en")


def test_who_has_passed_needs_no_further_attempt(enrolment):
    attempt = begin(enrolment)
    answer_all(attempt, right_answers(attempt))
    actions.submit_attempt(attempt=attempt, language="en")
    with pytest.raises(AlreadyPassedError):
        actions.start_attempt(enrolment=enrolment, assessment=attempt.assessment, language="en")


def test_charlie_who_takes_another_course_cannot_start(enrolment):
    assessment = AssessmentFactory(course=enrolment.course, questions=[QuestionFactory()])
    charlie = EnrolmentFactory(course=CourseFactory())
    with pytest.raises(NotEnrolledError):
        actions.start_attempt(enrolment=charlie, assessment=assessment, language="en")
    assert Attempt.objects.count() == 0


def test_an_empty_bank_is_refused(enrolment):
    assessment = AssessmentFactory(course=enrolment.course)
    with pytest.raises(NoQuestionsError):
        actions.start_attempt(enrolment=enrolment, assessment=assessment, language="en")


def test_changing_ones_mind_keeps_both_answers_and_counts_the_last(enrolment):
    question = QuestionFactory(right="b")
    attempt = begin(enrolment, questions=[question])
    key, options = question.translation_key, [option_id(question.translation_key, letter) for letter in "ab"]
    actions.save_answer(attempt=attempt, item=key, chosen=[options[0]], language="en")
    actions.save_answer(attempt=attempt, item=key, chosen=[options[1]], language="uk")
    rows = Answer.objects.order_by("pk").values_list("chosen", "correct", "is_current", "language")
    assert list(rows) == [([options[0]], False, False, "en"), ([options[1]], True, True, "uk")]


def test_the_same_answer_sent_twice_is_one_answer(enrolment):
    question = QuestionFactory()
    attempt = begin(enrolment, questions=[question])
    key, sent = question.translation_key, uuid.uuid4()
    first, second = option_id(key, "a"), option_id(key, "b")
    actions.save_answer(attempt=attempt, item=key, chosen=[first], language="en", uuid=sent)
    actions.save_answer(attempt=attempt, item=key, chosen=[second], language="en")
    # The device repeats its first message late: what came since stays.
    actions.save_answer(attempt=attempt, item=key, chosen=[first], language="en", uuid=sent)
    actions.save_answer(attempt=attempt, item=key, chosen=[second], language="en")
    assert actions.chosen_in(attempt) == {str(key): [second]}
    assert Answer.objects.count() == 2


def test_an_answer_of_another_question_is_refused(enrolment):
    mine, other = QuestionFactory(), QuestionFactory()
    attempt = begin(enrolment, questions=[mine])
    with pytest.raises(UnknownOptionError):
        actions.save_answer(
            attempt=attempt,
            item=mine.translation_key,
            chosen=[option_id(other.translation_key, "a")],
            language="en",
        )
    with pytest.raises(UnknownOptionError):
        actions.save_answer(attempt=attempt, item=other.translation_key, chosen=[], language="en")
    assert Answer.objects.count() == 0


def test_one_answer_at_most_where_one_is_right(enrolment):
    question = QuestionFactory()
    attempt = begin(enrolment, questions=[question])
    both = [option_id(question.translation_key, letter) for letter in "ab"]
    with pytest.raises(UnknownOptionError):
        actions.save_answer(attempt=attempt, item=question.translation_key, chosen=both, language="en")


def test_nothing_changes_after_handing_in(enrolment):
    attempt = begin(enrolment)
    fail(attempt)
    with pytest.raises(AttemptClosedError):
        answer_all(attempt, right_answers(attempt))
    again = actions.submit_attempt(attempt=attempt, language="uk")
    assert (again.points, again.points_possible, again.passed, again.language) == (0, 3, False, "en")


def test_handing_in_twice_tells_of_passing_once(enrolment, heard, django_capture_on_commit_callbacks):
    lesson = LessonFactory(course=enrolment.course)
    attempt = begin(enrolment, lesson=lesson)
    answer_all(attempt, right_answers(attempt))
    with django_capture_on_commit_callbacks(execute=True):
        actions.submit_attempt(attempt=attempt, language="en")
        actions.submit_attempt(attempt=attempt, language="en")
    assert heard == [("assessment_passed", attempt.pk), ("course_completed", enrolment.pk)]
    assert LessonProgress.objects.get().state == LessonState.COMPLETED


def test_editing_the_bank_does_not_change_an_open_attempt(enrolment):
    question = QuestionFactory(right="a")
    attempt = begin(enrolment, questions=[question])
    answer_all(attempt, right_answers(attempt))
    raw = list(question.options.raw_data)
    for option in raw:
        option["value"]["correct"] = not option["value"]["correct"]
    question.options = question._meta.get_field("options").stream_block.to_python(raw)
    question.save()
    result = actions.submit_attempt(attempt=attempt, language="en")
    assert (result.points, result.passed, question.version) == (1, True, 2)


def test_saving_ten_answers_costs_as_much_as_saving_three(enrolment, django_assert_num_queries):
    for count in (3, 10):
        attempt = begin(enrolment, questions=QuestionFactory.create_batch(count))
        with django_assert_num_queries(6):
            answer_all(attempt, right_answers(attempt))
