"""What each role may do, as Django permissions.

A right says which kind of thing somebody may do. To which rows they may do it is said once, by the query that fetches the
rows through the scope of the grants (`for_staff` and its like), so that a view cannot forget it.

`right_required` guards a page of staff; `may` answers elsewhere.

    from safeguarding import rights
    rights.register("oberih_events.hold_event", roles=[Role.TRAINER, Role.MANAGER])

Rooms register theirs in `ready()`; `RoleBackend` answers `user.has_perm` by them. Rights need no rows of `Permission`: those
are for groups, and a group can give each of them besides.
"""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied

from safeguarding import reasons
from safeguarding.models import Role
from safeguarding.roles import grants_of, held_back

_roles: dict[str, set[str]] = {}


def register(*rights, roles=()):
    """Permissions as `user.has_perm` takes them, and the roles that carry them; administrators carry every one."""
    for right in rights:
        _roles.setdefault(right, set()).update({*roles, Role.ADMINISTRATOR})


def deeds(label, **models):
    """The permissions on models: `deeds("oberih_courses", question="add change view")`."""
    return [f"{label}.{deed}_{model}" for model, named in models.items() for deed in named.split()]


def table():
    """{right: the roles that carry it}, sorted."""
    return {right: sorted(_roles[right]) for right in sorted(_roles)}


def held_by(user):
    """All rights of the user's roles, in whatever scope."""
    roles = {grant.role for grant in grants_of(user)}
    return {right for right, carriers in _roles.items() if carriers & roles}


def is_held(user, right):
    carriers = _roles.get(right)
    return carriers is not None and any(grant.role in carriers for grant in grants_of(user))


def may(user, right):
    """Whether the user holds the right, by a role or as a permission of Django's."""
    if not (user.is_authenticated and user.is_active):
        return False
    # The roles first: they are read once a request, and few pages need more.
    return is_held(user, right) or user.has_perm(right)


def right_required(right):
    """Let only holders of the right in; a stranger is sent to log in, everybody else is refused."""

    def decorator(view):
        @login_required
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not may(request.user, right):
                raise PermissionDenied
            response = held_back(request)
            if response is not None:
                return response
            # Pages of staff have a menu of their own.
            request.oberih_at_work = True
            response = reasons.asking(view)(request, *args, **kwargs)
            response["Cache-Control"] = "private, no-store"
            return response

        return guarded

    return decorator
