"""Links that fit into a text message: of two segments in Cyrillic, 134 characters, an ordinary signed one takes 120.

They lead on to the ordinary ones and open nothing by themselves. What keeps strangers out is a signature of 72 bits over
whose link it is and everything that ends it. The registration's number is veiled: by two links of their own somebody
could otherwise count who registered between them.
"""

import base64
import datetime as dt
import hmac

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from events import conf, guardians
from events.models import Registration
from participants.conf import link_days
from participants.identity import link_token

_SALT = "oberih.events.short_links"
_PERSON, _GUARDIAN = "p", "g"
# Half the bits of a veiled number: all of them are seven signs.
_HALF = 18
_TURNS = range(4)


def to_registration(registration, *, now=None):
    return _path(_PERSON, registration, registration.participant.link_version, now)


def to_guardian(registration, version, *, now=None):
    return _path(_GUARDIAN, registration, version, now)


def leads_to(token, *, now=None):
    """The path that a short link stands for; None if it is forged, old or withdrawn."""
    now = now or timezone.now()
    try:
        kind, number, made, signature = token[0], *token[1:].split("-", 2)
        veiled, at = base36_to_int(number), dt.datetime.fromtimestamp(base36_to_int(made), dt.UTC)
    except (IndexError, ValueError, OverflowError, OSError):
        return None
    if veiled >> 2 * _HALF:
        return None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    by_key = {key: _turned(veiled, key, reversed(_TURNS)) for key in keys}
    rows = Registration.objects.select_related("participant", "confidential").in_bulk(by_key.values())
    paths = (
        _path_of(rows.get(pk), kind, f"{kind}{number}-{made}", signature, key, at, now)
        for key, pk in by_key.items()
    )
    return next(filter(None, paths), None)


def _path_of(found, kind, text, signature, key, at, now):
    if found is None or found.participant.erased_at is not None:
        return None
    held = getattr(found, "confidential", None)
    days, version = {
        _PERSON: (link_days(), found.participant.link_version),
        _GUARDIAN: (conf.guardian_link_days(), held.guardian_link_version if held else None),
    }.get(kind, (0, None))
    if version is None or now - at > dt.timedelta(days=days):
        return None
    # As bytes, since a forged one may hold any letters.
    if not hmac.compare_digest(_signature(text, version, key).encode(), signature.encode()):
        return None
    if kind == _GUARDIAN:
        return reverse("oberih_events:guardian", kwargs={"token": guardians.token(found, version, now=at)})
    enter = reverse("oberih_participants:enter", kwargs={"token": link_token(found.participant, "phone")})
    return f"{enter}?to={reverse('oberih_events:registration', kwargs={'uuid': found.uuid})}"


def _path(kind, registration, version, now):
    made = int((now or timezone.now()).timestamp())
    veiled = _turned(registration.pk, settings.SECRET_KEY, _TURNS)
    text = f"{kind}{int_to_base36(veiled)}-{int_to_base36(made)}"
    token = f"{text}-{_signature(text, version, settings.SECRET_KEY)}"
    return reverse("oberih_events:short", kwargs={"token": token})


def _turned(number, key, turns):
    """The number as another one, by a Feistel network; with the turns in reverse, it is the first again."""
    left, right = divmod(number, 1 << _HALF)
    for turn in turns:
        digest = salted_hmac(_SALT, f"{turn} {right}", secret=key, algorithm="sha256").digest()
        left, right = right, left ^ int.from_bytes(digest[:4]) % (1 << _HALF)
    return (right << _HALF) + left


def _signature(text, version, key):
    digest = salted_hmac(_SALT, f"{text}-{version}", secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:9]).decode()
