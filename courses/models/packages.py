"""Courses made elsewhere: SCORM and H5P packages, what they report, and xAPI statements. Nothing in them is trusted."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.enrolments import Enrolment
from courses.models.things import Lesson
from courses.packages.storage import private
from participants.codes import known


class PackageKind(models.TextChoices):
    SCORM_12 = "scorm12", _("SCORM 1.2")
    SCORM_2004 = "scorm2004", _("SCORM 2004")
    H5P = "h5p", _("H5P")
    UNKNOWN = "unknown", _("Not looked at yet")


class PackageState(models.TextChoices):
    UPLOADED = "uploaded", _("Being checked")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("Refused")


class Package(models.Model):
    """An uploaded package. What it holds lies under `folder`, a random name, and is replaced as a whole."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=500)
    language = models.CharField(_("language"), max_length=10, blank=True)
    kind = models.CharField(
        _("kind"), max_length=9, choices=PackageKind.choices, default=PackageKind.UNKNOWN, editable=False
    )
    state = models.CharField(
        _("state"), max_length=8, choices=PackageState.choices, default=PackageState.UPLOADED, editable=False
    )
    file = models.FileField(_("file"), upload_to="packages/uploads/", storage=private, max_length=200)
    folder = models.CharField(max_length=80, blank=True, editable=False)
    # What is to be deleted once nobody can still be reading it: [{"path", "is_folder", "at"}].
    retired = models.JSONField(default=list, editable=False)
    # What can be launched, as the manifest says: a list of {"id", "title", "href", "children", …}.
    items = models.JSONField(default=list, editable=False)
    # Whole sentences for the author: why it was refused, and what it will not do.
    errors = models.JSONField(default=list, editable=False)
    warnings = models.JSONField(default=list, editable=False)
    file_count = models.PositiveIntegerField(_("files"), default=0, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        constraints = [
            known("oberih_package_kind_known", "kind", PackageKind),
            known("oberih_package_state_known", "state", PackageState),
            models.CheckConstraint(
                name="oberih_package_ready_has_a_folder", condition=~Q(state=PackageState.READY) | ~Q(folder="")
            ),
        ]

    def __str__(self):
        return self.title or str(self.uuid)

    @property
    def is_playable(self):
        """What was checked before goes on being played while a new file is checked, or when that is refused."""
        return bool(self.folder) and self.kind != PackageKind.UNKNOWN


class PackageRun(models.Model):
    """What one part (SCO) of a package has reported of one learner, and what it needs to go on."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="package_runs")
    package = models.ForeignKey(Package, models.PROTECT, related_name="runs")
    lesson = models.ForeignKey(Lesson, models.PROTECT, null=True, blank=True, related_name="package_runs")
    item = models.CharField(_("part"), max_length=200)
    # The data model as it was last committed, checked and bounded in size; it comes from the package.
    cmi = models.JSONField(default=dict)
    # Commits are numbered by the player that sends them; an older one that arrives late changes nothing.
    session = models.UUIDField(null=True, blank=True)
    commits = models.PositiveIntegerField(default=0)
    # When this session began, and how much of `seconds` is its own: no session lasts longer than the clock says.
    session_at = models.DateTimeField(null=True, blank=True)
    session_seconds = models.PositiveIntegerField(default=0)
    # Whether the package ended its session by itself; without that, it goes on where it was.
    is_finished = models.BooleanField(default=False)
    completion = models.CharField(_("completion"), max_length=13, default="unknown")
    success = models.CharField(_("success"), max_length=7, default="unknown")
    score = models.DecimalField(_("score in per cent"), max_digits=5, decimal_places=2, null=True, blank=True)
    seconds = models.PositiveIntegerField(_("seconds"), default=0)
    language = models.CharField(max_length=10)
    started_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    # When the package as a whole was completed; all of its parts carry the same moment.
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("what a package reported")
        verbose_name_plural = _("what packages reported")
        constraints = [
            models.UniqueConstraint(name="oberih_packagerun_once", fields=["enrolment", "package", "item"]),
            models.CheckConstraint(
                name="oberih_packagerun_score_in_per_cent",
                condition=Q(score=None) | Q(score__gte=-100, score__lte=100),
            ),
        ]

    def __str__(self):
        return str(self.uuid)

    @property
    def is_done(self):
        """Whether this part is completed. Who failed it may try again."""
        return self.completion == "completed" and self.success != "failed"

    @property
    def goes_on(self):
        """Whether the package continues where it was, by the rules of its kind."""
        if not self.cmi:
            return False
        left = self.cmi.get("exit", self.cmi.get("core", {}).get("exit", ""))
        # A tab that was closed said nothing; and packages of 1.2 that are not through seldom say "suspend" either.
        return left == "suspend" or not self.is_finished or ("core" in self.cmi and self.completion != "completed")


class Statement(models.Model):
    """An xAPI statement as it was sent, its actor left out: who it is about is the enrolment."""

    uuid = models.UUIDField(unique=True)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="statements")
    package = models.ForeignKey(Package, models.PROTECT, null=True, blank=True, related_name="statements")
    verb = models.CharField(max_length=500)
    activity = models.CharField(max_length=500)
    content = models.JSONField()
    stored_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("xAPI statement")
        verbose_name_plural = _("xAPI statements")
        ordering = ["stored_at", "pk"]

    def __str__(self):
        return str(self.uuid)
