import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PRODUCTION = {
    # Whatever the .env of a demonstration beside it says.
    "DEMO_WITHOUT_SECOND_FACTOR": "false",
    "DEBUG": "false",
    "SECRET_KEY": "a-key-of-fifty-characters-for-this-test-only-0123456789",
    "SITE_URL": "https://training.example.org",
    "ALLOWED_HOSTS": "training.example.org",
    "PACKAGE_ORIGIN": "https://packages.example.org",
    "OBERIH_PARTICIPANTS_CONTACT_KEYS": "1:another-secret-for-this-test-only",
}


def check(tmp_path, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_production_settings_pass_the_deployment_checks(tmp_path):
    done = check(tmp_path, **PRODUCTION)
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n"), done.stderr


def test_a_site_without_a_secret_key_says_what_to_do(tmp_path):
    done = check(tmp_path, **{**PRODUCTION, "SECRET_KEY": ""})
    assert done.returncode == 1
    assert (
        done.stderr.strip()
        .splitlines()[-1]
        .endswith(
            "SECRET_KEY is not set. Run `make setup`, which writes .env, or set the variable to 50 random characters."
        )
    )


def test_a_site_that_waives_the_second_factor_of_its_staff_is_refused(tmp_path):
    done = check(tmp_path, **{**PRODUCTION, "DEMO_WITHOUT_SECOND_FACTOR": "true"})
    assert (done.returncode, "oberih_accounts.E001" in done.stderr) == (1, True), done.stderr


def settings_say(tmp_path, asked, **environment):
    """What the settings of a site in production say, printed by `asked`, in which they are called `s`."""
    done = subprocess.run(
        [sys.executable, "-c", f"from config import settings as s; print({asked})"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **PRODUCTION, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_cookies_are_for_this_host_and_for_https_alone(tmp_path):
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"]
    promises = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY"]
    asked = ", ".join(f"s.{name}" for name in [*names, *promises, "SESSION_COOKIE_SAMESITE"])
    said = settings_say(tmp_path, asked)
    assert said == ["__Host-sessionid", "__Host-csrftoken", "True", "True", "True", "Lax"]


def test_commands_to_redis_share_a_client(tmp_path):
    asked = "s.CACHES['default']['BACKEND']"
    assert settings_say(tmp_path, asked, CACHE_URL="redis://127.0.0.1:6379/1") == ["config.caching.RedisCache"]
    assert settings_say(tmp_path, asked) == ["django.core.cache.backends.locmem.LocMemCache"]


FLOOR = [
    Requirement(line)
    for line in (ROOT / "requirements" / "security-floor.txt").read_text().splitlines()
    if line and not line.startswith("#")
]


def below(floor, pins):
    """Of the pinned versions, those in which a hole is known, and what is not pinned at all."""
    return [str(one) for one in floor if one.name not in pins or pins[one.name] not in one.specifier]


@pytest.mark.parametrize("pinned", ["base.txt", "dev.txt", "wagtail8.txt"])
def test_nothing_is_pinned_below_the_security_floor(pinned):
    pins = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "requirements" / pinned).read_text(), re.MULTILINE))
    assert {one.name for one in FLOOR} >= {"django", "wagtail", "django-allauth", "weasyprint", "pillow"}
    assert below(FLOOR, pins) == []
    assert below(FLOOR, {**pins, "django": "5.2.18"}) == ["django>=5.2.19"]


def test_nothing_is_installed_below_the_security_floor():
    assert below(FLOOR, {one.name: version(one.name) for one in FLOOR}) == []
