"""A new key for the contacts' HMACs: what is still held in the clear is written under it, so that the old key may go.

Rooms above that keep digests of their own offer to write them anew: a function that returns (how many it wrote, how many
stay under an older key).
"""

from django.db import transaction

from participants.conf import contact_keys
from participants.contacts import digest
from participants.models import ContactKey, ContactKind

_BATCH = 500
_registered = []


def register(function):
    if function not in _registered:
        _registered.append(function)


def rotate():
    """Write every digest anew under the newest key. Returns (how many were, how many could not be).

    What stays under an older key is a contact that is not held any more. A second time writes nothing.
    """
    counts = [one() for one in (_contact_keys, *_registered)]
    return sum(written for written, _kept in counts), sum(kept for _written, kept in counts)


def _contact_keys():
    newest = max(contact_keys())
    older = ContactKey.objects.exclude(key_version=newest)
    written = last = 0
    while keys := list(older.filter(pk__gt=last).select_related("participant").order_by("pk")[:_BATCH]):
        last = keys[-1].pk
        with transaction.atomic():
            written += sum(_write_anew(key) for key in keys)
    return written, older.count()


def _write_anew(key):
    held = {ContactKind.EMAIL: key.participant.email, ContactKind.PHONE: key.participant.phone}[key.kind]
    if (
        not held
        or key.key_version not in contact_keys()
        or digest(key.kind, held, key.key_version)[1] != key.digest
    ):
        return False
    version, value = digest(key.kind, held)
    made, created = ContactKey.objects.get_or_create(
        participant=key.participant,
        kind=key.kind,
        digest=value,
        key_version=version,
        defaults={"verified_at": key.verified_at},
    )
    if not created and made.verified_at is None and key.verified_at is not None:
        made.verified_at = key.verified_at
        made.save(update_fields=["verified_at"])
    key.delete()
    return True
