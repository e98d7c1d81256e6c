import hashlib
import secrets
import uuid

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participants.places import country_name
from safeguarding.models import Role
from safeguarding.roles import GIVEN_BY_MANAGERS, has_role, scopes_of


class UserManager(BaseUserManager):
    use_in_migrations = True

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractUser):
    """Somebody who logs in, by e-mail; there are no user names."""

    username = None
    email = models.EmailField(_("e-mail"), unique=True)
    # Of the demonstration, with a password that everybody knows: refused where DEBUG is off.
    is_demo = models.BooleanField(default=False, editable=False)
    # How often all sessions were ended; it is part of what a session has to match, as the password is.
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self):
        return self.get_full_name() or self.email

    def _get_session_auth_hash(self, secret=None):
        return salted_hmac(
            "oberih_accounts.session", f"{self.password}|{self.sessions_ended}", secret=secret, algorithm="sha256"
        ).hexdigest()


class InvitationQuerySet(models.QuerySet):
    def open(self, now=None):
        """Those that can still be accepted."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now or timezone.now())

    def within_reach_of(self, user):
        """Those that the user could have made themselves."""
        if has_role(user):
            return self
        scopes = scopes_of(user, Role.MANAGER)
        if scopes is None:
            return self.filter(role__in=GIVEN_BY_MANAGERS)
        reach = Q(pk__in=[])
        for country, project, organisation in scopes:
            limits = {"country": country, "project": project, "organisation": organisation}
            reach |= Q(**{name: code for name, code in limits.items() if code})
        return self.filter(reach, role__in=GIVEN_BY_MANAGERS)

    def by_token(self, token):
        return self.filter(token_hash=_hashed(token))


class Invitation(models.Model):
    """A role that waits for somebody, at an address that they have to prove to be theirs.

    The secret of its link is in the mail alone: each mail that is tried has a new one, and here is only its hash.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    # Codes, as in the grant that it becomes.
    country = models.CharField(_("country"), max_length=2, blank=True)
    project = models.CharField(_("project"), max_length=100, blank=True)
    organisation = models.CharField(_("organisation"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=10)
    token_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("invited at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="oberih_invitation_waits_once",
                fields=["email", "role", "country", "project", "organisation"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                violation_error_message=_("This person has been invited to this role already."),
            ),
            models.CheckConstraint(name="oberih_invitation_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(name="oberih_invitation_email_folded", condition=Q(email=Lower(F("email")))),
            models.CheckConstraint(
                name="oberih_invitation_ends_once",
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()}: {self.scope}"

    @property
    def scope(self):
        """Where the role will hold, in words."""
        country = country_name(self.country) if self.country else ""
        return ", ".join(filter(None, [country, self.project, self.organisation])) or gettext("Everywhere")

    @property
    def limits(self):
        return {"country": self.country, "project": self.project, "organisation": self.organisation}

    def is_open(self, now=None):
        return not (self.accepted_at or self.withdrawn_at) and self.expires_at > (now or timezone.now())

    def renew_token(self):
        """The secret of a new link; that of an earlier one no longer opens anything."""
        token = secrets.token_urlsafe(32)
        self.token_hash = _hashed(token)
        self.save(update_fields=["token_hash"])
        return token


def _hashed(token):
    return hashlib.sha256(token.encode()).hexdigest()
