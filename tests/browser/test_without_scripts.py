"""A whole course where scripts are blocked: begun, read, practised, told, assessed."""

import pytest

from courses import actions
from courses.models import Answer, Assessment, Attempt, Course, Enrolment, LessonProgress, LessonState
from tests import walk
from tests.courses import trees
from tests.courses.factories import AssessmentFactory, QuestionFactory
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PASSWORD = "reading-without-scripts"


def story_block():
    return {
        "type": "case_story",
        "id": "0b0f5a4e-7d8e-4a55-9a57-3f0a2f2b6c10",
        "value": {
            "title": "At the station",
            "start": "start",
            "scenes": [
                {
                    "type": "item",
                    "id": "0b0f5a4e-7d8e-4a55-9a57-3f0a2f2b6c11",
                    "value": {
                        "key": "start",
                        "text": "<p>A driver offers a lift.</p>",
                        "choices": [
                            {
                                "type": "item",
                                "id": "0b0f5a4e-7d8e-4a55-9a57-3f0a2f2b6c12",
                                "value": {
                                    "text": "Ask for the registration",
                                    "feedback": "A good question.",
                                    "leads_to": "end",
                                },
                            }
                        ],
                    },
                },
                {
                    "type": "item",
                    "id": "0b0f5a4e-7d8e-4a55-9a57-3f0a2f2b6c13",
                    "value": {"key": "end", "text": "<p>The driver leaves.</p>", "choices": []},
                },
            ],
        },
    }


def test_a_course_is_learned_without_scripts(visitor, site_tree):
    course_page, _module, (first, last) = trees.course(trees.plant())
    check = trees.check_block()
    first.body = trees.lesson("x", check, story_block()).body
    trees.publish(first)
    course = Course.objects.get(key=course_page.translation_key)
    assessment = AssessmentFactory(course=course, questions=[QuestionFactory() for _ in range(2)])
    last.body = trees.lesson("x", {"type": "assessment", "value": {"assessment": str(assessment.key)}}).body
    trees.publish(last)
    assert Assessment.objects.get().lesson_id == last.translation_key
    user = UserFactory(email="olena.koval@example.org", password=PASSWORD)
    page = visitor(width=390, height=844, javascript=False)

    walk.log_in(page, user.email, PASSWORD)
    page.goto(course_page.get_url())
    page.click("main form[action*='/enrol/'] button")
    page.wait_for_url(f"**{first.get_url()}")
    enrolment = Enrolment.objects.get(course=course)
    assert enrolment.participant == actions.learner_for(user)

    page.click("form[action*='/checks/'] button")
    assert "Choose an answer first." in page.inner_text("form[action*='/checks/']")
    wrong, right = (check["value"]["options"][number]["id"] for number in (1, 0))
    for option in (wrong, right):
        page.check(f"input[value='{option}']")
        page.click("form[action*='/checks/'] button")
    assert "That is right." in page.inner_text("form[action*='/checks/']")
    answers = Answer.objects.filter(enrolment=enrolment).order_by("given_at")
    assert list(answers.values_list("chosen", "is_current")) == [([wrong], False), ([right], True)]

    page.click("text=Ask for the registration")
    told = page.inner_text("main")
    assert "A good question." in told
    assert "The driver leaves." in told

    assert not page.is_visible("[data-oberih-read]")
    page.click("form[action$='/done/'] button")
    page.wait_for_url(f"**{last.get_url()}")
    page.click("main a[href*='/assessments/']")
    page.click("main form[method=post] button >> nth=-1")
    page.wait_for_url("**/attempts/**")
    attempt = Attempt.objects.get(enrolment=enrolment)
    for question in attempt.drawn:
        page.check(f"input[value='{question['correct'][0]}']")
    page.click("button[name=wish][value=hand_in]")
    page.wait_for_url("**/result/")
    assert page.inner_text("h1") == "You have passed"
    assert "You have completed this course." in page.inner_text("main")
    enrolment.refresh_from_db()
    assert enrolment.completed_at is not None
    done = LessonProgress.objects.filter(enrolment=enrolment, state=LessonState.COMPLETED)
    assert {row.lesson_id for row in done} == {first.translation_key, last.translation_key}


def test_what_needs_scripts_does_not_show_without_them(visitor, site_tree):
    _course, module, (lesson, _second) = trees.course(trees.plant())
    page = visitor(javascript=False)
    for address in (module.get_url(), lesson.get_url()):
        page.goto(address)
        hidden = page.locator("[data-oberih-set], [data-oberih-panel], [data-oberih-answers], [data-oberih-read]")
        assert hidden.count() > 0
        assert [one for one in hidden.all() if one.is_visible()] == []
