from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from safeguarding.append_only import AppendOnly


class Role(models.TextChoices):
    """What staff may be. A participant needs no grant: being counted is not a right over others."""

    TRAINER = "trainer", _("Trainer")
    FOCAL_POINT = "focal_point", _("Focal point of an organisation")
    MANAGER = "manager", _("Manager")
    EDITOR = "editor", _("Editor")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


class RoleGrant(models.Model):
    """A role given to a user, everywhere or within one country, project or organisation."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="oberih_role_grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    # Codes instead of foreign keys: the code lists live in a room above this one.
    country = models.CharField(_("country"), max_length=2, blank=True)
    project = models.CharField(_("project"), max_length=100, blank=True)
    organisation = models.CharField(_("organisation"), max_length=100, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    granted_at = models.DateTimeField(_("granted at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        constraints = [
            models.UniqueConstraint(
                name="oberih_rolegrant_once",
                fields=["user", "role", "country", "project", "organisation"],
                violation_error_message=_("This person holds this role in this scope already."),
            ),
            models.CheckConstraint(name="oberih_rolegrant_role_known", condition=Q(role__in=Role.values)),
        ]

    def __str__(self):
        scope = " ".join(filter(None, [self.country, self.project, self.organisation]))
        return f"{self.get_role_display()} {scope}".strip()


class AuditEntry(AppendOnly):
    """Who saw, changed or exported which keys, when and why. It never holds what was seen."""

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    action = models.CharField(_("action"), max_length=60)
    subject = models.CharField(_("subject"), max_length=60)
    keys = models.JSONField(_("keys"), default=list)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class HelplineQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)


class Helpline(models.Model):
    """A number that somebody in danger or in doubt can call."""

    country = models.CharField(_("country"), max_length=2, help_text=_("Two letters, as in UA."))
    name = I18nCharField(_("name"), max_length=400)
    number = models.CharField(_("number"), max_length=40)
    link = models.URLField(_("link"), blank=True)
    hours = I18nCharField(_("hours"), max_length=400, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = HelplineQuerySet.as_manager()

    class Meta:
        verbose_name = _("helpline")
        verbose_name_plural = _("helplines")
        ordering = ["position", "country", "number"]
        constraints = [
            models.UniqueConstraint(name="oberih_helpline_once", fields=["country", "number"]),
        ]

    def __str__(self):
        return f"{self.country} {self.number}"
