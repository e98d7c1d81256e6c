from django.conf import settings
from django.contrib.admin.sites import AdminSite
from django.contrib.auth import views as auth_views
from django.core.checks import Error
from django.urls import Resolver404, URLResolver, get_resolver, resolve
from wagtail.admin.views.account import PasswordResetEnabledViewMixin, password_reset_enabled

# Views that take a password and ask for nothing else, by what they are made of; Wagtail's are made of Django's.
_RESETS = (auth_views.PasswordResetView, auth_views.PasswordResetConfirmView)


def check_second_factor(app_configs, **kwargs):
    """Said loudly, although it has no effect: whoever set it believes that it had."""
    if settings.DEBUG or getattr(settings, "OBERIH_ACCOUNTS_SECOND_FACTOR", True):
        return []
    return [
        Error(
            "OBERIH_ACCOUNTS_SECOND_FACTOR waives the second factor of staff, and DEBUG is off.",
            hint="Take DEMO_WITHOUT_SECOND_FACTOR out of the environment: it is for demonstrations.",
            id="oberih_accounts.E001",
        )
    ]


def check_doors(app_configs, **kwargs):
    """A second factor protects nobody while another page lets the same people in by their password alone."""
    return [
        Error(
            f"{path} takes passwords, and asks for neither a second factor nor patience.",
            hint='Put path("…", RedirectView.as_view(pattern_name="account_login", query_string=True)) before it.',
            id="oberih_accounts.E002",
        )
        for path, view in addresses(get_resolver())
        if takes_passwords(view) and not _is_shadowed(path, view)
    ]


def addresses(resolver, before="/"):
    """(path, view) of everything that a site answers; what varies in a path is left as it is written."""
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, path)
        else:
            yield path, entry.callback


def takes_passwords(view):
    made_of = getattr(view, "view_class", object)
    if issubclass(made_of, auth_views.LoginView):
        return True
    if issubclass(made_of, _RESETS):
        return not issubclass(made_of, PasswordResetEnabledViewMixin) or password_reset_enabled()
    return isinstance(getattr(view, "__self__", None), AdminSite) and view.__name__ == "login"


def _is_shadowed(path, view):
    try:
        return resolve(path).func is not view
    except Resolver404:
        # An address with a part that varies.
        return False
