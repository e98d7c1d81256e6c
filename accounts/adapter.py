from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ui import hooks


class AccountAdapter(DefaultAccountAdapter):
    """Where a site changes what allauth does for its users."""

    def pre_login(self, request, user, **kwargs):
        """Every way in ends here, whatever proved who somebody is."""
        if user.is_demo and not settings.DEBUG:
            messages.error(request, _("The demonstration’s log-ins work only where DEBUG is on."))
            return redirect("account_login")
        return super().pre_login(request, user, **kwargs)

    def format_email_subject(self, subject):
        """Without the host's name in brackets: the sender says who writes."""
        return str(subject)

    def get_login_redirect_url(self, request):
        """Everybody lands where their day begins; an address that they asked for (`next`) has been tried before."""
        return hooks.start(request) or super().get_login_redirect_url(request)
