import pytest

from tests.processes import run_on_postgresql


@pytest.mark.services
def test_a_key_is_not_used_too_often_on_postgresql():
    """Runs `postgresql_key_races.py` in a process of its own, against a database of its own."""
    printed = run_on_postgresql("tests/courses/postgresql_key_races.py")
    assert "2 passed" in printed, printed
