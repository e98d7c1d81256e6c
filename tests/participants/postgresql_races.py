"""Decisions at once on PostgreSQL; started by `test_races.py`, which gives it a database."""

import threading

import pytest
from django.db import connection

from participants import sameness
from participants.models import Merge, NotSame, Participant
from tests.factories import UserFactory
from tests.participants.factories import person, pointers, reckoned
from tests.participants.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 8


def merging(kept, other, by):
    return lambda: sameness.merge(kept=kept, other=other, by=by)


def test_the_same_pair_is_merged_once():
    assert connection.vendor == "postgresql"
    by = UserFactory()
    for _round in range(ROUNDS):
        one, other = person(), person()
        assert race(*[merging(one, other, by)] * 4) == ["done", "refused", "refused", "refused"]
    assert pointers() == reckoned()
    assert Merge.objects.count() == ROUNDS


def test_a_pair_that_is_merged_both_ways_round_is_merged_one_way():
    by = UserFactory()
    for _round in range(ROUNDS):
        one, other = person(), person()
        assert race(merging(one, other, by), merging(other, one, by)) == ["done", "refused"]
    assert pointers() == reckoned()


def test_chains_and_circles_leave_a_forest():
    by = UserFactory()
    for _round in range(ROUNDS):
        a, b, c = person(), person(), person()
        outcome = race(merging(a, b, by), merging(b, c, by), merging(c, a, by))
        assert set(outcome) <= {"done", "refused"}
        assert pointers() == reckoned()


def test_undoing_while_the_tree_grows_leaves_what_the_decisions_say():
    by = UserFactory()
    for _round in range(ROUNDS):
        a, b, c = person(), person(), person()
        inner = sameness.merge(kept=b, other=c, by=by)
        outcome = race(
            merging(a, b, by),
            lambda inner=inner: sameness.unmerge(merge=inner, by=by),
            lambda inner=inner: sameness.unmerge(merge=inner, by=by),
            sameness.derive,
        )
        assert set(outcome) <= {"done", "refused"}
        assert pointers() == reckoned()


def test_two_people_and_one_person_at_once_do_not_both_stand():
    by = UserFactory()
    for _round in range(ROUNDS):
        one, other = person(), person()
        race(
            merging(one, other, by),
            lambda one=one, other=other: sameness.tell_apart(first=one, second=other, by=by),
        )
        is_merged = Participant.objects.get(pk=other.pk).merged_into_id == one.pk
        assert is_merged != NotSame.objects.filter(first=one, second=other).exists()


def test_without_the_lock_the_same_race_goes_wrong(monkeypatch):
    """The control: if it fails, the tests above prove nothing. Both read before either writes, so that they make a circle,
    or wait for each other until the database ends one of them."""
    both_have_read = threading.Barrier(2)

    def unlocked(rows):
        held = {row.pk: row for row in rows}
        both_have_read.wait(timeout=30)
        return held

    monkeypatch.setattr(sameness, "_lock", unlocked)
    by = UserFactory()
    one, other = person(), person()
    outcome = race(merging(one, other, by), merging(other, one, by))
    assert outcome in (["done", "done"], ["OperationalError", "done"])
