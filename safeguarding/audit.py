from functools import reduce
from operator import or_

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from safeguarding.models import AuditEntry


def record(actor, action, subject, keys=(), *, reason=""):
    """Write that `actor` did `action` to the rows `keys` of the kind `subject`.

    Keys are identifiers, never names or contents: the log must be harmless to whoever reads it.
    """
    known = actor if actor is not None and actor.is_authenticated else None
    return AuditEntry.objects.create(
        actor=known, action=action, subject=subject, keys=[str(key) for key in keys], reason=reason[:300]
    )


def saw(request, subject, keys, *, reason=""):
    """Write that whoever asks is shown the rows `keys`."""
    return record(request.user, "see", subject, keys, reason=reason)


def about(keys):
    """The entries that name one of these keys."""
    if not keys:
        return AuditEntry.objects.none()
    # As text, since SQLite cannot look into a list.
    named = AuditEntry.objects.annotate(named=Cast("keys", TextField()))
    return named.filter(reduce(or_, (Q(named__contains=f'"{key}"') for key in keys)))


def mentions(text, names):
    """Whether a text may speak of somebody with these names or contacts, in whatever case their language bends them."""
    folded = text.casefold()
    parts = {part.casefold() for name in names for part in name.split() if len(part) > 2}
    return any(part[: max(3, len(part) - 2)] in folded for part in parts)


def forget_names(keys, names):
    """Take the reasons that speak of an erased person from the entries about them; what was done, and by whom, stays."""
    speaking = [entry.pk for entry in about(keys).exclude(reason="") if mentions(entry.reason, names)]
    AuditEntry.objects.filter(pk__in=speaking).blank(reason="")
