"""What holds for accounts on every page, whichever view answers."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts import conf, factors

SINCE = "oberih_accounts.since"
SEEN = "oberih_accounts.seen"
# How often a session is written because somebody is still there, in seconds.
_WRITTEN_EVERY = 60
# The addresses behind which staff work without a page of ours: Wagtail's admin, and Django's where a site has it.
_ADMINS = ("wagtailadmin_home", "admin:index")
# allauth's pages show addresses, browsers and codes, and say nothing about keeping them.
_PRIVATE = ("account_", "mfa_", "socialaccount_", "usersessions_")


class AccountsMiddleware:
    """Ends the sessions of staff in time, and closes the admin to those of them who have no second factor.

    Stands after AuthenticationMiddleware and MessageMiddleware. The pages of a role ask `safeguarding.roles` themselves.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if _is_known(request) and _is_at_work(request):
            _watch(request)
        response = self.get_response(request)
        match = request.resolver_match
        if match and (match.url_name or "").startswith(_PRIVATE):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not _is_known(request):
            return None
        if _is_admin(request.path) and factors.works_here(request.user):
            return factors.gate(request)
        if request.resolver_match.url_name == "mfa_remove_webauthn" and factors.is_last_of_staff(
            request.user, view_kwargs["pk"]
        ):
            # allauth asks its adapter before an app is taken away, and nobody before a key is.
            messages.error(request, _("Staff keep at least one second factor. Set up another one first."))
            return redirect("mfa_index")
        return None


def begin_watch(request, user):
    """Note when somebody of the staff logged in."""
    if factors.works_here(user):
        request.session[SINCE] = request.session[SEEN] = int(time.time())


def _is_known(request):
    # A visitor without a cookie has no session, and asking for one would keep their page from being kept.
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def _is_at_work(request):
    if SEEN in request.session or factors.holds_role(request.user):
        return True
    # Asked there alone: what groups permit takes two statements.
    return _is_admin(request.path) and factors.works_here(request.user)


def _is_admin(path):
    for name in _ADMINS:
        try:
            if path.startswith(reverse(name)):
                return True
        except NoReverseMatch:
            continue
    return False


def _watch(request):
    now = int(time.time())
    since, seen = request.session.get(SINCE, now), request.session.get(SEEN, now)
    if now - since > conf.staff_hours() * 3600 or now - seen > conf.staff_idle_minutes() * 60:
        logout(request)
        messages.info(request, _("You were logged out, as staff are after a while without a click. Log in again."))
        return
    if SEEN not in request.session or now - seen >= _WRITTEN_EVERY:
        request.session[SINCE], request.session[SEEN] = since, now
