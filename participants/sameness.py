"""What a person decides about two rows: that they are one person, that they are not, and that a merge was wrong.

Decisions are facts; `Participant.merged_into` is derived from those that stand. Nothing that happened moves from one row
to another, so undoing gives back exactly what there was.
"""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.exceptions import SamenessError
from participants.models import Merge, NotSame, Participant
from participants.names import fold
from safeguarding import audit


@transaction.atomic
def merge(*, kept, other, by, reasons=()):
    """From now on both are one person, shown as `kept`. `reasons` are the codes of what spoke for it.

    Both may have an account: people do have two. What either shows is another question (`Participant.seen_as`); links
    that were sent before end, and so do the browsers that came by them. A decision that they were two people is taken
    back by this newer one.
    """
    if kept.pk == other.pk:
        raise SamenessError(_("A participant cannot be merged into themselves."))
    both = [kept.pk, other.pk]
    trees = Participant.objects.filter(Q(pk__in=both) | Q(merged_into__in=both))
    rows = _lock(trees)
    _refuse_what_changed(rows[kept.pk], rows[other.pk])
    if set(trees.values_list("pk", flat=True)) != set(rows):
        # A row that came to a tree while we waited is not locked, and to wait for it now could be a deadlock.
        raise SamenessError(_("One of the two was merged meanwhile. Look at them again."))
    sides = Participant.objects.same_as(rows[kept.pk]), Participant.objects.same_as(rows[other.pk])
    for first, second in (sides, sides[::-1]):
        NotSame.objects.filter(first__in=first, second__in=second).delete()
    made = Merge.objects.create(
        kept=rows[kept.pk], other=rows[other.pk], reasons=[str(reason) for reason in reasons], decided_by=by
    )
    Participant.objects.same_as(rows[other.pk]).update(merged_into=rows[kept.pk])
    _end_links(rows)
    audit.record(by, "merge", "participant", [kept.uuid, other.uuid], reason=", ".join(made.reasons))
    return made


@transaction.atomic
def unmerge(*, merge, by):
    """Part two rows again, and remember that they are two people: they are not suggested the next day."""
    root = Participant.objects.get(pk=merge.other_id).root
    tree = _lock(Participant.objects.same_as(root))
    locked = Merge.objects.select_for_update().get(pk=merge.pk)
    if locked.undone_at is not None:
        raise SamenessError(_("This merge was undone already."))
    if root.pk not in tree or locked.other_id not in tree:
        raise SamenessError(_("These rows were merged or parted meanwhile. Look at them again."))
    if any(row.erased_at for row in tree.values()):
        raise SamenessError(_("This person was erased. What stays of them is counted as one."))
    locked.undone_at, locked.undone_by = timezone.now(), by
    locked.save(update_fields=["undone_at", "undone_by"])
    _derive(tree.values())
    _end_links(tree)
    _remember_two(locked.kept_id, locked.other_id, by)
    audit.record(by, "unmerge", "participant", _uuids(tree, locked))
    return locked


@transaction.atomic
def tell_apart(*, first, second, by):
    """Remember that two rows are two people, so that they are not suggested again."""
    rows = _lock(Participant.objects.filter(pk__in=[first.pk, second.pk]))
    _refuse_what_changed(rows[first.pk], rows[second.pk])
    _remember_two(first.pk, second.pk, by)
    audit.record(by, "not_same", "participant", [first.uuid, second.uuid])


def derive():
    """Work out anew who is counted and under which folded name. Returns how many corrections it made; a second time none."""
    return _derive_pointers() + _derive_names()


@transaction.atomic
def _derive_pointers():
    # The rows first and the decisions after: whoever decides meanwhile waits, or is none of these rows.
    standing = Merge.objects.filter(undone_at=None).values("other")
    return _derive(_lock(Participant.objects.filter(Q(merged_into__isnull=False) | Q(pk__in=standing))).values())


def _derive_names():
    corrected = 0
    for pk, full_name, held in Participant.objects.values_list("pk", "full_name", "name_key").iterator():
        name_key = fold(full_name)[:200]
        if name_key != held:
            # Only if the name is still the same: somebody may correct it meanwhile.
            corrected += Participant.objects.filter(pk=pk, full_name=full_name).update(name_key=name_key)
    return corrected


def _lock(rows):
    """{key: row}, locked in the order of keys: two who merge the same pair the other way round wait, and do not block."""
    return {row.pk: row for row in rows.select_for_update().order_by("pk")}


def _refuse_what_changed(*rows):
    if any(row.erased_at for row in rows):
        raise SamenessError(_("One of the two was erased, so there is nothing to decide any more."))
    if any(row.merged_into_id for row in rows):
        raise SamenessError(_("One of the two was merged meanwhile. Look at them again."))


def _derive(rows):
    """Set `merged_into` of these locked rows by the decisions that stand. Returns how many changed."""
    into = dict(Merge.objects.filter(undone_at=None).values_list("other_id", "kept_id"))
    changed = 0
    for row in rows:
        root = row.pk
        while root in into:
            root = into[root]
        merged_into = None if root == row.pk else root
        if row.merged_into_id != merged_into:
            changed += Participant.objects.filter(pk=row.pk).update(merged_into=merged_into)
    return changed


def _end_links(rows):
    """What was sent to either of them shows, from now on, more or less than they were told."""
    Participant.objects.filter(pk__in=rows).update(link_version=F("link_version") + 1)


def _remember_two(one, other, by):
    first, second = sorted([one, other])
    # Whoever says so a second time changes nothing.
    NotSame.objects.bulk_create([NotSame(first_id=first, second_id=second, decided_by=by)], ignore_conflicts=True)


def _uuids(tree, decision):
    return [tree[pk].uuid for pk in (decision.kept_id, decision.other_id)]
