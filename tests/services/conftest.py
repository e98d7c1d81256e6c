"""The site as it is deployed: PostgreSQL, a broker, a web server and a worker, each a process of its own on loopback.

`make test` names the PostgreSQL in TEST_POSTGRES_URL; the role has to be allowed to create databases.
"""

import os
import shutil
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis

from tests.processes import ROOT, Process, answers, free_port


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.services)
            # One deployment for all of them.
            item.add_marker(pytest.mark.xdist_group("services"))


@dataclass
class Broker(Process):
    """A Redis that answers once it is started, the second time as well."""

    url: str = ""

    def start(self):
        super().start()
        self.wait_until(self._pings, what="Redis to answer")
        return self

    def _pings(self):
        client = redis.Redis.from_url(self.url, socket_timeout=1)
        try:
            return client.ping()
        except redis.ConnectionError:
            return False
        finally:
            client.close()


@dataclass
class Deployment:
    """One site on the services, steered as an operator does: by environment, commands and processes."""

    environment: dict
    folder: Path
    broker: Broker
    url: str
    processes: list = field(default_factory=list)

    def manage(self, *arguments, seconds=180, **environment):
        """Run `manage.py` and return what it printed; it has to succeed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {arguments}:\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def evaluate(self, code):
        """Run Python with the site's models in a process of its own, and return what it printed."""
        return self.manage("shell", "--no-imports", "--command", code).strip()

    def start_worker(self, concurrency=1):
        arguments = ["-m", "celery", "-A", "config.celery", "worker", "--concurrency", str(concurrency)]
        worker = self._start("worker", *arguments, "--without-mingle", "--without-gossip", "--loglevel", "INFO")
        worker.wait_until(lambda: " ready." in worker.written(), what="the worker to be ready")
        return worker

    def start_server(self):
        server = self._start(
            "server", "-m", "gunicorn", "config.wsgi", "--bind", urlsplit(self.url).netloc, "--workers", "2"
        )
        server.wait_until(lambda: answers(self.url), what="the server to answer")
        return server

    def _start(self, name, *arguments):
        log = self.folder / f"{name}-{len(self.processes)}.log"
        process = Process([sys.executable, *arguments], self.environment, log).start()
        self.processes.append(process)
        return process


@pytest.fixture(scope="session")
def postgres_url():
    """A database of this run's own, dropped at its end."""
    server = os.environ.get("TEST_POSTGRES_URL")
    if not server:
        pytest.fail("TEST_POSTGRES_URL names no PostgreSQL. `make test` starts one and sets it.")
    name = f"oberih_services_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    """A Redis that keeps what it was given over a restart: `stop()`, `kill()` and `start()` are faults to test with."""
    folder = tmp_path_factory.mktemp("redis")
    port = free_port()
    server = shutil.which("redis-server")
    if server is None:
        pytest.fail("redis-server is not installed. `make test` installs it.")
    process = Broker(
        [server, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--appendonly", "yes"],
        dict(os.environ),
        folder / "log",
        url=f"redis://127.0.0.1:{port}/0",
    )
    yield process.start()
    process.stop()


@pytest.fixture(scope="session")
def deployment(postgres_url, broker, tmp_path_factory):
    """The migrated site; a test starts the server and the workers that it needs, and all are ended after the last."""
    folder = tmp_path_factory.mktemp("deployment")
    port = free_port()
    site = Deployment(
        environment={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONWARNINGS": "default",
            # Debug mode keeps mails in files and asks no certificate of loopback.
            "DEBUG": "true",
            "DEMO_WITHOUT_SECOND_FACTOR": "true",
            "SECRET_KEY": "services-only-services-only-services-only-0123456789",
            "OBERIH_PARTICIPANTS_CONTACT_KEYS": "1:services-only",
            "VAR_DIR": str(folder),
            "SITE_URL": f"http://localhost:{port}",
            "DATABASE_URL": postgres_url,
            "CELERY_BROKER_URL": broker.url,
            # Shared by the processes, and not lost with the broker when a test takes that away.
            "CACHE_URL": f"filecache://{folder / 'cache'}",
        },
        folder=folder,
        broker=broker,
        url=f"http://localhost:{port}",
    )
    site.manage("migrate", "--verbosity", "0")
    yield site
    for process in reversed(site.processes):
        process.stop()
