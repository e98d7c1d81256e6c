"""Who may open which kind of page. Which *objects* somebody may see is decided by the query that fetches them."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied

from safeguarding import reasons
from safeguarding.models import Role, RoleGrant


def grants_of(user):
    """The user's grants, read once a request."""
    if not user.is_authenticated:
        return []
    if not hasattr(user, "oberih_grants"):
        user.oberih_grants = list(RoleGrant.objects.filter(user=user)) if user.is_active else []
    return user.oberih_grants


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


def role_required(*roles):
    """Let only holders of one of `roles` in; a stranger is sent to log in, everybody else is refused."""

    def decorator(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not has_role(request.user, *roles):
                raise PermissionDenied
            # Pages of staff have a menu of their own.
            request.oberih_at_work = True
            response = reasons.asking(view)(request, *args, **kwargs)
            response["Cache-Control"] = "private, no-store"
            return response

        guarded.oberih_roles = roles
        return guarded

    return decorator
