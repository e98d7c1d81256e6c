"""What is counted at or after an event besides its participants."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from events.models.states import OrganisationRole
from participants.codes import Qualifier, Unit, known
from participants.models import Area, Organisation
from safeguarding.models import Role
from safeguarding.roles import scopes_of


class OrganisationAttendance(models.Model):
    """An organisation at an event, whoever it sent."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="organisations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="attendances")
    role = models.CharField(
        _("role"), max_length=12, choices=OrganisationRole.choices, default=OrganisationRole.PARTICIPANT
    )
    base_area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    persons_sent = models.PositiveIntegerField(_("persons sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("organisation at an event")
        verbose_name_plural = _("organisations at events")
        constraints = [
            models.UniqueConstraint(
                name="oberih_organisationattendance_once", fields=["event", "organisation", "role"]
            ),
            known("oberih_organisationattendance_role_known", "role", OrganisationRole),
        ]

    def __str__(self):
        return f"{self.organisation_id} {self.role}"


class FollowUp(models.Model):
    """What the people of an event did afterwards."""

    cohort = models.ForeignKey(Event, models.CASCADE, related_name="follow_ups")
    held_from = models.DateField(_("from"))
    held_to = models.DateField(_("to"))
    kind = models.CharField(_("kind"), max_length=50)
    value = models.PositiveIntegerField(_("number"))
    qualifier = models.CharField(max_length=8, choices=Qualifier.choices, default=Qualifier.EXACT)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("follow-up action")
        verbose_name_plural = _("follow-up actions")
        ordering = ["held_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="oberih_followup_once", fields=["cohort", "held_from", "held_to", "kind", "note"]
            ),
            models.CheckConstraint(
                name="oberih_followup_ends_after_start",
                condition=Q(held_to__gte=F("held_from")),
                violation_error_message=_("It ends before it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.value}"


class DistributionQuerySet(models.QuerySet):
    @staticmethod
    def countries_of(user):
        """The countries that somebody manages whole; None for all. No project and no organisation gives anything out."""
        scopes = scopes_of(user, Role.MANAGER)
        if scopes is None:
            return None
        return {country for country, project, organisation in scopes if not (project or organisation)}

    def for_staff(self, user):
        countries = self.countries_of(user)
        return self if countries is None else self.filter(country__in=countries)


class Distribution(models.Model):
    """Things given out: sets, copies."""

    item = models.CharField(_("item"), max_length=300)
    country = models.CharField(_("country"), max_length=2)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    value = models.PositiveIntegerField(_("number"))
    qualifier = models.CharField(max_length=8, choices=Qualifier.choices, default=Qualifier.EXACT)
    unit = models.CharField(max_length=15, choices=Unit.choices, default=Unit.COPIES)
    held_from = models.DateField(_("from"))
    held_to = models.DateField(_("to"))
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = DistributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("distribution")
        verbose_name_plural = _("distributions")
        ordering = ["held_from", "pk"]
        constraints = [
            # An expression, because NULLs are distinct from one another and SQLite knows no other way.
            models.UniqueConstraint(
                "item",
                "country",
                Coalesce("area", 0),
                "unit",
                "held_from",
                "held_to",
                name="oberih_distribution_once",
            ),
            models.CheckConstraint(
                name="oberih_distribution_ends_after_start",
                condition=Q(held_to__gte=F("held_from")),
                violation_error_message=_("It ends before it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.item} {self.value}"
