from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.event import Event


class EventRevision(models.Model):
    """What changed of an event with one revision, so that those registered are told that and nothing else.

    `changes` is a list of `{"what": name, "before": value, "after": value}` in values of no language: texts by language,
    names of venues by language, dates and times in ISO 8601. Sessions are `{"what": "session", "session": key, …}`, with
    `null` before for one that was added and after for one that was removed.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    changes = models.JSONField(default=list)

    class Meta:
        verbose_name = _("change of an event")
        verbose_name_plural = _("changes of events")
        ordering = ["event", "number"]
        constraints = [models.UniqueConstraint(name="oberih_eventrevision_once", fields=["event", "number"])]

    def __str__(self):
        return f"{self.event_id} {self.number}"
