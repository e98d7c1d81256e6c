"""What each role may do, as Django permissions.

A right says which kind of thing somebody may do. To which rows they may do it is said once, by the query that fetches the
rows through the scope of the grants (`for_staff` and its like), so that a view cannot forget it.

    from safeguarding import rights
    rights.register("oberih_events.hold_event", roles=[Role.TRAINER, Role.MANAGER])

Rooms register theirs in `ready()`; `RoleBackend` answers `user.has_perm` by them. Rights need no rows of `Permission`: those
are for groups, and a group can give each of them besides.
"""

from safeguarding.models import Role
from safeguarding.roles import grants_of

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
