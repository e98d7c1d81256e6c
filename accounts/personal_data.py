import uuid
from importlib import import_module

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from accounts.models import Invitation
from notifications.models import Message
from participants import erasing
from participants.models import Participant
from safeguarding import audit, retention
from safeguarding.models import RoleGrant
from safeguarding.personal_data import PersonalData, before_erasing, declare_free
from safeguarding.personal_data import register as register_models

# What allauth keeps of a user: addresses, second factors, sessions with their network addresses, log-ins elsewhere.
_KEPT_BY_ALLAUTH = {"account", "mfa", "usersessions", "socialaccount"}


def register():
    register_models(
        PersonalData(
            "oberih_accounts.User",
            owner="oberih_participant",
            title=_("Your account"),
            fields=("email", "first_name", "last_name", "date_joined", "last_login"),
            erase=forget,
        )
    )
    declare_free(
        "oberih_accounts.Invitation",
        "Who was asked to work here; one to the address of a participant is emptied when they are erased.",
    )
    before_erasing(forget_invitations)
    erasing.active(_logged_in_since)
    retention.register(
        retention.Rule(
            name="oberih_accounts.unconfirmed", days=7, due=_never_confirmed, let_go=lambda rows: rows.delete()
        )
    )


def staff():
    """The condition that somebody works here: their account is not erased with what is known of them as a participant."""
    return Q(is_staff=True) | Q(is_superuser=True) | Q(Exists(RoleGrant.objects.filter(user=OuterRef("pk"))))


def forget(users):
    """Leave of these accounts a row that nobody can log in to: what they did is signed by it. Staff keep theirs."""
    for user in users.exclude(staff()):
        for relation in user._meta.related_objects:
            if relation.related_model._meta.app_label in _KEPT_BY_ALLAUTH:
                rows = relation.related_model._meta.default_manager.filter(**{relation.field.name: user})
                for row in rows:
                    # Of a session that allauth knows of, also what it keeps: the address that was typed is in it.
                    if key := getattr(row, "session_key", ""):
                        import_module(settings.SESSION_ENGINE).SessionStore(key).delete()
                rows.delete()
        # Wagtail's log writes down how a user was called when somebody changed them.
        ModelLogEntry.objects.for_instance(user).update(label="")
        user.email = f"erased-{uuid.uuid4()}@erased.invalid"
        user.first_name = user.last_name = ""
        user.last_login = None
        user.is_active = False
        # With the password every session ends that was begun with it.
        user.password = make_password(None)
        user.save(update_fields=["email", "first_name", "last_name", "last_login", "is_active", "password"])


def forget_invitations(people, **_wishes):
    """Take back and empty the invitations to the addresses of these people, and delete the mails about them.

    Neither leads to a person: both are found by the address alone.
    """
    addresses = _addresses_of(people)
    invitations = Invitation.objects.filter(email__in=addresses)
    waiting = invitations.filter(accepted_at=None, withdrawn_at=None)
    # Whoever invited them finds in the log what became of it.
    for invitation in waiting.select_for_update():
        audit.record(None, "withdraw", "role", [invitation.uuid], reason=str(invitation))
    waiting.update(withdrawn_at=timezone.now())
    invitations.update(email="", token_hash="")
    Message.objects.filter(participant=None, recipient__in=addresses).delete()


def _addresses_of(people):
    """Every address of these people, but for those that an account which stays has proved: the row of a stranger may
    name a colleague's, and staff keep theirs."""
    users = get_user_model().objects.filter(oberih_participant__in=people)
    proved = EmailAddress.objects.filter(verified=True).exclude(user__in=users.exclude(staff()))
    rows = (
        Participant.objects.filter(pk__in=people).values_list("email", flat=True),
        users.values_list("email", flat=True),
        EmailAddress.objects.filter(user__in=users).values_list("email", flat=True),
    )
    addresses = {email.lower() for emails in rows for email in emails if email}
    return addresses - {
        email.lower() for email in proved.filter(email__in=addresses).values_list("email", flat=True)
    }


def _logged_in_since(since):
    return Q(user__last_login__gte=since)


def _never_confirmed(before):
    """Accounts that somebody began to make: nobody ever proved that the address is theirs."""
    return (
        get_user_model()
        .objects.exclude(staff())
        .filter(
            date_joined__lt=before,
            last_login=None,
            is_active=True,
            emailaddress__isnull=False,
            oberih_participant=None,
        )
        .exclude(emailaddress__verified=True)
        .distinct()
    )
