"""What registering and an event's page cost as they are deployed: gunicorn, PostgreSQL, Redis, one worker process.

Requests go over HTTP, one kind after the other in interleaved rounds, and what counts is the processor time of the
worker: it depends least on what else the machine does. Prints; asserts what was written, and no time.
"""

import http.client
import os
import re
import statistics
import subprocess
import sys
import time
import uuid
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from tests.processes import ROOT, Process, free_port
from tests.services.conftest import broker, postgres_url  # noqa: F401

pytestmark = pytest.mark.load

ROUNDS, SECONDS, LISTED = 5, 1.5, 200
_TICKS = os.sysconf("SC_CLK_TCK")

_PREPARE = f"""
from django.core.management import call_command
from tests.events.factories import EventFactory
from events.models import RegistrationPolicy
EventFactory(code="full-of-life", capacity=1_000_000)
EventFactory(code="bare", capacity=1_000_000)
for number in range({LISTED}):
    EventFactory(code=f"listed-{{number:03}}", capacity=20)
"""


class Server:
    def __init__(self, environment, folder):
        self.port = free_port()
        self.environment = {**environment, "SITE_URL": f"http://localhost:{self.port}"}
        self.process = Process(
            [
                *(sys.executable, "-m", "gunicorn", "tests.load.event_site:application", "--workers", "1"),
                *("--bind", f"127.0.0.1:{self.port}"),
            ],
            self.environment,
            folder / "gunicorn.log",
        )

    def manage(self, *arguments):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]

    def start(self):
        self.process.start()
        self.process.wait_until(self.answers, what="the server to answer")

    def answers(self):
        try:
            return self.ask("GET", "/bare/")[0] == 200
        except OSError:
            return False

    def ask(self, method, path, body=None, **headers):
        """(status, headers, body) of one request, as a proxy before the server makes it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        about = {"Host": "localhost", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1", **headers}
        if body is not None:
            about |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": "https://localhost/"}
        try:
            connection.request(method, path, body, about)
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def cpu_seconds(self):
        """The processor time that the worker has used until now."""
        children = Path(f"/proc/{self.process.process.pid}/task/{self.process.process.pid}/children").read_text()
        (worker,) = children.split()
        fields = Path(f"/proc/{worker}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


@pytest.fixture
def server(postgres_url, broker, tmp_path):  # noqa: F811
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "DEBUG": "false",
        "DEMO_WITHOUT_SECOND_FACTOR": "false",
        "SECRET_KEY": "load-only-load-only-load-only-load-only-0123456789",
        "OBERIH_PARTICIPANTS_CONTACT_KEYS": "1:load-only",
        "VAR_DIR": str(tmp_path),
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": postgres_url,
        "CELERY_BROKER_URL": broker.url,
        "CACHE_URL": broker.url.replace("/0", "/1"),
    }
    made = Server(environment, tmp_path)
    made.manage("migrate", "--verbosity", "0")
    made.manage("collectstatic", "--noinput", "--verbosity", "0")
    made.manage("shell", "--no-imports", "--command", _PREPARE)
    made.start()
    yield made
    made.process.stop()


class Form:
    """The registration form of one event, filled in by somebody new each time."""

    def __init__(self, server, code):
        self.server, self.path = server, f"/en/events/{code}/register/"
        status, headers, page = server.ask("GET", self.path, **{"Accept-Language": "en"})
        assert status == 200, page[:2000]
        self.cookie = headers["Set-Cookie"].partition(";")[0]
        hidden = re.findall(rb'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page)
        self.given = {name.decode(): value.decode() for name, value in hidden}
        self.sent = 0

    def send(self):
        self.sent += 1
        said = {
            **self.given,
            "submission": str(uuid.uuid4()),
            "full_name": f"Olena Koval {self.sent}",
            "email": f"olena{self.sent}@example.org",
            "of_age": "on",
            "agree": "on",
        }
        about = {"Cookie": self.cookie, "Accept-Language": "en"}
        status, headers, page = self.server.ask("POST", self.path, urlencode(said), **about)
        assert (status, "/registered/" in headers.get("Location", "")) == (302, True), page[:3000]


def test_what_registering_costs(capsys, server, postgres_url):  # noqa: F811
    form = Form(server, "full-of-life")
    bare = urlencode({"code": "bare"})

    def get(path):
        status, _headers, page = server.ask("GET", path, **{"Accept-Language": "en"})
        assert status == 200, page[:2000]

    kinds = {
        "bare view behind the same middleware": lambda: get("/bare/"),
        "event page, kept": lambda: get("/en/events/listed-007/"),
        f"list of {LISTED} events with their free seats, kept": lambda: get("/en/events/"),
        "bare transaction: lock, count, two rows": lambda: server.ask("POST", "/bare-transaction/", bare),
        "registration, confirmed": form.send,
    }
    costs, walls = {name: [] for name in kinds}, {name: [] for name in kinds}
    for act in kinds.values():
        act()
    for _round in range(ROUNDS):
        for name, act in kinds.items():
            cpu, began, done = server.cpu_seconds(), time.monotonic(), 0
            while time.monotonic() - began < SECONDS:
                asked = time.monotonic()
                act()
                walls[name].append(time.monotonic() - asked)
                done += 1
            costs[name].append((server.cpu_seconds() - cpu) / done)
    with capsys.disabled():
        sys.stdout.write("\n CPU ms  per CPU s  p50 ms  p95 ms\n")
        for name in kinds:
            cost = statistics.median(costs[name])
            middle, late = (statistics.quantiles(walls[name], n=20)[place] * 1000 for place in (9, 18))
            sys.stdout.write(f"{cost * 1000:7.2f} {1 / cost:10.0f} {middle:7.1f} {late:7.1f}  {name}\n")
    with psycopg.connect(postgres_url) as connection:
        written = connection.execute(
            "SELECT r.status, count(*), count(DISTINCT r.participant_id) FROM oberih_events_registration r"
            " JOIN oberih_events_event e ON e.id = r.event_id WHERE e.code = 'full-of-life' GROUP BY 1"
        ).fetchall()
    assert written == [("confirmed", form.sent, form.sent)]
