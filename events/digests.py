"""The digests by which a registration knows its person again, written anew under a new key."""

from events import recognising
from events.models import Registration
from participants.conf import contact_keys
from participants.contacts import digest
from participants.models import ContactKind
from participants.names import fold


def rotate():
    """(how many registrations were written, how many stay: their contact or name is no longer held as it was given).

    Only those that are active: one that ended is never looked for.
    """
    newest, *older = sorted(contact_keys(), reverse=True)
    written = left = 0
    rows = Registration.objects.active().exclude(contact_digest="").select_related("participant", "confidential")
    for registration in rows.iterator(chunk_size=500):
        if _matches(registration, newest):
            continue
        given = next((given for version in older if (given := _matches(registration, version))), None)
        if given is None:
            left += 1
            continue
        who = registration.participant
        registration.contact_digest = digest(*given)[1]
        registration.name_digest = digest("name", fold(who.full_name))[1]
        registration.save(update_fields=["contact_digest", "name_digest"])
        written += 1
    return written, left


def _matches(registration, version):
    """What the digest of the contact was made of, if this key made both out of what the participant holds; else None."""
    who = registration.participant
    if digest("name", fold(who.full_name), version)[1] != registration.name_digest:
        return None
    for kind in ContactKind:
        held = getattr(who, kind)
        for onlooker in ("", *recognising.onlookers_of(registration)):
            given = f"{kind} {onlooker}".strip(), held
            if held and digest(*given, version)[1] == registration.contact_digest:
                return given
    return None
