import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Event, Registration, Session
from participants.codes import AgeBand, HeadcountMethod, Qualifier, Sex, Unit, known
from participants.models import Category
from safeguarding.append_only import AppendOnly


class MarkStatus(models.TextChoices):
    PRESENT = "present", _("Present")
    LATE = "late", _("Late")
    EXCUSED = "excused", _("Excused")
    ABSENT = "absent", _("Absent")

    @classmethod
    def attended(cls):
        return [cls.PRESENT, cls.LATE]


class MarkSource(models.TextChoices):
    TRAINER = "trainer", _("Trainer")
    SCAN = "scan", _("Ticket scanned")
    SELF = "self", _("Checked in themselves")
    IMPORT = "import", _("Imported report")
    AUTO = "auto", _("Set by the system")


class Register(models.Model):
    """The list on which attendance of one session is taken."""

    session = models.OneToOneField(Session, models.CASCADE, related_name="register")
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")

    def __str__(self):
        return str(self.session_id)


class Mark(AppendOnly):
    """One immutable entry in a register. A correction is another mark; an annulment is a mark that names one."""

    uuid = models.UUIDField(_("key made by the device"), unique=True, default=uuid.uuid4)
    session = models.ForeignKey(Session, models.PROTECT, related_name="marks")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="marks")
    status = models.CharField(_("status"), max_length=8, choices=MarkStatus.choices, blank=True)
    # Minutes attended, where they are known; empty means the whole session for whoever was present or late.
    minutes = models.PositiveSmallIntegerField(_("minutes attended"), null=True, blank=True)
    device_time = models.DateTimeField(_("time on the device"), default=timezone.now)
    # Server time minus device time when the device last spoke to the server, in seconds.
    clock_offset = models.IntegerField(_("clock offset in seconds"), default=0)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    source = models.CharField(_("source"), max_length=8, choices=MarkSource.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    annuls = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="annulments")
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        indexes = [models.Index(name="oberih_mark_of", fields=["session", "registration"])]
        constraints = [
            models.CheckConstraint(
                name="oberih_mark_says_something",
                condition=Q(status__in=MarkStatus.values, annuls=None) | Q(status="", annuls__isnull=False),
            ),
            known("oberih_mark_source_known", "source", MarkSource),
        ]

    def __str__(self):
        return f"{self.status or 'annulled'} {self.uuid}"


class Attendance(models.Model):
    """The effective attendance, derived from the marks and rebuildable from them; never edited by hand."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="attendances")
    status = models.CharField(max_length=8, choices=MarkStatus.choices)
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(name="oberih_attendance_once", fields=["session", "registration"]),
            known("oberih_attendance_status_known", "status", MarkStatus),
            models.CheckConstraint(
                name="oberih_attendance_minutes_only_if_there",
                condition=Q(status__in=MarkStatus.attended()) | Q(minutes=0),
            ),
        ]

    def __str__(self):
        return f"{self.status} {self.minutes}"


class ReportedPresence(models.Model):
    """Presence that a list kept elsewhere reports without saying which session. It counts like marks."""

    registration = models.OneToOneField(Registration, models.CASCADE, related_name="reported_presence")
    first_present_on = models.DateField(_("first present on"), null=True, blank=True)
    sessions_present = models.PositiveIntegerField(_("sessions attended"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("minutes attended"), null=True, blank=True)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("reported presence")
        verbose_name_plural = _("reported presences")

    def __str__(self):
        return f"{self.first_present_on} {self.sessions_present}"


class Headcount(models.Model):
    """People counted without names, or another thing counted: sites, areas, events."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="headcounts")
    value = models.PositiveIntegerField(_("number"))
    qualifier = models.CharField(_("how exact"), max_length=8, choices=Qualifier.choices, default=Qualifier.EXACT)
    method = models.CharField(
        _("how it was counted"),
        max_length=14,
        choices=HeadcountMethod.choices,
        default=HeadcountMethod.NOT_STATED,
    )
    unit = models.CharField(_("unit"), max_length=15, choices=Unit.choices, default=Unit.PERSONS)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices, blank=True)
    age_band = models.CharField(_("age"), max_length=6, choices=AgeBand.choices, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    # The event whose headcount holds this one. It is never added to the one that holds it.
    part_of = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="headcount_parts")
    note = models.CharField(_("note"), max_length=500, blank=True)
    is_imported = models.BooleanField(_("imported"), default=False, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("headcount")
        verbose_name_plural = _("headcounts")
        ordering = ["pk"]
        constraints = [
            known("oberih_headcount_qualifier_known", "qualifier", Qualifier),
            known("oberih_headcount_unit_known", "unit", Unit),
            known("oberih_headcount_method_known", "method", HeadcountMethod),
        ]

    def __str__(self):
        return f"{self.value} {self.unit}"
