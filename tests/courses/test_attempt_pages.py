"""What a learner sees before, during and after an attempt."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses import actions
from courses.models import Attempt, Course
from tests.courses import trees
from tests.courses.factories import AssessmentFactory, QuestionFactory, one_of_each_kind, option_id, right_answers
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(index, learner):
    trees.course(index, lessons=1)
    return actions.enrol(participant=learner, course=Course.objects.get())


def assess(enrolment, *questions, **fields):
    return AssessmentFactory(course=enrolment.course, questions=questions or [QuestionFactory()], **fields)


def begin(enrolment, *questions, **fields):
    assessment = assess(enrolment, *questions, **fields)
    return actions.start_attempt(enrolment=enrolment, assessment=assessment, language="en")


def answer(attempt, **chosen):
    given = [actions.Given(key, one) for key, one in (chosen or right_answers(attempt)).items()]
    actions.save_answers(attempt=attempt, given=given, language="en")


def hand_in(attempt):
    return actions.submit_attempt(attempt=attempt, language="en")


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def read(client, name, key):
    return text_of(client.get(reverse(f"oberih_courses:{name}", args=[key]), follow=True))


def test_before_it_begins_everybody_knows_what_it_takes(client, enrolment):
    enrolment.extra_time_percent = 50
    enrolment.save()
    assessment = assess(enrolment, minutes_allowed=20, attempts_allowed=3, cooling_minutes=1440)
    page = read(client, "assessment", assessment.key)
    for words in ("1 question", "80 % to pass", "30 minutes, with your extra time", "3 attempts left"):
        assert words in page
    assert "1 day between two attempts" in page
    assert "The time runs from the moment you start" in page


def test_who_has_to_wait_sees_until_when_and_no_button(client, enrolment):
    attempt = hand_in(begin(enrolment, cooling_minutes=60))
    page = read(client, "assessment", attempt.assessment_id)
    assert ("You may try again from" in page, "(Asia/Kathmandu)" in page, "Try again" in page) == (
        True,
        True,
        False,
    )
    result = read(client, "result", attempt.uuid)
    assert ("You may try again from" in result, "Try again" in result) == (True, False)
    refused = client.post(reverse("oberih_courses:assessment", args=[attempt.assessment_id]), follow=True)
    assert "You may try again from" in text_of(refused)
    assert Attempt.objects.count() == 1


def test_a_survey_asks_without_a_mark_and_thanks(client, enrolment):
    scale = QuestionFactory(kind="likert", letters="", right="", text="I know whom to call.")
    survey = assess(enrolment, scale, kind="survey", is_required=False)
    before = read(client, "assessment", survey.key)
    assert ("No right or wrong answers" in before, "to pass" in before) == (True, False)
    url = client.post(reverse("oberih_courses:assessment", args=[survey.key])).url
    assert "I fully agree" in text_of(client.get(url))
    done = client.post(url, {f"q-{scale.translation_key}": "5", "wish": "hand_in"}, follow=True)
    page = text_of(done)
    assert ("Thank you for your answers" in page, "I fully agree" in page) == (True, True)
    assert ("points" in page, "Right" in page) == (False, False)
    assert "You have answered this survey." in read(client, "assessment", survey.key)


def test_what_a_trainer_marks_waits_and_then_shows_points_and_comment(client, enrolment):
    essay = QuestionFactory(kind="open", letters="", points=3, text="Why?")
    attempt = begin(enrolment, essay, QuestionFactory(), shows_answers="always")
    answer(attempt, **{str(essay.translation_key): ["Because <b>I</b> asked."]})
    hand_in(attempt)
    waiting = read(client, "result", attempt.uuid)
    for words in ("Handed in", "A trainer reads your answers", "Waits for a trainer", "Because &lt;b&gt;I"):
        assert words in waiting
    assert ("What is right" in waiting, "Try again" in waiting) == (False, False)
    assert "Your result comes when all of them are marked." in read(client, "assessment", attempt.assessment_id)
    actions.mark_answer(answer=attempt.answers.get(), points=2, comment="Say more.", by=StaffFactory())
    page = read(client, "result", attempt.uuid)
    for words in ("2 of 4 points", "2 of 3 points", "The trainer writes: Say more.", "Not passed this time"):
        assert words in page


SHOWN = {
    # after failing, after passing: own answers, the key
    "never": [(False, False), (False, False)],
    "own": [(True, False), (True, False)],
    "passed": [(True, False), (True, True)],
    "always": [(True, True), (True, True)],
}


@pytest.mark.parametrize("policy", SHOWN)
def test_the_right_answers_are_shown_as_the_author_decided(client, enrolment, policy):
    wrong, right = QuestionFactory(text="Wrong?"), QuestionFactory(text="Right?")
    assessment = assess(enrolment, wrong, right, shows_answers=policy, pass_percent=50)
    seen = []
    for passes in (False, True):
        attempt = actions.start_attempt(enrolment=enrolment, assessment=assessment, language="en")
        chosen = {str(wrong.translation_key): [option_id(wrong.translation_key, "b")]}
        if passes:
            chosen |= {str(right.translation_key): [option_id(right.translation_key, "a")]}
        answer(attempt, **chosen)
        hand_in(attempt)
        page = read(client, "result", attempt.uuid)
        seen.append(("Wrong? b" in page, "Wrong? a" in page))
    assert seen == SHOWN[policy]


def test_the_result_tells_of_every_kind_what_was_right(client, enrolment):
    attempt = begin(enrolment, *one_of_each_kind(), shows_answers="always")
    order, pairs = (
        next(item for item in attempt.drawn if item["kind"] == kind) for kind in ("ordering", "matching")
    )
    number = next(item for item in attempt.drawn if item["kind"] == "numeric")
    answer(
        attempt,
        **{
            order["key"]: order["options"],
            pairs["key"]: [[left, pairs["rights"][0][0]] for left in pairs["options"]],
            number["key"]: ["13,5"],
        },
    )
    hand_in(attempt)
    page = read(client, "result", attempt.uuid)
    assert "Not in the right order" in page
    assert page.count("→ one") + page.count("→ two") + page.count("→ three") == 6
    assert "13,5 What is right: 12.5" in page
    assert page.count("Not answered.") == 4


def test_no_key_of_any_kind_reaches_the_browser_before_handing_in(client, enrolment):
    attempt = begin(enrolment, *one_of_each_kind())
    page = client.get(reverse("oberih_courses:attempt", args=[attempt.uuid])).content.decode()
    assert "about a" not in page
    assert "12.5" not in page.replace("such as 12 or 12.5", "")
    pairs = next(item for item in attempt.drawn if item["kind"] == "matching")
    (widget,) = re.findall(rf'name="q-{pairs["key"]}_0".*?</select>', page, re.DOTALL)
    assert sorted(re.findall(r'option value="(\w+)"', widget)) == sorted(token for token, _one in pairs["rights"])
    order = next(item for item in attempt.drawn if item["kind"] == "ordering")
    shown = re.findall(rf'name="q-{order["key"]}_\d" data-option="([\w-]+)"', page)
    assert (shown == order["options"], shown == order["correct"]) == (True, False)


def test_a_place_given_twice_is_pointed_out_and_nothing_else_is_lost(client, enrolment):
    order, other = QuestionFactory(kind="ordering", right="", text="Which order?"), QuestionFactory()
    attempt = begin(enrolment, order, other)
    url = reverse("oberih_courses:attempt", args=[attempt.uuid])
    name, right = f"q-{order.translation_key}", option_id(other.translation_key, "a")
    data = {f"{name}_0": "2", f"{name}_1": "2", f"{name}_2": "", f"q-{other.translation_key}": right}
    for wish in ("hand_in", "keep", "later"):
        page = client.post(url, {**data, "wish": wish})
        assert page.status_code == 200
        assert page.context["form"].errors == {name: ["Give each place only once."]}
        content = page.content.decode()
        assert f'href="#id_{name}_0"' in content
        assert content.count('<option value="2" selected>') == 2
    assert actions.chosen_in(attempt) == {str(other.translation_key): [right]}


def test_what_is_half_done_is_pointed_out_before_handing_in(client, enrolment):
    pairs = QuestionFactory(kind="matching", right="", matches=["one", "two", "three"])
    attempt = begin(enrolment, pairs)
    (item,) = attempt.drawn
    name = f"q-{item['key']}"
    data = {f"{name}_0": item["rights"][0][0], f"{name}_1": "", f"{name}_2": ""}
    url = reverse("oberih_courses:attempt", args=[attempt.uuid])
    page = client.post(url, {**data, "wish": "hand_in"})
    assert [field.name for field in page.context["missing"]] == [name]
    assert actions.chosen_in(attempt) == {item["key"]: [[item["options"][0], item["rights"][0][0]]]}
    client.post(url, {**data, "wish": "hand_in_anyway"})
    attempt.refresh_from_db()
    assert (attempt.points, attempt.passed) == (0, False)


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_comes_after_the_time_is_told_and_sees_the_result(client, enrolment, method):
    attempt = begin(enrolment, minutes_allowed=5)
    answer(attempt)
    Attempt.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    url = reverse("oberih_courses:attempt", args=[attempt.uuid])
    response = getattr(client, method)(url, {"wish": "hand_in"}, follow=True)
    page = text_of(response)
    assert ("The time for this attempt was up." in page, "You have passed" in page) == (True, True)
    assert response.redirect_chain[-1][0] == reverse("oberih_courses:result", args=[attempt.uuid])


def test_the_page_says_by_when_in_words_and_for_the_script(client, enrolment):
    attempt = begin(enrolment, minutes_allowed=5)
    page = client.get(reverse("oberih_courses:attempt", args=[attempt.uuid])).content.decode()
    assert "(Asia/Kathmandu)" in page
    assert f'data-due="{attempt.due_at.isoformat()}"' in page


def test_a_survey_beside_a_lesson_does_not_stand_in_its_way(client, enrolment, index):
    survey = assess(enrolment, kind="survey", is_required=False)
    module = index.get_children().first().get_children().first()
    page = trees.add(module, trees.lesson("Ask", {"type": "assessment", "value": {"assessment": str(survey.key)}}))
    context = client.get(page.get_url()).context_data
    assert context["may_complete"] is True
    assert "To the survey" in text_of(client.get(page.get_url()))
