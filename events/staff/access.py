"""Who may see whom: an event's own trainers its people, everybody else of its staff numbers, and names with a reason."""

from safeguarding import audit, reasons
from safeguarding.models import Role
from safeguarding.rights import right_required
from safeguarding.roles import grants_of

trainers_only = right_required("oberih_events.hold_event")


def trains(user, event):
    """Whether the user holds this event as a trainer."""
    return (
        any(grant.role == Role.TRAINER for grant in grants_of(user)) and event.trainers.filter(pk=user.pk).exists()
    )


def subject(event):
    """What a reason is given for, and what the log says was seen."""
    return f"event:{event.uuid}"


def may_see_names(request, event):
    """Whether names may be shown now: to the event's trainers, and to whoever said why within the hour."""
    return trains(request.user, event) or bool(reasons.given(request, subject(event)))


def need_names(request, event, *, kind="event", keys=()):
    """Ask why, where that is due, and write down that the names of `event`, or the rows `keys` of the kind, are seen."""
    reason = ""
    if not trains(request.user, event):
        reason = reasons.need(request, subject(event), event.title)
    if request.method in {"GET", "HEAD"}:
        # What a form changes writes its own entry, or is a mark with an author.
        audit.saw(request, kind, keys or [subject(event)], reason=reason)
