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


def names_wholly(text, names):
    """Whether a text holds a whole name or contact; a first name alone may be another's."""
    return any(all(mentions(text, [part]) for part in name.split()) for name in names if name)


def forget_names(keys, names):
    """Take the reasons that speak of an erased person from the log; what was done, and by whom, stays.

    Of entries about them one part of their name is enough. Others, as about an event that they came to, are searched for
    the whole name, so that no reason goes that speaks of somebody else.
    """
    theirs = set(about(keys).values_list("pk", flat=True))
    speaking = [
        pk
        for pk, reason in AuditEntry.objects.exclude(reason="").values_list("pk", "reason").iterator()
        if (mentions if pk in theirs else names_wholly)(reason, names)
    ]
    AuditEntry.objects.filter(pk__in=speaking).blank(reason="")
