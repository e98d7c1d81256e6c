import os
import subprocess
import sys
import uuid
from urllib.parse import urlsplit, urlunsplit

import pytest

from participants import sameness
from participants.models import Merge
from tests.factories import UserFactory
from tests.participants.factories import person, pointers, reckoned
from tests.participants.racing import race


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
    server = urlsplit(os.environ.get("TEST_POSTGRES_URL", "postgres://root@127.0.0.1:5432/test"))
    database = urlunsplit(server._replace(path=f"/oberih_same_{uuid.uuid4().hex[:8]}"))
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "tests/participants/postgresql_races.py",
            "--no-migrations",
            "--create-db",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:randomly",
        ],
        env={**os.environ, "DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "6 passed" in done.stdout, done.stdout + done.stderr
