"""Taking away what names somebody. Every row that is counted stays, and says nothing of who it was."""

import datetime as dt

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.conf import contact_keys
from participants.contacts import digest
from participants.models import Participant
from safeguarding import audit, personal_data

_active = []


class ErasureError(Exception):
    """Why somebody cannot be erased in this way, in words for whoever asked."""


class CertificatesWish(models.TextChoices):
    """What becomes of the certificates of somebody who is erased."""

    KEEP = "keep", gettext_lazy("Keep them valid, without my name")
    WITHDRAW = "withdraw", gettext_lazy("Withdraw them")


# What the audit log calls it, so that it can be done in the same way again after a backup was restored.
DEEDS = {CertificatesWish.KEEP: "erase", CertificatesWish.WITHDRAW: "erase and withdraw"}


@transaction.atomic
def erase(*, participant, certificates, by, rows=None, reason="", by_retention=False):
    """Erase a person, all of their rows. Returns whether there was anybody to erase: twice is once.

    `rows` are those that they proved to be theirs, where it is they who ask: what staff merged with them stays.
    `by_retention` leaves what has a time of its own, as a certificate that an employer may still want to check.
    """
    rows = Participant.objects.same_as(participant) if rows is None else rows
    people = list(rows.filter(erased_at=None).order_by("pk"))
    keys = [person.pk for person in people]
    names = [
        name for person in people for name in (person.full_name, person.latin_name, person.email, person.phone)
    ]
    if reason and audit.mentions(reason, names):
        raise ErasureError(_("The reason stays in the log, so it may not name the person."))
    # Events are locked before people, as when somebody registers.
    wish = None if by_retention else CertificatesWish(certificates)
    personal_data.prepare_erasing(keys, certificates=wish)
    standing = Participant.objects.select_for_update().filter(pk__in=keys, erased_at=None).order_by("pk")
    uuids = [str(person.uuid) for person in standing]
    if not uuids:
        return False
    # Again for what came before the lock was ours: whoever registers holds it, too.
    personal_data.prepare_erasing(keys, certificates=wish)
    known_as = personal_data.keys_of(keys)
    personal_data.erase(keys, spare_what_outlives=by_retention)
    standing.update(erased_at=timezone.now(), link_version=F("link_version") + 1)
    audit.forget_names(known_as, names)
    if not by_retention:
        # Retention writes its own line, and would do it again by itself.
        audit.record(by, DEEDS[CertificatesWish(certificates)], "participant", uuids, reason=reason)
    return True


def erased_reference(reference, version=None):
    """What stands for the reference of an imported list once its person is erased.

    Nobody can read it, and the import that names the same person again still finds that they were erased.
    """
    version, value = digest("reference", reference, version)
    return f"erased:{version}:{value}"


def erased_references(reference):
    """`erased_reference` under every key there is."""
    return [erased_reference(reference, version) for version in contact_keys()]


def active(function):
    """Register `function(since)`: the condition on participants who did something in this room since an instant."""
    if function not in _active:
        _active.append(function)


def long_gone(before):
    """People of whom nothing was heard since `before`, by the activities of any of their rows."""
    heard_of = Q(created_at__gte=before)
    for function in _active:
        heard_of |= function(before)
    rows = Participant.objects.filter(Q(pk=OuterRef("pk")) | Q(merged_into=OuterRef("pk"))).filter(heard_of)
    # Whoever was merged into somebody who erased themselves since is met by their own row.
    left = Q(merged_into=None) | Q(merged_into__erased_at__isnull=False)
    return Participant.objects.filter(left, erased_at=None).exclude(Exists(rows))


def retain(people):
    for person in people:
        erase(participant=person, certificates=CertificatesWish.KEEP, by=None, by_retention=True)


def since_day(before):
    """The day of an instant, for activities that end with a day; a day early, since zones differ."""
    return timezone.localdate(before) - dt.timedelta(days=1)
