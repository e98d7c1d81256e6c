"""How often something may be done. What is counted is a person's contact, an account, a thing; addresses only widely:
a hall of three hundred people may stand behind one.

    GUESSES = Limit("certificates.number.client", "100/h")

    if refusal := limits.refuse(request, (GUESSES, client.address(request))):
        return refusal

Counts lie in the default cache, by keyed hashes: nobody reads in it who came. Several processes must share it, which
`oberih_ui.E002` checks. A cache that fails lets everybody in and says so in the log: a training goes on.
"""

import logging
import math
from dataclasses import dataclass

from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.formats import number_format
from django.utils.translation import ngettext
from django_ratelimit.core import get_usage

from safeguarding import conf

logger = logging.getLogger(__name__)

_SALT = "oberih.safeguarding.limits"


@dataclass(frozen=True)
class Limit:
    """`rate` is a number and a period, as in "20/h" or "5/10m"; `OBERIH_SAFEGUARDING_LIMITS` may name another."""

    name: str
    rate: str

    def seconds_to_wait(self, key, *, count=True):
        """Count one more for `key`, and say how long it has to wait: 0 while there is room.

        Without `count`, whether the next one would find room; for limits that count only what went wrong.
        """
        hashed = salted_hmac(_SALT, f"{self.name} {key}").hexdigest()
        try:
            usage = get_usage(
                None,
                group=self.name,
                key=lambda _group, _request: hashed,
                rate=conf.limits().get(self.name, self.rate),
                increment=count,
            )
        except Exception:  # Whatever the cache raises; see above.
            logger.exception("The cache does not answer; nothing is limited")
            return 0
        if usage is None or usage["time_left"] < 0:
            return 0
        full = usage["should_limit"] if count else usage["count"] >= usage["limit"]
        return max(1, usage["time_left"]) if full else 0


def refuse(request, *counted, count=True):
    """The page that asks to wait, or None while each of the (limit, key) has room. All of them are counted."""
    seconds = max(limit.seconds_to_wait(key, count=count) for limit, key in counted)
    return too_many(request, seconds) if seconds else None


def note(*counted):
    """Count what went wrong, for limits that are asked without counting."""
    for limit, key in counted:
        limit.seconds_to_wait(key)


def too_many(request, seconds):
    """Calm, and with the time after which it is worth trying again."""
    minutes = math.ceil(seconds / 60)
    again = ngettext("Try again in %(minutes)s minute.", "Try again in %(minutes)s minutes.", minutes) % {
        "minutes": number_format(minutes)
    }
    response = render(request, "oberih/safeguarding/too_many.html", {"again": again}, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "private, no-store"
    return response
