import datetime as dt
from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import conf, factors
from accounts.exceptions import InvitationError
from accounts.models import Invitation, User
from notifications.actions import owe_to_address
from safeguarding import audit
from safeguarding.models import Role, RoleGrant
from safeguarding.roles import may_grant


def end_sessions(*, user):
    """Make every session of the user nobody's, known to us or not."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])


def clear_sessions():
    """Delete the sessions that expired, and what allauth keeps of those that are gone. Returns how many it kept of."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    # Not by allauth's own purge: it asks whose a session is, and while the secret key is exchanged that alone moves the
    # session to another key, of which its browser knows nothing.
    gone = [row.pk for row in UserSession.objects.iterator() if not row.exists()]
    return sum(UserSession.objects.filter(pk=pk).delete()[0] for pk in gone)


@transaction.atomic
def invite(*, by, email, role, language, country="", project="", organisation=""):
    """Ask somebody to take a role, by a mail to this address. Who has an account there is told to nobody."""
    limits = {"country": country, "project": project, "organisation": organisation}
    if role == Role.FOCAL_POINT and not organisation:
        raise InvitationError(_("A focal point belongs to an organisation. Choose it."))
    if not may_grant(by, role=role, **limits):
        raise InvitationError(
            _("You may invite only to roles below your own, and only where your own role holds.")
        )
    email = email.lower()
    if EmailAddress.objects.filter(user=by, email__iexact=email).exists():
        raise InvitationError(_("A role is given by somebody else. You cannot invite yourself."))
    now = timezone.now()
    # The inviter's row, so that a second click of the same button waits here and then finds the first.
    User.objects.select_for_update().get(pk=by.pk)
    waiting = Invitation.objects.filter(email=email, role=role, **limits, accepted_at=None, withdrawn_at=None)
    waiting.filter(expires_at__lte=now).update(withdrawn_at=now)
    if waiting.exists():
        raise InvitationError(_("This person has been invited to this role already."))
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        **limits,
        language=language,
        invited_by=by,
        created_at=now,
        expires_at=now + dt.timedelta(days=conf.invitation_days()),
    )
    audit.record(by, "invite", "role", [invitation.uuid], reason=str(invitation))
    owe_to_address("accounts.invitation", email=email, subject_key=str(invitation.uuid), language=language)
    return invitation


@transaction.atomic
def withdraw(*, invitation, by):
    """Take an invitation back, if it is not too late. Returns whether it was not."""
    withdrawn = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )
    if withdrawn:
        audit.record(by, "withdraw", "role", [invitation.uuid], reason=str(invitation))
    return bool(withdrawn)


@transaction.atomic
def accept(*, invitation, user):
    """Give the role to whoever has proved that the invited address is theirs. Returns the grant."""
    invitation = Invitation.objects.select_for_update().select_related("invited_by").get(pk=invitation.pk)
    if not invitation.is_open():
        raise InvitationError(_("This invitation is no longer open. Ask for a new one."))
    if not is_theirs(invitation, user):
        raise InvitationError(_("This invitation was sent to another address."))
    if user == invitation.invited_by:
        raise InvitationError(_("A role is given by somebody else. You cannot invite yourself."))
    # Whoever may no longer give a role does not give it by what they sent before either.
    if not may_grant(invitation.invited_by, role=invitation.role, **invitation.limits):
        raise InvitationError(_("This invitation is no longer open. Ask for a new one."))
    grant, created = RoleGrant.objects.get_or_create(
        user=user, role=invitation.role, **invitation.limits, defaults={"granted_by": invitation.invited_by}
    )
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    audit.record(user, "accept", "role", [invitation.uuid], reason=str(invitation))
    if created:
        audit.record(invitation.invited_by, "grant", "role", [grant.pk], reason=str(grant))
    return grant


def is_theirs(invitation, user):
    return EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=True).exists()


@transaction.atomic
def rotate(*, pk):
    """Encrypt one factor's secret with the newest key. Returns whether it was not yet."""
    factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
    # What a seed is called depends on the kind of the factor; a passkey has none.
    name = next((name for name in ("secret", "seed") if factor and name in factor.data), None)
    if name is None or factors.is_current(factor.data[name]):
        return False
    factor.data[name] = encrypt(decrypt(factor.data[name]))
    factor.save(update_fields=["data"])
    return True
