from allauth.account.models import EmailAddress
from allauth.account.signals import authentication_step_completed, email_confirmed, user_logged_in
from django.dispatch import receiver

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


@receiver(email_confirmed, dispatch_uid="oberih_accounts.claim_at_confirmation")
def claim_at_confirmation(email_address, **_kwargs):
    _claim(email_address.user)


@receiver(authentication_step_completed, dispatch_uid="oberih_accounts.proved_again")
def proved_again(request, user, **_kwargs):
    """A password or another proof given anew; the first step of a log-in that has two proves nothing yet."""
    if request.user.is_authenticated and request.user == user:
        identity.prove(request)
