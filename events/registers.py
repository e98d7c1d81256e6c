"""What is known here of registers, which a room above keeps. Without that room nothing is known, and nothing breaks."""

import dataclasses

from django.urls import NoReverseMatch, reverse


@dataclasses.dataclass(frozen=True)
class RegisterState:
    """How far a session's register is: who is there, who has a mark, whether it is closed."""

    there: int = 0
    marked: int = 0
    is_closed: bool = False


UNTOUCHED = RegisterState()

_keepers = []
_presence = []


def keep(function):
    """Register the function that maps keys of sessions to their RegisterStates, in a constant number of statements."""
    if function not in _keepers:
        _keepers.append(function)


def states(sessions):
    """The RegisterState of each session that has one, by the session's key."""
    keys = [session.pk for session in sessions]
    found = {}
    for keeper in _keepers:
        found |= keeper(keys)
    return found


def keep_presence(function):
    """Register the function that maps keys of registrations to those whose people were there, in as many statements always."""
    if function not in _presence:
        _presence.append(function)


def attended(registrations):
    """The keys of those registrations whose people were at some session."""
    keys = [registration.pk for registration in registrations]
    return set().union(*(keeper(keys) for keeper in _presence)) if keys else set()


def attended_among(registrations):
    """The same for a queryset, however many it holds: they are not named one by one."""
    keys = registrations.order_by().values("pk")
    return set().union(*(keeper(keys) for keeper in _presence))


def url(name, *args):
    """The address of a page about registers, or "" where the room above is not installed."""
    try:
        return reverse(f"oberih_attendance:{name}", args=args)
    except NoReverseMatch:
        return ""
