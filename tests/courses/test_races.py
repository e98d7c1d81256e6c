import os
import subprocess
import sys
import uuid
from urllib.parse import urlsplit, urlunsplit

import pytest
from wagtail.models import Locale

from tests.courses import answering_races as races


@pytest.mark.django_db(transaction=True)
def test_what_is_posted_twice_at_once_is_kept_once():
    Locale.objects.get_or_create(language_code="en")
    outcome, rows = races.the_same_answer_posted_twice_at_once()
    assert (outcome, len(rows)) == ({"saved": 1, "known": 3}, 1)
    assert races.handed_in_twice_at_once() == ([1] * 4, [True])


@pytest.mark.services
def test_answering_at_once_on_postgresql():
    """Runs `postgresql_races.py` in a process of its own, against a database of its own."""
    server = urlsplit(os.environ.get("TEST_POSTGRES_URL", "postgres://root@127.0.0.1:5432/test"))
    database = urlunsplit(server._replace(path=f"/oberih_answers_{uuid.uuid4().hex[:8]}"))
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "tests/courses/postgresql_races.py",
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
    assert "7 passed" in done.stdout, done.stdout + done.stderr
