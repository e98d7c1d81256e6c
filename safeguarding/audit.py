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
