import pytest

from participants import sameness
from participants.models import Merge
from tests.factories import UserFactory
from tests.participants.factories import person, pointers, reckoned
from tests.participants.racing import race
from tests.processes import run_on_postgresql


@pytest.mark.django_db(transaction=True)
def test_a_pair_that_is_merged_by_two_at_once_is_merged_once():
    one, other, by = person(), person(), UserFactory()
    outcome = race(
        lambda: sameness.merge(kept=one, other=other, by=by), lambda: sameness.merge(kept=other, other=one, by=by)
    )
    assert (outcome, Merge.objects.count()) == (["done", "refused"], 1)
    assert pointers() == reckoned()


@pytest.mark.services
def test_decisions_at_once_on_postgresql():
    """Runs `postgresql_races.py` in a process of its own, against a database of its own."""
    printed = run_on_postgresql("tests/participants/postgresql_races.py")
    assert "6 passed" in printed, printed
