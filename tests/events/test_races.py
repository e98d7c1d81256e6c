import os
import subprocess
import sys
import uuid
from urllib.parse import urlsplit, urlunsplit

import pytest

from events.models import Status
from participants.models import Participant
from tests.events.factories import EventFactory
from tests.events.racing import race


@pytest.mark.django_db(transaction=True)
def test_seats_are_not_overbooked_when_many_register_at_once():
    event = EventFactory(capacity=10)
    refused = race(event, threads=8, attempts=48, people=24)
    found = list(event.registrations.values_list("status", flat=True))
    assert refused == {}
    assert (found.count(Status.CONFIRMED), found.count(Status.WAITLISTED), len(found)) == (10, 14, 24)
    assert Participant.objects.count() == 24


@pytest.mark.services
def test_seats_are_not_overbooked_on_postgresql():
    """Runs `postgresql_races.py` in a process of its own, against a database of its own."""
    server = urlsplit(os.environ.get("TEST_POSTGRES_URL", "postgres://root@127.0.0.1:5432/test"))
    database = urlunsplit(server._replace(path=f"/oberih_races_{uuid.uuid4().hex[:8]}"))
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "tests/events/postgresql_races.py",
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
    assert "2 passed" in done.stdout, done.stdout + done.stderr
