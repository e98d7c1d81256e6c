import os
import subprocess
import sys
import uuid
from urllib.parse import urlsplit, urlunsplit

import pytest


@pytest.mark.services
def test_a_key_is_not_used_too_often_on_postgresql():
    """Runs `postgresql_key_races.py` in a process of its own, against a database of its own."""
    server = urlsplit(os.environ.get("TEST_POSTGRES_URL", "postgres://root@127.0.0.1:5432/test"))
    database = urlunsplit(server._replace(path=f"/oberih_races_{uuid.uuid4().hex[:8]}"))
    command = [
        *(
            sys.executable,
            "-m",
            "pytest",
            "tests/courses/postgresql_key_races.py",
            "--no-migrations",
            "--create-db",
        ),
        *("-q", "-p", "no:cacheprovider", "-p", "no:randomly"),
    ]
    done = subprocess.run(
        command, env={**os.environ, "DATABASE_URL": database}, capture_output=True, text=True, check=False
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr
