import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.packages.storage import private
from participants.codes import known


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Being looked through")
    PLANNED = "planned", _("Waiting for your yes")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Made")
    REFUSED = "refused", _("Refused")


class CourseImport(models.Model):
    """A file that becomes a course: what it would make is shown first. The row is the owed work, and goes after a week."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(_("file"), upload_to="course-imports/", storage=private, max_length=200)
    parent = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.UPLOADED)
    # What it makes and what is missing here, as `exchange.planning` found it.
    plan = models.JSONField(default=dict)
    # Whole sentences for the author.
    errors = models.JSONField(default=list)
    page = models.ForeignKey("wagtailcore.Page", models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("import of a course")
        verbose_name_plural = _("imports of courses")
        constraints = [known("oberih_courseimport_state_known", "state", ImportState)]

    def __str__(self):
        return str(self.uuid)
