"""Answers that a page saves as they are given: on a bad line, sent twice, by an old page, and when the time is up."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import expect

from courses import actions
from courses.models import Answer, Attempt
from tests import walk
from tests.courses.factories import AssessmentFactory, EnrolmentFactory, QuestionFactory, option_id
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "answering-in-a-cellar"


@pytest.fixture
def questions(site_tree):
    return [
        QuestionFactory(text="Which one?"),
        QuestionFactory(kind="ordering", right="", text="In which order?"),
        QuestionFactory(kind="short_text", right="", text="Which word?"),
    ]


@pytest.fixture
def attempt(questions):
    user = UserFactory(email="olena.koval@example.org", password=PASSWORD)
    enrolment = EnrolmentFactory(participant__user=user)
    assessment = AssessmentFactory(course=enrolment.course, questions=questions, shuffles_questions=False)
    return actions.start_attempt(enrolment=enrolment, assessment=assessment, language="en")


@pytest.fixture
def page(visitor, attempt):
    page = visitor(width=390, height=844)
    walk.log_in(page, "olena.koval@example.org", PASSWORD)
    return page


def address(attempt):
    with translation.override("en"):
        return reverse("oberih_courses:attempt", args=[attempt.uuid])


def choose(page, question, letter):
    page.check(f"input[value='{option_id(question.translation_key, letter)}']")


def says(page, words):
    expect(page.locator("#attempt-state")).to_contain_text(words)


def kept(question):
    rows = Answer.objects.filter(item=question.translation_key).order_by("pk")
    return list(rows.values_list("chosen", "is_current"))


def test_each_answer_is_saved_as_it_is_given(page, attempt, questions):
    single, order, word = questions
    page.goto(address(attempt))
    choose(page, single, "b")
    says(page, "Saved")
    selects = page.locator(f"[data-item='{order.translation_key}'] select")
    selects.nth(0).select_option("2")
    says(page, "Saved")
    selects.nth(1).select_option("2")
    says(page, "Give each place only once.")
    page.fill(f"[data-item='{word.translation_key}'] input", "Palermo")
    page.press(f"[data-item='{word.translation_key}'] input", "Tab")
    says(page, "Saved")
    page.reload()
    assert page.is_checked(f"input[value='{option_id(single.translation_key, 'b')}']")
    assert page.input_value(f"[data-item='{word.translation_key}'] input") == "Palermo"
    assert selects.evaluate_all("all => all.map((one) => one.value)") == ["2", "", ""]


def test_without_a_line_answers_wait_on_the_device_and_are_sent_once(page, attempt, questions, faults):
    single, *_rest = questions
    page.goto(address(attempt))
    faults.expect("net::ERR_")
    page.context.set_offline(True)
    choose(page, single, "a")
    choose(page, single, "b")
    says(page, "Not saved yet, kept on this device.")
    page.click("button[value=hand_in]")
    says(page, "Some answers are not saved yet.")
    assert kept(single) == []
    page.context.set_offline(False)
    says(page, "Saved")
    assert kept(single) == [([option_id(single.translation_key, "b")], True)]
    assert page.evaluate("localStorage.length") == 0


def test_an_answer_whose_acknowledgement_was_lost_is_kept_once(page, attempt, questions, faults):
    single, *_rest = questions
    lost = []

    def lose(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    page.context.route("**/answers/", lose)
    page.goto(address(attempt))
    faults.expect("net::ERR_")
    choose(page, single, "a")
    says(page, "Saved")
    assert [reply.status for reply in lost] == [200]
    assert kept(single) == [([option_id(single.translation_key, "a")], True)]


def test_what_an_earlier_visit_could_not_send_is_sent_and_shown_by_the_next(page, attempt, questions, faults):
    single, *_rest = questions
    page.goto(address(attempt))
    faults.expect("net::ERR_")
    page.context.route("**/answers/", lambda route: route.abort())
    choose(page, single, "c")
    says(page, "Not saved yet")
    page.goto("/en/")
    page.context.unroute("**/answers/")
    page.goto(address(attempt))
    expect(page.locator(f"input[value='{option_id(single.translation_key, 'c')}']")).to_be_checked()
    assert kept(single) == [([option_id(single.translation_key, "c")], True)]


def test_a_page_that_is_older_than_another_device_says_so(page, attempt, questions):
    single, *_rest = questions
    page.goto(address(attempt))
    # The other device answers later than this page believes to have: its clock is right, and this one's is put back.
    page.evaluate("() => { const real = Date.now; Date.now = () => real() - 3600_000; }")
    actions.save_answer(
        attempt=attempt,
        item=single.translation_key,
        chosen=[option_id(single.translation_key, "a")],
        language="en",
    )
    choose(page, single, "b")
    says(page, "You answered this question later on another device")
    assert sorted(current for _chosen, current in kept(single)) == [False, True]


def test_when_the_time_is_up_what_was_answered_is_handed_in(page, attempt, questions):
    single, *_rest = questions
    Attempt.objects.update(due_at=timezone.now() + timedelta(seconds=12))
    page.goto(address(attempt))
    choose(page, single, "a")
    expect(page.locator("#attempt-clock")).to_have_text("1 minute left")
    expect(page.locator("#time-left")).to_contain_text("Time left:")
    page.wait_for_url("**/result/", timeout=30_000)
    attempt.refresh_from_db()
    assert (attempt.points, attempt.points_possible) == (1, 3)


def test_leaving_at_once_leaves_no_answer_behind(page, attempt, questions, faults):
    single, *_rest = questions
    faults.expect("other host")
    faults.expect("net::ERR_")
    page.context.route("https://www.google.com/**", lambda route: route.fulfill(body="Sunny"))
    page.goto(address(attempt))
    page.context.route("**/answers/", lambda route: route.abort())
    choose(page, single, "a")
    says(page, "Not saved yet")
    page.click("[data-oberih-leave]")
    page.wait_for_url("https://www.google.com/**")
    page.goto("/en/")
    assert page.evaluate("localStorage.length") == 0
