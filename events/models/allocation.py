from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from participants.models import Organisation, random_code


class AllocationQuerySet(models.QuerySet):
    def standing(self, now=None):
        """Those whose seats nobody else gets yet."""
        return self.filter(Q(held_until=None) | Q(held_until__gt=now or timezone.now()))


class Allocation(models.Model):
    """Seats of an event that are set aside for the people of one organisation.

    Whoever opens the link with its key, or is registered by the organisation's focal point, takes one of them. After
    `held_until` those that nobody took are everybody's.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="allocations")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="allocations", verbose_name=_("organisation")
    )
    seats = models.PositiveIntegerField(_("seats"))
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    key = models.CharField(max_length=16, unique=True, default=random_code, editable=False)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("seats of an organisation")
        verbose_name_plural = _("seats of organisations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="oberih_allocation_once",
                fields=["event", "organisation"],
                violation_error_message=_("Seats are set aside for this organisation already."),
            ),
            models.CheckConstraint(
                name="oberih_allocation_some",
                condition=Q(seats__gte=1),
                violation_error_message=_("Set at least one seat aside."),
            ),
        ]

    def __str__(self):
        return f"{self.organisation_id}: {self.seats}"
