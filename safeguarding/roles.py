"""Who holds which role, and in which scope. What a role may do is told by `safeguarding.rights`."""

from safeguarding.models import Role, RoleGrant
from ui import kept

# The group of facts that who holds a role belongs to (`ui.page_cache`).
ROLES = "roles"
# What a manager may make of others; everything else is for administrators to give.
GIVEN_BY_MANAGERS = frozenset({Role.TRAINER, Role.FOCAL_POINT})

_gates = []
_holders = kept.Store(ROLES, most=1)


def register_gate(function):
    """Have `function(request)` asked before a page of a role opens; a response that it returns is given instead."""
    if function not in _gates:
        _gates.append(function)


def held_back(request):
    """What stands between somebody and the pages of their role, as a response; None where nothing does."""
    return next((response for gate in _gates if (response := gate(request)) is not None), None)


def grants_of(user):
    """The user's grants, read once a request."""
    if not user.is_authenticated:
        return []
    if not hasattr(user, "oberih_grants"):
        user.oberih_grants = list(RoleGrant.objects.filter(user=user)) if _may_hold_any(user) else []
    return user.oberih_grants


def _may_hold_any(user):
    """Whether the user is among the few who hold a role: known without a statement for everybody else.

    A role that was taken away is never believed in because of this: whoever is among them is asked for anew.
    """
    if not user.is_active or not kept.is_on():
        return user.is_active
    return user.pk in _holders.get(
        None, "holders", lambda: frozenset(RoleGrant.objects.order_by().values_list("user", flat=True))
    )


def has_role(user, *roles):
    """Whether the user holds one of `roles` in any scope. A superuser and an administrator hold every role."""
    if not (user.is_authenticated and user.is_active):
        return False
    if user.is_superuser:
        return True
    return any(grant.role in {*roles, Role.ADMINISTRATOR} for grant in grants_of(user))


def scopes_of(user, role):
    """(country, project, organisation) of each grant of `role` to the user; None where nothing limits them."""
    if has_role(user):
        return None
    scopes = [(one.country, one.project, one.organisation) for one in grants_of(user) if one.role == role]
    return None if ("", "", "") in scopes else scopes


def codes_of(user, role, field):
    """The codes in `field` (country, project, organisation) of the user's grants of `role`."""
    return [getattr(one, field) for one in grants_of(user) if one.role == role and getattr(one, field)]


def may_grant(user, *, role, country="", project="", organisation=""):
    """Whether the user may give this role in this scope: an administrator any, a manager some, within their own."""
    if has_role(user):
        return True
    if role not in GIVEN_BY_MANAGERS or not has_role(user, Role.MANAGER):
        return False
    scopes = scopes_of(user, Role.MANAGER)
    wanted = (country, project, organisation)
    return scopes is None or any(
        all(not limit or limit == value for limit, value in zip(scope, wanted, strict=True)) for scope in scopes
    )
