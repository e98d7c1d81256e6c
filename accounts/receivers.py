from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_logged_in
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
