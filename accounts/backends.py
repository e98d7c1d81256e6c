from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings


class Backend(AuthenticationBackend):
    """The demonstration's users are nobody where DEBUG is off, not even in a session that they began before."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and (settings.DEBUG or not getattr(user, "is_demo", False))
