from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from events.models.registration import Registration
from events.models.states import EventState, Status


class ConfidentialQuerySet(models.QuerySet):
    def for_trainer(self, user):
        """What this user may read: the rows of events that they train, and nothing for anybody else.

        Neither a manager nor an administrator may: the answers were given to those who prepare the room.
        """
        return self.filter(registration__event__in=Event.objects.trained_by(user))

    def outdated(self, today):
        """What nobody needs any more: of events that are over or called off, and of places that were given back."""
        return self.filter(
            Q(registration__event__ends_on__lt=today)
            | Q(registration__event__state=EventState.CANCELLED)
            | Q(registration__status__in=[Status.CANCELLED, Status.DECLINED])
        )


class Confidential(models.Model):
    """What only the trainers of the event may read. The row is gone after the event."""

    registration = models.OneToOneField(Registration, models.CASCADE, related_name="confidential")
    access_needs = models.TextField(_("what we should prepare"), max_length=1000, blank=True)
    guardian_name = models.CharField(_("name of the parent or guardian"), max_length=200, blank=True)
    guardian_relation = models.CharField(_("who they are to the young person"), max_length=100, blank=True)
    guardian_email = models.EmailField(_("their e-mail"), blank=True)
    guardian_phone = models.CharField(_("their phone"), max_length=20, blank=True)
    # Who registered somebody without a contact of their own, and whose contact it is.
    relative_name = models.CharField(_("registered by"), max_length=200, blank=True)
    relative_relation = models.CharField(_("who they are to the person"), max_length=100, blank=True)
    # Raised with every link that is sent to the guardian: an earlier one opens nothing.
    guardian_link_version = models.PositiveIntegerField(default=0, editable=False)

    objects = ConfidentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("confidential answers")
        verbose_name_plural = _("confidential answers")

    def __str__(self):
        return str(self.registration_id)
