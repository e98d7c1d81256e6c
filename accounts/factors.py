"""Second factors: who must have one, and how what they rest on is kept."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts import conf
from safeguarding.roles import grants_of
from ui.conf import conf as looks

# Recovery codes alone are no factor: they only stand in for one.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
RETURN_TO = "oberih_accounts.return_to"


class Adapter(DefaultMFAAdapter):
    """Seeds are written with a key that is not in the database: its backup lets nobody in."""

    def encrypt(self, text):
        version = _newest()
        return f"{version}:{_cipher(version).encrypt(text.encode()).decode()}"

    def decrypt(self, encrypted_text):
        version, mark, token = encrypted_text.partition(":")
        # A seed without a version is of a site that had second factors before; `rotate_factors` writes it anew.
        return _cipher(version).decrypt(token.encode()).decode() if mark else encrypted_text

    def get_totp_issuer(self):
        return looks.SITE_NAME

    def generate_authenticator_name(self, user, type):  # noqa: A002
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}

    def can_delete_authenticator(self, authenticator):
        return not is_last_of_staff(authenticator.user, authenticator.pk)


def is_current(encrypted_text):
    """Whether it was encrypted with the newest key."""
    return encrypted_text.startswith(f"{_newest()}:")


def _newest():
    return list(conf.secrets())[-1]


def _cipher(version):
    # Hashed, so that a key of any length will do; it has to be random, since nothing here slows a guess.
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(conf.secrets()[version].encode()).digest()))


def works_here(user):
    """Whether the user holds a role, or may enter Wagtail's admin."""
    return holds_role(user) or user.has_perm("wagtailadmin.access_admin")


def holds_role(user):
    return user.is_superuser or bool(grants_of(user))


def has_factor(user):
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def is_last_of_staff(user, pk):
    """Whether taking this factor away would leave somebody of the staff without any."""
    others = Authenticator.objects.filter(user=user, type__in=FACTORS).exclude(pk=pk)
    return conf.second_factor_required() and works_here(user) and not others.exists()


def gate(request):
    """Lead whoever has no second factor to setting one up, and remember where they were going."""
    if not conf.second_factor_required() or has_factor(request.user):
        return None
    if request.method not in {"GET", "HEAD"}:
        # What was sent cannot be sent again from there, and a script must not take that page for an answer.
        raise PermissionDenied
    request.session[RETURN_TO] = request.get_full_path()
    return redirect("oberih_accounts:second_factor")
