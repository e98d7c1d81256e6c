"""Messages about registrations that reached nobody: to which address, why, and so what helps."""

from collections import defaultdict

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from events import guardians
from events.models import Confidential, GuardianConsent, Registration, Status
from notifications import returns
from notifications.models import Message, MessageState
from participants.contacts import masked

_FAILED = [MessageState.FAILED, MessageState.BOUNCED]


def of(registrations):
    """{key of a registration: its newest Message that was not delivered}, in two statements at most.

    Of those about whom one message asks, all have to be among the `registrations`.
    """
    return concerning(failed().filter(subject_key__in=[str(one.uuid) for one in registrations]))


def failed():
    """What reached nobody, but for what was sent again to another address that has not failed."""
    again = Message.objects.filter(
        purpose=OuterRef("purpose"), subject_key=OuterRef("subject_key"), queued_at__gt=OuterRef("queued_at")
    ).exclude(recipient=OuterRef("recipient"))
    rows = Message.objects.filter(purpose__startswith="events.", state__in=_FAILED)
    return rows.exclude(Exists(again.exclude(state__in=_FAILED)))


def concerning(messages):
    """{key of a registration: the newest of the Messages that concerns it}: one to a guardian asks about several children."""
    messages = list(messages.order_by("queued_at", "pk"))
    asked_with = _asked_with([one.subject_key for one in messages if one.purpose == guardians.MESSAGE])
    found = {}
    for one in messages:
        others = asked_with[one.subject_key, one.recipient] if one.purpose == guardians.MESSAGE else []
        found |= dict.fromkeys([one.subject_key, *others], one)
    return found


def _asked_with(keys):
    """{(key, contact): keys of those about whom a message to the contact that was made for one of these asks, too}."""
    found = defaultdict(list)
    if not keys:
        return found
    forms = Registration.objects.filter(uuid__in=keys, party__isnull=False).values("party")
    families = defaultdict(list)
    for key, waits, *family in (
        Confidential.objects.filter(registration__party__in=forms, registration__status__in=Status.active())
        .exclude(relative_name="")
        .values_list(
            "registration__uuid",
            "registration__guardian_consent",
            "registration__party",
            "guardian_email",
            "guardian_phone",
        )
    ):
        families[tuple(family)].append((str(key), waits == GuardianConsent.MISSING))
    for (_party, *contacts), members in families.items():
        asked = [key for key, waits in members if waits]
        found |= {(key, contact): asked for key, _waits in members for contact in contacts}
    return found


def sentence(message, registration):
    """Where it came back from and why. Staff read a contact only as far as they may read the person's; a guardian's not."""
    address = message.recipient
    if address not in registration.contacts_for_staff().values():
        address = masked(address)
    if message.state == MessageState.BOUNCED:
        words = _("It came back from %(address)s. %(reason)s")
    else:
        words = _("It could not be delivered to %(address)s, and is no longer tried. %(reason)s")
    # The marks keep an address in its own direction within a sentence of the other.
    return words % {"address": f"\u2068{address}\u2069", "reason": returns.reason(message.last_error)}
