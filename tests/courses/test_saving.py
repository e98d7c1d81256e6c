"""Answers that a script sends one by one, and what they cost."""

import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses import actions, kinds
from courses.models import Answer, Attempt, Course
from participants.models import Participant
from tests.courses import trees
from tests.courses.factories import (
    AssessmentFactory,
    EnrolmentFactory,
    QuestionFactory,
    one_of_each_kind,
    option_id,
    right_answers,
)
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(index, learner):
    trees.course(index, lessons=1)
    return actions.enrol(participant=learner, course=Course.objects.get())


def begin(enrolment, questions=None, **fields):
    questions = questions or QuestionFactory.create_batch(3)
    assessment = AssessmentFactory(course=enrolment.course, questions=questions, **fields)
    return actions.start_attempt(enrolment=enrolment, assessment=assessment, language="en")


def one(item, chosen, **fields):
    return {"uuid": str(uuid.uuid4()), "item": item, "chosen": chosen, "given_at": None, **fields}


def send(client, attempt, *answers, **extra):
    return client.post(
        reverse("oberih_courses:answers", args=[attempt.uuid]),
        json.dumps({"answers": list(answers)}),
        content_type="application/json",
        **extra,
    )


def states(response):
    return [answer["state"] for answer in response.json()["answers"]]


def test_every_kind_of_answer_is_saved_as_it_is_given(client, enrolment):
    attempt = begin(enrolment, one_of_each_kind())
    for item, chosen in right_answers(attempt).items():
        response = send(client, attempt, one(item, chosen))
        assert (response.status_code, response.json()["state"], states(response)) == (200, "open", ["saved"])
    kept = actions.chosen_in(attempt)
    assert {
        item["key"]: kinds.of(item).is_right(item, kept[item["key"]]) for item in attempt.drawn
    } == dict.fromkeys(kept, True)
    assert len(kept) == 7


def test_what_was_not_acknowledged_is_sent_again_and_kept_once(client, enrolment):
    attempt = begin(enrolment)
    answers = [one(item, chosen) for item, chosen in right_answers(attempt).items()]
    assert states(send(client, attempt, *answers)) == ["saved"] * 3
    assert states(send(client, attempt, *answers)) == ["known"] * 3
    assert Answer.objects.count() == 3


def test_one_that_is_refused_says_why_and_the_others_are_kept(client, enrolment):
    order, other = QuestionFactory(kind="ordering", right=""), QuestionFactory()
    attempt = begin(enrolment, [order, other])
    a, b, _c = (option_id(order.translation_key, letter) for letter in "abc")
    key = str(other.translation_key)
    unreadable = one(key, "text")
    timeless = one(key, [], given_at="yesterday")
    response = send(
        client,
        attempt,
        one(str(order.translation_key), [[a, "1"], [b, "1"]]),
        unreadable,
        one(str(uuid.uuid4()), []),
        timeless,
        one(key, [option_id(other.translation_key, "a")]),
    )
    told = response.json()["answers"]
    assert [(answer["state"], answer["reason"]) for answer in told] == [
        ("refused", "Give each place only once."),
        ("refused", "This question does not belong to the attempt."),
        ("saved", ""),
        ("refused", "Enter a valid JSON."),
        ("refused", "This is not a time."),
    ]
    assert [answer["uuid"] for answer in told[3:]] == [unreadable["uuid"], timeless["uuid"]]
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        '{"answers": []}',
        '{"answers": {}}',
        '{"answers": [1]}',
        '{"answers": [{"item": "x"}]}',
        '{"answers": [{"uuid": "x"}]}',
        json.dumps({"answers": [{"uuid": str(uuid.uuid4())}] * 51}),
        b"\xff\xfe",
    ],
)
def test_what_is_no_list_of_answers_is_refused_whole(client, enrolment, body):
    attempt = begin(enrolment)
    url = reverse("oberih_courses:answers", args=[attempt.uuid])
    response = client.post(url, body, content_type="application/json")
    assert (response.status_code, list(response.json())) == (400, ["error"])


def test_an_attempt_that_is_closed_says_so_and_where_the_result_is(client, enrolment):
    attempt = begin(enrolment)
    actions.submit_attempt(attempt=attempt, language="en")
    item = attempt.drawn[0]
    assert send(client, attempt, one(item["key"], item["correct"])).json() == {
        "state": "closed",
        "reason": "This attempt has been handed in; its answers stay as they are.",
        "url": reverse("oberih_courses:result", args=[attempt.uuid]),
        "answers": [],
    }
    assert Answer.objects.count() == 0


def test_an_answer_that_comes_too_late_closes_the_attempt(client, enrolment):
    attempt = begin(enrolment, minutes_allowed=5)
    Attempt.objects.update(due_at=timezone.now() - timedelta(seconds=31))
    item = attempt.drawn[0]
    reply = send(client, attempt, one(item["key"], item["correct"])).json()
    assert reply["reason"] == "The time for this attempt is up. What you had saved until then is handed in."
    assert list(Attempt.objects.values_list("points", "passed")) == [(0, False)]


def test_a_script_learns_of_extra_time(client, enrolment):
    attempt = begin(enrolment, minutes_allowed=10)
    actions.give_extra_time(enrolment=enrolment, percent=50, by=UserFactory())
    item = attempt.drawn[0]
    attempt.refresh_from_db()
    reply = send(client, attempt, one(item["key"], item["correct"])).json()
    assert reply["due_at"] == attempt.due_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert attempt.due_at == attempt.started_at + timedelta(minutes=15)


def test_a_stranger_and_charlie_find_no_attempt(client, enrolment):
    attempt = begin(enrolment)
    item = attempt.drawn[0]
    charlie = Client()
    charlie.force_login(
        EnrolmentFactory(course=enrolment.course, participant__user=UserFactory()).participant.user
    )
    for somebody in (Client(), charlie):
        assert send(somebody, attempt, one(item["key"], item["correct"])).status_code == 404
        assert send(somebody, attempt).status_code == 404
    assert Answer.objects.count() == 0


def test_a_script_of_another_site_is_refused(enrolment, learner, client):
    attempt = begin(enrolment)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    item = attempt.drawn[0]
    assert send(strict, attempt, one(item["key"], item["correct"])).status_code == 403
    page = strict.get(reverse("oberih_courses:attempt", args=[attempt.uuid]))
    token = str(page.context["csrf_token"])
    answer = one(item["key"], item["correct"])
    assert send(strict, attempt, answer, headers={"X-CSRFToken": token}).status_code == 200


@pytest.mark.parametrize(("count", "before"), [(3, 0), (40, 0), (40, 38)])
def test_saving_an_answer_costs_the_same_whatever_there_is(client, enrolment, count, before):
    attempt = begin(enrolment, QuestionFactory.create_batch(count))
    rows = list(right_answers(attempt).items())
    given = [actions.Given(item, chosen) for item, chosen in rows[:before]]
    actions.save_answers(attempt=attempt, given=given, language="en")
    (item, chosen), wrong = rows[-1], attempt.drawn[-1]["options"][1:2]
    if wrong == chosen:
        wrong = attempt.drawn[-1]["options"][:1]
    visit(client)
    # Session, participant, the attempt with what it has, the answer.
    assert len(cost(client, attempt, one(item, chosen))) == 4
    # And one for the answer before, whose place it takes.
    assert len(cost(client, attempt, one(item, wrong))) == 5


def test_who_has_an_account_pays_for_it_and_for_its_roles(client, enrolment):
    attempt = begin(enrolment)
    user = UserFactory()
    Participant.objects.filter(pk=enrolment.participant_id).update(user=user)
    client.force_login(user)
    item = attempt.drawn[0]
    visit(client)
    assert len(cost(client, attempt, one(item["key"], item["correct"]))) == 6


def visit(client):
    """The first visit writes into the session that somebody is here; it is not what saving costs."""
    client.get(reverse("oberih_courses:learning"))


def cost(client, attempt, answer):
    """The statements that saving takes, without those that frame the transaction."""
    with CaptureQueriesContext(connection) as captured:
        assert states(send(client, attempt, answer)) == ["saved"]
    return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]


def page_of(client, attempt):
    return client.get(reverse("oberih_courses:attempt", args=[attempt.uuid]))


def test_an_old_page_does_not_overwrite_what_was_answered_elsewhere_since(client, enrolment):
    first, second = QuestionFactory(text="First?"), QuestionFactory(text="Second?")
    attempt = begin(enrolment, [first, second])
    a, b = (option_id(first.translation_key, letter) for letter in "ab")
    key, other = str(first.translation_key), str(second.translation_key)
    send(client, attempt, one(key, [a]))
    shown_at = page_of(client, attempt).context["form"]["shown_at"].value()
    send(client, attempt, one(key, [b]))
    url = reverse("oberih_courses:attempt", args=[attempt.uuid])
    old = {"shown_at": shown_at, f"q-{key}": a, f"q-{other}": option_id(second.translation_key, "c")}
    response = client.post(url, {**old, "wish": "hand_in_anyway"}, follow=True)
    assert "You answered “First?” later on another device" in response.content.decode()
    assert actions.chosen_in(attempt) == {key: [b], other: [option_id(second.translation_key, "c")]}
    assert list(Answer.objects.filter(item=key).order_by("pk").values_list("chosen", "is_current")) == [
        ([a], False),
        ([b], True),
        ([a], False),
    ]
    attempt.refresh_from_db()
    assert attempt.submitted_at is None
    # The page that came instead shows it, and what is chosen there counts.
    again = response.context["form"]["shown_at"].value()
    client.post(url, {**old, "shown_at": again, "wish": "hand_in"})
    assert actions.chosen_in(attempt)[key] == [a]


@pytest.mark.parametrize("shown_at", ["", "yesterday", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00"])
def test_a_page_that_says_no_time_counts_as_new(client, enrolment, shown_at):
    attempt = begin(enrolment)
    (item, chosen), *_rest = right_answers(attempt).items()
    url = reverse("oberih_courses:attempt", args=[attempt.uuid])
    response = client.post(url, {"shown_at": shown_at, f"q-{item}": chosen[0], "wish": "later"})
    assert (response.status_code, actions.chosen_in(attempt)) == (302, {item: chosen})
