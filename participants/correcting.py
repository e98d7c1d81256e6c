"""What somebody sets right about themselves. It counts from their next participation on: what was counted stays."""

from django.core import signing
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from participants import telling
from participants.actions import contact_digests, known_digests
from participants.models import ContactKey, ContactKind, Participant
from participants.names import fold, latin
from safeguarding import audit

CORRECTED = ("full_name", "latin_name", "birth_year", "sex", "organisation", "language")
_SALT = "oberih.participants.contact"
_DAYS = 7


@transaction.atomic
def correct(*, participant, by, values):
    """Change what the person says of themselves. `values` are some of `CORRECTED` by name; others are ignored."""
    locked = Participant.objects.select_for_update().get(pk=participant.pk)
    changed = {
        name: values[name] for name in CORRECTED if name in values and getattr(locked, name) != values[name]
    }
    if "full_name" in changed and "latin_name" not in changed:
        changed["latin_name"] = latin(changed["full_name"])
    elif changed.get("latin_name") == "":
        changed["latin_name"] = latin(changed.get("full_name", locked.full_name))
    if not changed:
        return locked
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.name_key = fold(locked.full_name)
    locked.save(update_fields=[*changed, "name_key"])
    audit.record(by, "correct", "participant", [locked.uuid])
    return locked


def ask_new_contact(*, participant, kind, value):
    """Ask at a new address whether it is theirs. Until somebody there says yes, the old one stays."""
    telling.tell("participants.new_contact", participant=participant, channel=kind, recipient=value)


def contact_token(participant, kind, value):
    """What only whoever reads messages at the new contact can know."""
    return signing.dumps([str(participant.uuid), participant.link_version, kind, value], salt=_SALT)


def from_contact_token(token):
    """The participant, the kind and the contact of a token; (None, None, None) if it is forged, old or used."""
    try:
        uuid, version, kind, value = signing.loads(token, salt=_SALT, max_age=_DAYS * 86_400)
    except (signing.BadSignature, ValueError, TypeError):
        return None, None, None
    participant = Participant.objects.filter(uuid=uuid, link_version=version, erased_at=None).first()
    if participant is None or participant.seen_as != participant:
        # They look as another row by now, which did not ask for this.
        return None, None, None
    return participant, kind, value


@transaction.atomic
def change_contact(*, participant, kind, value, by=None):
    """The contact is theirs, proved; or "" takes it away. The old one is told, and every link sent before ends.

    That holds for all rows that they may see: a link to the old address must not open any of them.
    """
    tree = {
        row.pk: row
        for row in Participant.objects.same_as(participant)
        .filter(erased_at=None)
        .select_for_update()
        .order_by("pk")
    }
    seen = Participant.objects.seen_by(participant).values_list("pk", flat=True)
    mine = [tree[pk] for pk in seen if pk in tree]
    locked = tree.get(participant.pk)
    left = {getattr(row, kind) for row in mine} - {"", value}
    if locked is None or (getattr(locked, kind) == value and not left):
        return participant
    typed = _typed_there(tree, mine, kind)
    ContactKey.objects.filter(participant__in=[*mine, *typed], kind=kind).delete()
    Participant.objects.filter(pk__in=[row.pk for row in typed]).update(
        **{kind: ""}, link_version=F("link_version") + 1
    )
    for row in mine:
        setattr(row, kind, value)
        row.link_version += 1
        row.save(update_fields=[kind, "link_version"])
        _prove(row, kind, value)
    if not value:
        _keep_together(locked, mine)
    for old in sorted(left):
        telling.tell("participants.contact_changed", participant=locked, channel=kind, recipient=old)
    audit.record(by, "change contact", "participant", [locked.uuid])
    return locked


def _typed_there(tree, mine, kind):
    """The other rows of the tree that gave, without proving it, what is proved to be theirs who leave it."""
    keys = ContactKey.objects.filter(kind=kind)
    left = keys.proved().filter(participant__in=mine).values("digest")
    given = keys.filter(participant__in=tree, digest__in=left, verified_at=None).exclude(participant__in=mine)
    return [tree[pk] for pk in given.values_list("participant", flat=True).distinct()]


def _prove(row, kind, value):
    ContactKey.objects.bulk_create(
        ContactKey(participant=row, kind=kind, key_version=version, digest=found, verified_at=timezone.now())
        for kind, version, found in contact_digests(**{str(kind): value})
    )


def _keep_together(locked, mine):
    """Rows that only the contact taken away held together are held by the one that is left."""
    for kind in locked.contact_keys.proved().values_list("kind", flat=True).distinct():
        value = getattr(locked, kind)
        for row in mine:
            if value and row != locked and not row.contact_keys.filter(kind=kind).exists():
                setattr(row, kind, value)
                row.save(update_fields=[kind])
                _prove(row, kind, value)


@transaction.atomic
def send_link(*, kind, value):
    """Owe a personal link to everybody who gave this contact: to the contact itself, and nowhere else.

    Whoever has an account, or proved a contact, may have been given another by a stranger: of them only what was proved.
    """
    keys = ContactKey.objects.filter(kind=kind, digest__in=known_digests(kind, value))
    owners = Participant.objects.filter(
        Q(pk__in=keys.proved().values("participant")) | Q(pk__in=keys.telling().values("participant"), user=None),
        erased_at=None,
    )
    one_each = {}
    for owner in owners.select_related("merged_into").order_by("pk"):
        # The row that is counted, if the contact is also there.
        if owner.merged_into_id is None or owner.seen_as not in one_each:
            one_each[owner.seen_as] = owner
    for owner in one_each.values():
        telling.tell("participants.link", participant=owner, channel=kind, recipient=value)


def send_link_to(participant):
    """Owe the person a new link, to the contact that we have of them. Returns whether there is one."""
    for kind in ContactKind:
        if value := getattr(participant, kind):
            telling.tell("participants.link", participant=participant, channel=kind, recipient=value)
            return True
    return False
