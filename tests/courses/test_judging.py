"""The reports on questions, and on before and after, from attempts as they are made."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale

from courses import actions, comparison, judging
from courses.comparison import compare
from courses.models import Attempt, Group
from participants import sameness
from safeguarding.models import Role
from tests.courses.factories import AssessmentFactory, CourseFactory, EnrolmentFactory, QuestionFactory, option_id
from tests.courses.staff.conftest import staff
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

JUDGED, COMPARED = "oberih_courses_judged", "oberih_courses_compared"


@pytest.fixture(autouse=True)
def locales(db):
    return [Locale.objects.get_or_create(language_code=code)[0] for code in ("en", "uk")]


@pytest.fixture
def course():
    return CourseFactory()


def take(enrolment, assessment, letters, language="en"):
    """Answer the questions with these letters, {question: letter}, and hand in."""
    attempt = actions.start_attempt(enrolment=enrolment, assessment=assessment, language=language)
    given = [
        actions.Given(str(question.translation_key), [option_id(question.translation_key, letter)])
        for question, letter in letters.items()
    ]
    actions.save_answers(attempt=attempt, given=given, language=language)
    return actions.submit_attempt(attempt=attempt, language=language)


def taken_by(assessment, *letters, language="en"):
    return [
        take(EnrolmentFactory(course=assessment.course), assessment, chosen, language=language)
        for chosen in letters
    ]


@pytest.fixture
def questions(locales):
    return [QuestionFactory(text="First?"), QuestionFactory(text="Second?")]


@pytest.fixture
def assessment(course, questions):
    return AssessmentFactory(course=course, questions=questions)


def test_the_report_counts_first_attempts_by_question(assessment, questions):
    first, second = questions
    taken_by(assessment, *[{first: "a", second: "a"}] * 6, *[{first: "b", second: "b"}] * 6)
    # Whoever tries again has seen the questions: that does not make them easier.
    again = Attempt.objects.filter(passed=False).first().enrolment
    take(again, assessment, {first: "a", second: "a"})
    rows = judging.judged_questions(assessment, "en")
    assert [(row.text, row.version, row.count, row.difficulty, row.discrimination) for row in rows] == [
        ("First?", 1, 12, 50, 1.0),
        ("Second?", 1, 12, 50, 1.0),
    ]
    assert rows[0].wrong_label == "“First? b”: 6 people, who had 0 % of the rest right"
    assert rows[0].languages_label == "English: 50 % of 12"
    assert rows[0].advice_label == "Works well."


def test_versions_are_judged_each_for_itself(assessment, questions):
    first, second = questions
    taken_by(assessment, *[{first: "a", second: "a"}] * 10)
    first.text = "Asked in other words?"
    first.save()
    taken_by(assessment, *[{first: "b", second: "a"}] * 10)
    rows = {(row.text, row.version): row.difficulty for row in judging.judged_questions(assessment, "en")}
    assert rows == {
        ("Asked in other words?", 1): 100,
        ("Asked in other words?", 2): 0,
        ("Second?", 1): 100,
    }


def test_what_few_chose_is_not_counted_out_loud(assessment, questions):
    first, second = questions
    taken_by(assessment, *[{first: "a", second: "a"}] * 9, {first: "c", second: "a"})
    row = next(row for row in judging.judged_questions(assessment, "en") if row.text == "First?")
    assert row.wrong_label == "“First? c”: fewer than 5"


def test_a_question_that_is_not_answered_is_wrong_in_the_language_of_the_attempt(assessment, questions):
    _first, second = questions
    taken_by(assessment, *[{second: "a"}] * 10, language="uk")
    row = next(row for row in judging.judged_questions(assessment, "en") if row.text == "First?")
    assert (row.difficulty, row.languages_label) == (0, "Ukrainian: 0 % of 10")


@pytest.fixture
def author(client):
    user = StaffFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "change_assessment"]))
    client.force_login(user)
    return user


def test_the_report_shows_the_assessment_that_is_chosen(client, author, assessment, questions):
    other = AssessmentFactory(questions=[QuestionFactory(text="Elsewhere?")])
    taken_by(assessment, {questions[0]: "a", questions[1]: "b"})
    taken_by(other, {})
    shown = client.get(reverse(JUDGED)).context["object_list"]
    assert [row.text for row in shown] == ["Elsewhere?"]
    shown = client.get(reverse(JUDGED), {"assessment": str(assessment.pk)}).context["object_list"]
    assert {row.text for row in shown} == {"First?", "Second?"}
    shown = client.get(reverse(JUDGED), {"assessment": str(assessment.pk), "advice": "easy"}).context[
        "object_list"
    ]
    assert list(shown) == []
    lines = b"".join(client.get(reverse(JUDGED), {"export": "csv"}).streaming_content).decode().splitlines()
    assert lines == [
        'Assessment,Question,Version,Asked,"Right, in per cent",Discrimination,Wrong answers,'
        '"Right, by language",Advice',
        "Final assessment,Elsewhere?,1,1,,,,English: too few,Too few answers to say anything.",
    ]
    assert client.get(reverse(JUDGED), {"export": "xlsx"}).status_code == 200


def test_a_report_without_attempts_says_so(client, author):
    assert "Nobody has handed in this assessment yet." in client.get(reverse(JUDGED)).content.decode()
    assert "No assessment is compared" in client.get(reverse(COMPARED)).content.decode()


@pytest.mark.parametrize("name", [JUDGED, COMPARED, f"{JUDGED}_results", f"{COMPARED}_results"])
@pytest.mark.parametrize(("role", "status"), [(Role.EDITOR, 200), (Role.MANAGER, 302), (Role.AUDITOR, 302)])
def test_the_reports_are_for_whoever_writes_assessments(client, name, role, status):
    client.force_login(staff(role))
    assert client.get(reverse(name)).status_code == status


@pytest.fixture
def before(course, questions):
    return AssessmentFactory(course=course, questions=questions, is_required=False)


@pytest.fixture
def after(course, questions, before):
    return AssessmentFactory(course=course, questions=questions, compared_with=before)


def both(course, before, after, first, second):
    """Somebody who took both, with these letters."""
    enrolment = EnrolmentFactory(course=course)
    take(enrolment, before, first)
    take(enrolment, after, second)
    return enrolment


def test_only_people_who_took_both_are_compared(course, questions, before, after):
    one, two = questions
    for _time in range(5):
        both(course, before, after, {one: "b", two: "a"}, {one: "a", two: "a"})
    take(EnrolmentFactory(course=course), before, {one: "a", two: "a"})
    take(EnrolmentFactory(course=course), after, {one: "b", two: "b"})
    found = compare(after, "en")
    assert (found.pairs, found.whole.before, found.whole.after, found.whole.gain) == (5, 50, 100, 1.0)
    assert [(row.text, row.pairs, row.before, row.after, row.gain) for row in found.questions] == [
        ("First?", 5, 0, 100, 1.0),
        ("Second?", 5, 100, 100, None),
    ]


def test_of_four_people_nothing_is_said(course, questions, before, after):
    for _time in range(4):
        both(course, before, after, {questions[0]: "b"}, {questions[0]: "a"})
    found = compare(after, "en")
    assert (found.is_shown, found.whole, found.questions, found.statements) == (False, None, [], [])
    assert [(row.text, row.pairs, row.before, row.after) for row in comparison.rows("en")] == [
        ("Fewer than 5 people answered both.", None, None, None)
    ]


def test_a_person_under_two_rows_is_one_pair(course, questions, before, after):
    one, _two = questions
    people = [both(course, before, after, {one: "b"}, {one: "a"}) for _time in range(5)]
    sameness.merge(kept=people[0].participant, other=people[1].participant, by=UserFactory())
    assert compare(after, "en").pairs == 4


def test_how_far_people_agree_is_compared_step_by_step(course):
    statement = QuestionFactory(kind="likert", letters="", right="", text="I know where to refer.")
    first = AssessmentFactory(course=course, questions=[statement], kind="survey", is_required=False)
    second = AssessmentFactory(course=course, questions=[statement], kind="survey", compared_with=first)
    for step in ("1", "1", "1", "1", "1", "2"):
        enrolment = EnrolmentFactory(course=course)
        for survey, chosen in ((first, step), (second, "4")):
            attempt = actions.start_attempt(enrolment=enrolment, assessment=survey, language="en")
            actions.save_answer(
                attempt=attempt, item=str(statement.translation_key), chosen=[chosen], language="en"
            )
            actions.submit_attempt(attempt=attempt, language="en")
    found = compare(second, "en")
    [said] = found.statements
    assert (said.text, said.steps[0], said.shift.before, said.shift.after) == (
        "I know where to refer.",
        "I do not agree at all",
        (5, None, 0, 0, 0),
        (0, 0, 0, 6, 0),
    )
    assert (found.questions, found.whole) == ([], None)
    assert [(row.unit, row.before, row.after, row.gain) for row in comparison.rows("en")] == [
        ("mean step", 1.17, 4.0, 2.83)
    ]


def test_the_page_draws_it_and_hides_what_a_group_would_tell(client, course, questions, before, after):
    group = Group.objects.create(name="Evening")
    for n in range(8):
        enrolment = both(course, before, after, {questions[0]: "b"}, {questions[0]: "a"})
        if n < 5:
            enrolment.group = group
            enrolment.save()
    client.force_login(staff(Role.MANAGER))
    page = reverse("oberih_courses:compared", args=[course.pk])
    [drawn] = client.get(page).context["comparisons"]
    assert (drawn["pairs"], drawn["is_shown"], drawn["whole"][1]["value"]) == (8, True, "50 %")
    assert "First?" in client.get(page).content.decode()
    # Three outside of the group: what is shown of all, less what is shown of the group, would be theirs.
    [drawn] = client.get(page, {"group": str(group.uuid)}).context["comparisons"]
    assert drawn["is_shown"] is False
    assert "First?" not in client.get(page, {"group": str(group.uuid)}).content.decode()


def test_the_page_is_refused_to_whoever_accompanies_nobody(client, course, after):
    page = reverse("oberih_courses:compared", args=[course.pk])
    client.force_login(staff(Role.TRAINER))
    assert client.get(page).status_code == 404
    client.force_login(staff(Role.EDITOR))
    assert client.get(page).status_code == 403


@pytest.mark.parametrize("name", [JUDGED, COMPARED])
def test_reports_take_as_many_statements_with_thirty_people(
    client, author, course, questions, before, after, name
):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name)).status_code == 200
        return len(captured)

    def add(count):
        for _time in range(count):
            both(course, before, after, {questions[0]: "b"}, {questions[0]: "a"})

    add(6)
    statements()
    with_six = statements()
    add(24)
    more = QuestionFactory()
    other = AssessmentFactory(course=course, questions=[more], is_required=False)
    AssessmentFactory(course=course, questions=[more], compared_with=other)
    assert statements() == with_six
