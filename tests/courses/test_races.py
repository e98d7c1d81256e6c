import pytest
from wagtail.models import Locale

from tests.courses import answering_races as races
from tests.processes import run_on_postgresql


@pytest.mark.django_db(transaction=True)
def test_what_is_posted_twice_at_once_is_kept_once():
    Locale.objects.get_or_create(language_code="en")
    outcome, rows = races.the_same_answer_posted_twice_at_once()
    assert (outcome, len(rows)) == ({"saved": 1, "known": 3}, 1)
    assert races.handed_in_twice_at_once() == ([1] * 4, [True])


@pytest.mark.services
def test_answering_at_once_on_postgresql():
    """Runs `postgresql_races.py` in a process of its own, against a database of its own."""
    printed = run_on_postgresql("tests/courses/postgresql_races.py")
    assert "7 passed" in printed, printed
