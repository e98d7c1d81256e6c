"""Many people of a list at once: who of them is known. In a number of statements that does not grow with the list."""

from collections import defaultdict
from dataclasses import dataclass

from participants.actions import beyond_doubt, known_digests
from participants.contacts import normal_email
from participants.erasing import erased_references
from participants.models import ContactKey, ContactKind, Participant
from participants.names import contradict, fold


@dataclass(frozen=True)
class Listed:
    """What a list says of somebody, as far as it tells who they are."""

    full_name: str
    email: str = ""
    phone: str = ""
    reference: str = ""

    @property
    def contacts(self):
        given = [(ContactKind.EMAIL, normal_email(self.email)), (ContactKind.PHONE, self.phone)]
        return [(kind, value) for kind, value in given if value]


class Matches:
    """Finds each of `listed` by reference, by a contact that was proved, or among people whom the caller named.

    `among` are rows that the caller has a reason of its own to think of, as those who take the same course: of these an
    unproved contact is enough, or the same list sent twice would make everybody twice.
    """

    def __init__(self, listed, *, among=None):
        self.digests = {
            one: [d for kind, value in one.contacts for d in known_digests(kind, value)] for one in listed
        }
        rows = Participant.objects.select_related("merged_into")
        references = {one.reference for one in listed if one.reference}
        stands_for = {kept: ref for ref in references for kept in [ref, *erased_references(ref)]}
        self.by_reference = {stands_for[row.external_ref]: row for row in rows.filter(external_ref__in=stands_for)}
        wanted = {digest for digests in self.digests.values() for digest in digests}
        keys = ContactKey.objects.filter(digest__in=wanted, participant__erased_at=None)
        self.owners = _by_digest(keys.proved())
        self.among = _by_digest(keys.filter(participant__in=among)) if among is not None else {}

    def find(self, one):
        """The participant, or None. One who was erased comes as the row that is left, with `erased_at`."""
        if one.reference and (row := self.by_reference.get(one.reference)) is not None:
            return row if row.erased_at else row.seen_as
        folded = fold(one.full_name)
        known = beyond_doubt(self._of(one, self.owners), folded)
        if known is not None:
            return known
        near = [row for row in self._of(one, self.among) if not contradict(row.name_key, folded)]
        roots = {row.root_id for row in near}
        return near[0] if len(roots) == 1 else None

    def _of(self, one, by_digest):
        found = {row.pk: row for digest in self.digests[one] for row in by_digest.get(digest, ())}
        return list(found.values())


def _by_digest(keys):
    found = defaultdict(list)
    for key in keys.select_related("participant__merged_into").order_by("pk"):
        found[key.digest].append(key.participant)
    return found
