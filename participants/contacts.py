"""Contacts in one spelling, and the HMAC under which they are compared."""

import hashlib
import hmac
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from participants.conf import contact_keys


def normal_email(value):
    return value.strip().lower()


def normal_phone(value, country="UA"):
    """`value` as +380…; a number without a country's code is read as one of `country`. Raises ValidationError."""
    digits = re.sub(r"[\s().\-‐-―]", "", value.strip())
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if not digits.startswith("+"):
        if country == "UA" and re.fullmatch(r"0\d{9}", digits):
            digits = f"+38{digits}"
        elif country == "UA" and re.fullmatch(r"380\d{9}", digits):
            digits = f"+{digits}"
    if not re.fullmatch(r"\+[1-9]\d{6,14}", digits):
        raise ValidationError(
            _("Write the phone number with the country’s code, such as +380 67 123 45 67."), code="phone"
        )
    return digits


def digest(kind, value, version=None):
    """The key version and the HMAC-SHA256 of a normalised contact, in hexadecimal; with the newest key if none is named."""
    keys = contact_keys()
    version = max(keys) if version is None else version
    text = f"{kind}:{value}".encode()
    return version, hmac.new(keys[version].encode(), text, hashlib.sha256).hexdigest()


def masked(contact):
    """A contact that its owner recognises and nobody else can use."""
    if "@" in contact:
        name, domain = contact.rsplit("@", 1)
        return f"{name[0]}…@{domain}"
    return f"{contact[:4]}…{contact[-2:]}"
