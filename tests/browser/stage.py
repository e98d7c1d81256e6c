"""The demonstration on a web server of its own, as it is deployed: debug mode off, static files hashed and compressed.

Filling it takes half a minute, so it is done once a run, and each worker of a run puts up its own copy. What a test changes
is taken back by `rewind()`.
"""

import fcntl
import json
import os
import shutil
import sqlite3
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.processes import Process, answers, free_port


@dataclass
class Stage:
    folder: Path
    port: int = field(default_factory=free_port)
    places: dict = field(default_factory=dict)
    sessions: dict = field(default_factory=dict)

    @property
    def url(self):
        # Not 127.0.0.1: browsers keep a cookie for encrypted connections on the name of this machine alone.
        return f"http://localhost:{self.port}"

    @property
    def environment(self):
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "DEBUG": "false",
            "SECRET_KEY": "stage-only-stage-only-stage-only-stage-only-0123456789",
            "OBERIH_PARTICIPANTS_CONTACT_KEYS": "1:stage-only",
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "SITE_URL": self.url,
            "ALLOWED_HOSTS": "localhost",
            "SECURE_SSL_REDIRECT": "false",
            "LOG_LEVEL": "WARNING",
        }

    @property
    def database(self):
        return self.folder / "site.sqlite3"

    @property
    def pristine(self):
        return self.folder / "pristine.sqlite3"

    @property
    def facts(self):
        return self.folder / "facts.json"

    @classmethod
    def copy_of(cls, original, folder):
        """The stage in `folder` as it stands in `original`, which is built there by whoever comes first."""
        original.mkdir(exist_ok=True)
        with (original / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (original / "pristine.sqlite3").exists():
                cls(original).build()
        shutil.copytree(original, folder)
        stage = cls(folder)
        facts = json.loads(stage.facts.read_text())
        stage.places, stage.sessions = facts["places"], facts["sessions"]
        return stage

    def build(self):
        """Fill the database and gather the static files, side by side."""
        furnish = f"from tests.browser.furnish import furnish; furnish({str(self.facts)!r})"
        filling = self.run("manage.py", "shell", "--no-imports", "--command", furnish, log="fill", DEBUG="true")
        gathering = self.run("manage.py", "collectstatic", "--noinput", "--verbosity", "0", log="static")
        try:
            filling.finish()
            gathering.finish()
        finally:
            filling.stop()
            gathering.stop()
        _copy(self.database, self.pristine)

    def serve(self, **environment):
        """Start a web server on this site."""
        arguments = ["--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", "4"]
        server = self.run(
            "-m",
            "gunicorn",
            "config.wsgi",
            *arguments,
            log=f"server-{self.port}",
            EMAIL_URL="dummymail://",
            **environment,
        )
        server.wait_until(lambda: answers(f"{self.url}/en/verify/"), what="the site to answer")
        return server

    def elsewhere(self, port):
        """The same site on another port, for a server with other settings."""
        return replace(self, port=port)

    def run(self, *arguments, log, **environment):
        return Process(
            [sys.executable, *arguments], {**self.environment, **environment}, self.folder / f"{log}.log"
        ).start()

    def rewind(self):
        """Everything as it was, while the server runs."""
        _copy(self.pristine, self.database)

    def path(self, address, language="en"):
        return address.format(lang=language, **self.places)

    def admit(self, context, role):
        """Log the role in, in this browser, without its form."""
        context.add_cookies([{"name": "sessionid", "value": self.sessions[role], "url": self.url}])


def _copy(source, target):
    with sqlite3.connect(source) as one, sqlite3.connect(target, timeout=20) as other:
        one.backup(other)
    one.close()
    other.close()
