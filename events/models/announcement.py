from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nTextField

from events.models.event import Event, ParallelGroup
from events.models.states import Audience
from participants.codes import known


class Announcement(models.Model):
    """What the staff of an event wrote to those who are registered."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="announcements")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    audience = models.CharField(_("to whom"), max_length=9, choices=Audience.choices)
    # Of the audience that is a group; None as well once the event has that group no more.
    group = models.ForeignKey(ParallelGroup, models.SET_NULL, null=True, blank=True, related_name="+")
    text = I18nTextField(_("text"))
    # What the form carried: a second click or a reload of the same form is the same announcement.
    submission = models.UUIDField(editable=False)
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now)
    reached = models.PositiveIntegerField(_("people reached"))

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="oberih_announcement_sent_once", fields=["event", "submission"]),
            known("oberih_announcement_audience_known", "audience", Audience),
            models.CheckConstraint(
                name="oberih_announcement_group_is_its_audience",
                condition=Q(group=None) | Q(audience=Audience.GROUP),
            ),
        ]

    def __str__(self):
        return f"{self.event_id} {self.sent_at:%Y-%m-%d %H:%M}"
