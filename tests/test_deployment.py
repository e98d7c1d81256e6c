import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": "a-key-of-fifty-characters-for-this-test-only-0123456789",
    "SITE_URL": "https://training.example.org",
    "ALLOWED_HOSTS": "training.example.org",
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
