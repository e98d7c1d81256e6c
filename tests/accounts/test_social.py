"""Log-in by another service is there only where a site names one."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from accounts.checks import addresses
from accounts.social import SocialAccountAdapter

ROOT = Path(__file__).parent.parent.parent
NAMED = {"OIDC_URL": "https://id.example.org", "OIDC_CLIENT_ID": "site", "OIDC_SECRET": "secret"}
LOOK = """
import django
django.setup()
from django.core.management import call_command
from django.urls import reverse
call_command("check")
print(reverse("openid_connect_login", kwargs={"provider_id": "oidc"}))
"""


def test_without_a_provider_there_is_no_address_of_it():
    with pytest.raises(NoReverseMatch):
        reverse("openid_connect_login", kwargs={"provider_id": "oidc"})
    found = [path for path, _view in addresses(get_resolver()) if "oidc" in path or "3rdparty" in path]
    assert found == []


def test_with_a_provider_there_is(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "DEBUG": "true",
        "SECRET_KEY": "tests only",
    }
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=ROOT,
        env={**environment, **NAMED, "DJANGO_SETTINGS_MODULE": "config.settings", "EMAIL_URL": "dummymail://"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.splitlines()[-1:] == ["/en/accounts/oidc/oidc/login/"], done.stderr


@pytest.mark.parametrize(
    ("said", "counts"),
    [(True, True), (False, False), ("true", False), ("false", False), (None, False), (1, False)],
)
def test_an_address_is_proved_only_if_the_provider_says_so(rf, said, counts):
    address = SimpleNamespace(email="a@example.org", verified=said)
    SocialAccountAdapter().pre_social_login(rf.get("/"), SimpleNamespace(email_addresses=[address]))
    assert address.verified is counts
