"""Answers and results at once on PostgreSQL; started by `test_races.py`, which gives it a database."""

import uuid

import pytest
from django.db import connection
from wagtail.models import Locale

from courses import actions
from courses.knowledge import Check, Option
from courses.models import Answer
from tests.courses import answering_races as races
from tests.courses.factories import EnrolmentFactory
from tests.courses.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 6


@pytest.fixture(autouse=True)
def language():
    assert connection.vendor == "postgresql"
    Locale.objects.get_or_create(language_code="en")


def test_an_answer_posted_twice_is_one_answer():
    for _round in range(ROUNDS):
        outcome, rows = races.the_same_answer_posted_twice_at_once()
        assert (outcome, [current for _chosen, current in rows]) == ({"saved": 1, "known": 3}, [True])


def test_of_several_devices_each_answer_is_kept_and_the_latest_counts():
    for _round in range(ROUNDS):
        given, (rows, current) = races.two_devices_answer_one_question_at_once()
        assert sorted(rows) == sorted(chosen for (chosen,) in given)
        assert current == given[-1][0]


def test_handing_in_twice_gives_one_result_and_tells_once():
    for _round in range(ROUNDS):
        assert races.handed_in_twice_at_once() == ([1] * 4, [True])


def test_an_answer_is_counted_or_refused():
    seen = {races.an_answer_while_the_attempt_is_handed_in() for _round in range(ROUNDS * 4)}
    assert seen <= {("saved", 1, 1), ("AttemptClosedError", 0, 0)}


def test_starting_twice_is_one_attempt():
    for _round in range(ROUNDS):
        assert races.started_twice_at_once() == ([1] * 4, 1)


def test_the_last_of_two_marks_gives_the_result():
    for _round in range(ROUNDS):
        assert races.both_open_answers_marked_at_once() == ([1, 1], (2, 2, True))


def test_a_knowledge_check_answered_at_once_has_one_answer_that_counts():
    options = tuple(Option(str(uuid.uuid4()), letter, letter == "a", "") for letter in "abcd")
    check = Check(str(uuid.uuid4()), "What is right?", False, options)
    for _round in range(ROUNDS):
        enrolment = EnrolmentFactory()
        for _again in range(2):
            race(
                *(
                    lambda one=one, enrolment=enrolment: actions.answer_check(
                        enrolment=enrolment, check=check, chosen=[one.id], language="en"
                    )
                    for one in options
                )
            )
            assert Answer.objects.filter(enrolment=enrolment, is_current=True).count() == 1
