import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from participants.models import Organisation


class RegistrationList(models.Model):
    """The people whom an organisation's focal point is about to register: typed or sent as a file, looked through, and
    only then registered.

    It goes after a day, and with anybody in it who is erased.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    # Empty for people who were typed in.
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    # [[line, {column: text}]], as they were read; what will come of them is worked out whenever it is shown.
    rows = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    # [[line, name, what came of it, why]] of what was done.
    results = models.JSONField(default=list)

    class Meta:
        verbose_name = _("list of people to register")
        verbose_name_plural = _("lists of people to register")
        constraints = [
            models.CheckConstraint(
                name="oberih_registrationlist_forgets_when_done", condition=Q(done_at=None) | Q(rows=[])
            ),
        ]

    def __str__(self):
        return str(self.uuid)
