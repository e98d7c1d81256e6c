"""What a person decided about two rows: that they are one person, or that they are not."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.models.person import Participant


class Merge(models.Model):
    """The decision that `other` is the same person as `kept`. Undoing it keeps the row and says when.

    Both were roots when it was made, so the decisions that stand are a forest, and the root of each tree is who is
    counted; `Participant.merged_into` is derived from them.
    """

    kept = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    other = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    # Codes of what spoke for it; never the contacts or names themselves.
    reasons = models.JSONField(_("reasons"), default=list)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="oberih_merge_one_standing",
                fields=["other"],
                condition=Q(undone_at=None),
                violation_error_message=_("This row was merged already."),
            ),
            models.CheckConstraint(name="oberih_merge_of_two", condition=~Q(kept=F("other"))),
            models.CheckConstraint(
                name="oberih_merge_undone_by_somebody",
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.other_id} → {self.kept_id}"


class NotSame(models.Model):
    """The decision that two rows are two people: they are not suggested again. The lower key stands first."""

    first = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    second = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)

    class Meta:
        verbose_name = _("two people")
        verbose_name_plural = _("two people")
        constraints = [
            models.UniqueConstraint(name="oberih_notsame_once", fields=["first", "second"]),
            models.CheckConstraint(name="oberih_notsame_in_order", condition=Q(first__lt=F("second"))),
        ]

    def __str__(self):
        return f"{self.first_id} ≠ {self.second_id}"
