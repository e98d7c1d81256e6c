"""Programs that a test starts beside itself: each in a group of its own, ended by that group's number."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).parent.parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, *, what, seconds=30):
    """Ask `condition` until it answers with something true, and return that."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(0.1)
    return answer


def answers(url):
    """Whether a web server speaks there; whatever it says."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@dataclass
class Process:
    """A program with its children in a process group of their own, so that all of them can be ended by one number."""

    arguments: list
    environment: dict
    log: Path
    process: subprocess.Popen = None

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.arguments,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def written(self):
        return self.log.read_text(errors="replace")

    def wait_until(self, condition, *, what, seconds=60):
        """As `wait_for`, and at once when the program ends instead; the failure shows what it wrote."""

        def asked():
            assert self.process.poll() is None, f"ended before {what}:\n{self.written()[-3000:]}"
            return condition()

        try:
            wait_for(asked, what=what, seconds=seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.written()[-3000:]}") from None

    def finish(self, seconds=300):
        """Wait for the program to end well."""
        status = self.process.wait(seconds)
        assert status == 0, f"ended with {status}:\n{self.written()[-3000:]}"

    def stop(self):
        self._end(signal.SIGTERM)

    def kill(self):
        """As when the power fails: nothing is finished and nobody is told."""
        self._end(signal.SIGKILL)

    def _end(self, how):
        if self.process is None or self.process.poll() is not None:
            return
        os.killpg(self.process.pid, how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


def run_on_postgresql(path):
    """Run tests in a process of their own against a PostgreSQL database of their own. Returns all that was printed."""
    server = urlsplit(os.environ.get("TEST_POSTGRES_URL", "postgres://root@127.0.0.1:5432/test"))
    database = urlunsplit(server._replace(path=f"/oberih_races_{uuid.uuid4().hex[:8]}"))
    command = [
        *(sys.executable, "-m", "pytest", path, "--no-migrations", "--create-db"),
        *("-q", "-p", "no:cacheprovider", "-p", "no:randomly"),
    ]
    done = subprocess.run(
        command, env={**os.environ, "DATABASE_URL": database}, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr
