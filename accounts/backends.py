from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth import get_user_model

from accounts import permitted
from participants.prepared import Prepared

# Whoever may change an account can give themselves every right, whatever their own scope.
_OF_SUPERUSERS = frozenset(f"oberih_accounts.{deed}_user" for deed in ("add", "change", "delete"))

_by_number = Prepared(get_user_model(), lambda pk: get_user_model().objects.filter(pk=pk), int)


class Backend(AuthenticationBackend):
    """The demonstration's users are nobody where DEBUG is off, not even in a session that they began before."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and (settings.DEBUG or not getattr(user, "is_demo", False))

    def get_user(self, user_id):
        user = next(iter(_by_number.rows(user_id)), None)
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj, obj=None):
        """Without those that are a superuser's alone, also where a group gives them."""
        if not permitted.may_hold_any(user_obj):
            return set()
        permissions = super().get_all_permissions(user_obj, obj)
        return permissions if user_obj.is_superuser else permissions - _OF_SUPERUSERS
