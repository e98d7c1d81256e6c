"""Who may see whom: an event's own trainers its people, everybody else of its staff numbers, and names with a reason.

Also in which countries somebody may schedule.
"""

from events.models import Event
from safeguarding import audit, reasons
from safeguarding.models import Role
from safeguarding.rights import right_required
from safeguarding.roles import grants_of, has_role

trainers_only = right_required("oberih_events.hold_event")


def trains(user, event):
    """Whether the user holds this event as a trainer."""
    return Event.objects.trained_by(user).filter(pk=event.pk).exists()


def may_see_names(request, event):
    """Whether names may be shown now: to the event's trainers, and to whoever said why within the hour."""
    return trains(request.user, event) or bool(reasons.given(request, event.subject_key))


def need_names(request, event, *, kind="event", keys=()):
    """Ask why, where that is due, and write down that the names of `event`, or the rows `keys` of the kind, are seen."""
    reason = ""
    if not trains(request.user, event):
        reason = reasons.need(request, event.subject_key, event.title)
    if request.method in {"GET", "HEAD"}:
        # What a form changes writes its own entry, or is a mark with an author.
        audit.saw(request, kind, keys or [event.subject_key], reason=reason)


def scope_countries(user):
    """The countries a trainer or manager may schedule in; None where there is no limit."""
    if has_role(user):
        return None
    granted = [grant.country for grant in grants_of(user) if grant.role in {Role.TRAINER, Role.MANAGER}]
    return None if "" in granted else sorted(set(granted))
