"""What was answered and read without a network, when a phone sends it."""

import datetime as dt
import json
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses import actions
from courses.models import Answer, Course, LessonProgress, LessonState
from courses.offline.device import learner_mark
from courses.offline.forms import MOST
from participants.models.person import ContactKey
from tests.courses import trees
from tests.courses.factories import LearnerFactory

pytestmark = pytest.mark.django_db

URL = "oberih_courses:lesson_answers"


@pytest.fixture
def taught(index, learner):
    """A course with a check in its first lesson, taken by the learner since yesterday."""
    return Taught(index, learner)


class Taught:
    def __init__(self, index, learner):
        self.page, _module, (self.lesson, self.other_lesson) = trees.course(index)
        self.ask(trees.check_block())
        self.learner = learner
        self.enrolment = actions.enrol(
            participant=learner, course=Course.objects.get(key=self.page.translation_key)
        )
        self.enrolment.enrolled_at = timezone.now() - dt.timedelta(days=1)
        self.enrolment.save(update_fields=["enrolled_at"])

    def ask(self, *checks):
        self.checks = checks
        self.lesson.body = trees.lesson("x", *checks).body
        trees.publish(self.lesson)

    def option(self, letter, check=0):
        return self.checks[check]["value"]["options"]["abc".index(letter)]["id"]

    def answer(self, letter="a", *, minutes_ago=60, check=0, **values):
        return {
            "uuid": str(uuid.uuid4()),
            "lesson": str(self.lesson.translation_key),
            "item": self.checks[check]["id"],
            "chosen": [self.option(letter, check)],
            "language": "en",
            "given_at": (timezone.now() - dt.timedelta(minutes=minutes_ago)).isoformat(),
            **values,
        }

    def read(self, lesson):
        return self.answer(item=None, chosen=[], lesson=str(lesson.translation_key))

    def rows(self):
        """(letter, whether it counts, whether it was right) of all rows, in the order they were given."""
        letters = {self.option(letter): letter for letter in "abc"}
        rows = Answer.objects.filter(enrolment=self.enrolment).order_by("given_at")
        return [("".join(letters[one] for one in row.chosen), row.is_current, row.correct) for row in rows]


def send(client, taught, *answers, learner=None, sent_at=None):
    body = {
        "learner": learner_mark(learner or taught.learner),
        "sent_at": (sent_at or timezone.now()).isoformat(),
        "answers": list(answers),
    }
    return client.post(reverse(URL), body, content_type="application/json")


def states(response):
    assert response.status_code == 200, response.content
    return [one["state"] for one in response.json()["answers"]]


def test_answers_of_a_phone_are_kept_with_the_time_they_were_given(client, taught):
    answer = taught.answer("b", minutes_ago=90)
    response = send(client, taught, answer)
    assert response.json() == {
        "state": "received",
        "answers": [
            {
                "uuid": answer["uuid"],
                "lesson": answer["lesson"],
                "state": "saved",
                "reason": "",
                "title": "Lesson 1",
                "url": taught.lesson.get_url(),
            }
        ],
    }
    row = Answer.objects.get()
    assert (str(row.uuid), row.chosen, row.correct, row.language) == (
        answer["uuid"],
        answer["chosen"],
        False,
        "en",
    )
    assert abs(row.given_at - dt.datetime.fromisoformat(answer["given_at"])) < dt.timedelta(seconds=5)


def test_an_answer_that_is_sent_twice_is_one_row(client, taught):
    answer = taught.answer()
    assert states(send(client, taught, answer)) == ["saved"]
    assert states(send(client, taught, answer, answer)) == ["known", "known"]
    assert taught.rows() == [("a", True, True)]


def test_a_phone_whose_clock_is_wrong_is_believed_about_how_long_ago_it_was(client, taught):
    ahead = dt.timedelta(days=400)
    answer = taught.answer(minutes_ago=30)
    answer["given_at"] = (dt.datetime.fromisoformat(answer["given_at"]) + ahead).isoformat()
    send(client, taught, answer, sent_at=timezone.now() + ahead)
    ago = timezone.now() - Answer.objects.get().given_at
    assert dt.timedelta(minutes=29) < ago < dt.timedelta(minutes=31)


def test_nothing_is_answered_in_the_future_or_before_the_course_was_begun(client, taught):
    taught.ask(trees.check_block(), trees.check_block())
    early, late = taught.answer(minutes_ago=10_000), taught.answer(check=1, minutes_ago=-60)
    send(client, taught, early, late)
    given = dict(Answer.objects.values_list("uuid", "given_at"))
    assert given[uuid.UUID(early["uuid"])] == taught.enrolment.enrolled_at
    assert given[uuid.UUID(late["uuid"])] <= timezone.now()


@pytest.mark.parametrize("late_first", [True, False])
def test_of_two_devices_the_later_answer_counts_whichever_arrives_first(client, taught, late_first):
    early, late = taught.answer("b", minutes_ago=50), taught.answer("a", minutes_ago=20)
    first, second = (late, early) if late_first else (early, late)
    assert states(send(client, taught, first)) == ["saved"]
    response = send(client, taught, second)
    assert states(response) == ["older" if late_first else "saved"]
    told = response.json()["answers"][0]["reason"]
    assert told == ("You answered this later on another device, and that answer counts." if late_first else "")
    assert taught.rows() == [("b", False, False), ("a", True, True)]


def test_answers_of_one_batch_are_kept_in_the_order_they_were_given(client, taught):
    late, early = taught.answer("c", minutes_ago=5), taught.answer("b", minutes_ago=50)
    assert states(send(client, taught, late, early)) == ["saved", "saved"]
    assert taught.rows() == [("b", False, False), ("c", True, False)]


def test_what_changes_nothing_adds_no_row(client, taught):
    send(client, taught, taught.answer("a", minutes_ago=50))
    assert states(send(client, taught, taught.answer("a", minutes_ago=20))) == ["known"]
    assert taught.rows() == [("a", True, True)]


def test_what_can_no_longer_be_kept_is_told_with_its_reason_and_the_rest_is_kept(client, taught):
    gone, changed, kept = taught.answer(), taught.answer(check=0), taught.answer()
    old_option = taught.option("b")
    taught.ask(trees.check_block())
    changed |= {"item": taught.checks[0]["id"], "chosen": [old_option]}
    kept |= {"item": taught.checks[0]["id"], "chosen": [taught.option("a")]}
    nowhere = taught.answer(lesson=str(uuid.uuid4()))
    unreadable = taught.answer(given_at="yesterday")
    response = send(client, taught, gone, changed, kept, nowhere, unreadable)
    told = {one["uuid"]: (one["state"], one["reason"]) for one in response.json()["answers"]}
    assert told == {
        gone["uuid"]: ("refused", "This question is no longer in the lesson."),
        changed["uuid"]: (
            "refused",
            "The answers to this question have been changed in the meantime. Please answer it again.",
        ),
        kept["uuid"]: ("saved", ""),
        nowhere["uuid"]: ("refused", "This lesson is no longer there."),
        unreadable["uuid"]: ("refused", "Enter a valid date/time."),
    }
    assert taught.rows() == [("a", True, True)]


def test_two_answers_to_a_question_with_one_are_refused(client, taught):
    both = taught.answer(chosen=[taught.option("a"), taught.option("b")])
    assert states(send(client, taught, both)) == ["refused"]
    assert taught.rows() == []


def test_lessons_that_were_read_are_done(client, taught):
    answers = [taught.read(taught.lesson), taught.read(taught.other_lesson)]
    assert states(send(client, taught, *answers)) == ["saved", "saved"]
    send(client, taught, *answers)
    done = LessonProgress.objects.filter(state=LessonState.COMPLETED)
    assert set(done.values_list("enrolment", "lesson")) == {
        (taught.enrolment.pk, taught.lesson.translation_key),
        (taught.enrolment.pk, taught.other_lesson.translation_key),
    }
    taught.enrolment.refresh_from_db()
    assert (taught.enrolment.completed_language, taught.enrolment.completed_at is None) == ("en", False)


def test_nobody_sends_what_somebody_else_answered_on_the_same_phone(client, taught):
    other = LearnerFactory()
    response = send(client, taught, taught.answer(), learner=other)
    assert (response.status_code, response.json()["state"]) == (409, "other")
    assert taught.rows() == []


def test_the_key_of_somebody_else_s_answer_opens_nothing(client, taught):
    other = LearnerFactory()
    theirs = Answer.objects.create(
        enrolment=actions.enrol(participant=other, course=taught.enrolment.course),
        item=uuid.uuid4(),
        chosen=["x"],
        correct=False,
        language="en",
    )
    response = send(client, taught, taught.answer(uuid=str(theirs.uuid)))
    assert states(response) == ["refused"]
    assert list(Answer.objects.values_list("pk", "chosen")) == [(theirs.pk, ["x"])]


def test_who_does_not_take_the_course_is_refused(client, taught):
    taught.enrolment.withdrawn_at = timezone.now()
    taught.enrolment.save(update_fields=["withdrawn_at"])
    response = send(client, taught, taught.answer(), taught.read(taught.lesson))
    assert [one["reason"] for one in response.json()["answers"]] == [
        "You do not take the course of this lesson."
    ] * 2
    assert (Answer.objects.count(), LessonProgress.objects.count()) == (0, 0)


def test_a_stranger_is_told_to_log_in(index, client):
    assert client.get(reverse(URL)).json()["learners"] == []
    response = client.post(reverse(URL), {}, content_type="application/json")
    assert (response.status_code, response.json()["state"]) == (403, "nobody")


@pytest.mark.parametrize("is_proved", [True, False])
def test_answers_given_before_two_rows_became_one_person_arrive_if_both_are_proved_theirs(
    client, taught, is_proved
):
    before = LearnerFactory(merged_into=taught.learner)
    for row, verified in ((taught.learner, True), (before, is_proved)):
        ContactKey.objects.create(
            participant=row,
            kind="email",
            digest="one-address",
            key_version=1,
            verified_at=timezone.now() if verified else None,
        )
    marks = [learner_mark(taught.learner), *([learner_mark(before)] if is_proved else [])]
    assert client.get(reverse(URL)).json()["learners"] == marks
    assert send(client, taught, taught.answer(), learner=before).status_code == (200 if is_proved else 409)
    assert len(taught.rows()) == is_proved


@pytest.mark.parametrize(
    "body",
    [
        "no JSON",
        "[]",
        "{}",
        '{"learner": "x", "sent_at": "2026-01-01T00:00:00Z", "answers": {}}',
        '{"learner": "x", "sent_at": "2026-01-01T00:00:00Z", "answers": [1]}',
        '{"learner": "x", "sent_at": "soon", "answers": []}',
        json.dumps({"learner": "x", "sent_at": "2026-01-01T00:00:00Z", "answers": [{}] * (MOST + 1)}),
    ],
)
def test_what_is_no_list_of_answers_is_refused_whole(client, taught, body):
    response = client.post(reverse(URL), body, content_type="application/json")
    assert (response.status_code, response.json()["state"]) == (400, "unreadable")


@pytest.mark.parametrize("chosen", ["x", {"a": 1}, [], None, ["x"] * 51])
def test_an_answer_that_is_none_is_refused_alone(client, taught, chosen):
    assert states(send(client, taught, taught.answer(chosen=chosen))) == ["refused"]
    assert taught.rows() == []


def test_a_token_is_needed(taught, client):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert send(strict, taught, taught.answer()).status_code == 403
    token = strict.get(reverse(URL)).json()["token"]
    body = {
        "learner": learner_mark(taught.learner),
        "sent_at": timezone.now().isoformat(),
        "answers": [taught.answer()],
    }
    headers = {"X-CSRFToken": token}
    assert states(strict.post(reverse(URL), body, content_type="application/json", headers=headers)) == ["saved"]


def test_saving_a_hundred_answers_costs_what_one_costs(client, taught):
    def cost(count):
        taught.ask(*(trees.check_block() for _ in range(count)))
        answers = [taught.answer(check=number) for number in range(count)]
        with CaptureQueriesContext(connection) as captured:
            assert states(send(client, taught, *answers)) == ["saved"] * count
        return len(captured)

    cost(1)
    assert cost(1) == cost(20)


def test_only_a_learner_s_own_page_says_whose_phone_it_is(client, taught):
    mark = learner_mark(taught.learner)
    for page in (taught.page, taught.lesson):
        assert f'data-learner="{mark}"' in client.get(page.get_url()).content.decode()
    client.session.flush()
    client.cookies.clear()
    stranger = client.get(taught.lesson.get_url()).content.decode()
    assert 'data-learner=""' in stranger
    assert str(taught.learner.uuid) not in mark
