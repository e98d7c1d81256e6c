from allauth.account.models import EmailAddress
from allauth.account.signals import authentication_step_completed, email_confirmed, user_logged_in
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.models import UserSession
from django.contrib.auth import signals, update_session_auth_hash
from django.dispatch import receiver

from accounts import actions as accounts
from accounts import middleware
from participants import actions, identity


def _claim(user):
    """Join the user to what is known of them, if their e-mail is proved to be theirs."""
    if EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists():
        actions.claim(user)


@receiver(user_logged_in, dispatch_uid="oberih_accounts.claim_at_log_in")
def claim_at_log_in(request, user, **_kwargs):
    # A personal link opened before in this browser may have been somebody else's.
    identity.forget(request)
    _claim(user)


@receiver(signals.user_logged_in, dispatch_uid="oberih_accounts.begin_watch")
def begin_watch(request, user, **_kwargs):
    # Django's own signal, which tells of every way in.
    middleware.begin_watch(request, user)


@receiver(email_confirmed, dispatch_uid="oberih_accounts.claim_at_confirmation")
def claim_at_confirmation(email_address, **_kwargs):
    _claim(email_address.user)


@receiver(
    [authenticator_added, authenticator_removed, authenticator_reset],
    dispatch_uid="oberih_accounts.end_sessions_with_factor",
)
def end_sessions_with_factor(request, user, **_kwargs):
    """Whoever was logged in elsewhere was so by other means than those that count from now on."""
    accounts.end_sessions(user=user)
    # All but this one, which has just proved who it is.
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)


@receiver(authentication_step_completed, dispatch_uid="oberih_accounts.proved_again")
def proved_again(request, user, **_kwargs):
    """A password or another proof given anew; the first step of a log-in that has two proves nothing yet."""
    if request.user.is_authenticated and request.user == user:
        identity.prove(request)
