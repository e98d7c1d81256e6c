from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CalendarLink(models.Model):
    """The secret address under which a trainer's calendar follows their trainings. A new version ends the one before."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="oberih_calendar_link")
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    class Meta:
        verbose_name = _("calendar link")
        verbose_name_plural = _("calendar links")

    def __str__(self):
        return f"{self.user_id} {self.version}"
