from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings


class Backend(AuthenticationBackend):
    """Log-in by e-mail; the demonstration's users are nobody where DEBUG is off, whatever they log in with."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and (settings.DEBUG or not getattr(user, "is_demo", False))
