import secrets
import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.storage import private
from courses.models import Course
from events.models import Event, Programme
from participants.codes import known
from participants.models import Participant, random_code


class AwardRuleQuerySet(models.QuerySet):
    @transaction.atomic
    def add_version(self, course, **asked):
        """What a certificate of the course takes from now on; certificates that were earned keep their rule."""
        locked = Course.objects.select_for_update().get(pk=course.pk)
        newest = self.filter(course=locked).order_by("version").last()
        return self.create(course=locked, version=newest.version + 1 if newest else 1, **asked)


class AwardRule(models.Model):
    """What a certificate takes. A change makes a new version; the newest counts for certificates not yet earned."""

    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="award_rules")
    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="award_rules")
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True, related_name="award_rules")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    # Of the sessions' minutes. Empty: attendance is not asked for.
    attendance_percent = models.PositiveSmallIntegerField(
        _("attendance in per cent"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    needs_assessment = models.BooleanField(_("the assessment must be passed"), default=False)
    needs_lessons = models.BooleanField(_("all lessons must be completed"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AwardRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("award rule")
        verbose_name_plural = _("award rules")
        constraints = [
            models.CheckConstraint(
                name="oberih_awardrule_one_target",
                condition=Q(event__isnull=False, course=None, programme=None)
                | Q(event=None, course__isnull=False, programme=None)
                | Q(event=None, course=None, programme__isnull=False),
                violation_error_message=_("A rule is for one event, one course or one programme."),
            ),
            models.CheckConstraint(
                name="oberih_awardrule_asks_something",
                # Without the first half an empty percentage makes the whole unknown, which a CHECK lets pass.
                condition=Q(attendance_percent__isnull=False, attendance_percent__range=(1, 100))
                | Q(needs_assessment=True)
                | Q(needs_lessons=True),
                violation_error_message=_(
                    "A certificate must take something: attendance, a passed assessment or lessons."
                ),
            ),
            models.UniqueConstraint(name="oberih_awardrule_event_version", fields=["event", "version"]),
            models.UniqueConstraint(name="oberih_awardrule_course_version", fields=["course", "version"]),
            models.UniqueConstraint(name="oberih_awardrule_programme_version", fields=["programme", "version"]),
        ]

    def __str__(self):
        return f"{self.achievement_key} v{self.version}"

    @property
    def achievement_key(self):
        """What is achieved, whichever version of the rule was met: `event:<uuid>`, `course:<key>`, `programme:<code>`."""
        if self.event_id:
            return f"event:{self.event.uuid}"
        if self.course_id:
            return f"course:{self.course_id}"
        return f"programme:{self.programme.code}"


class CertificateState(models.TextChoices):
    PENDING = "pending", _("Being issued")
    ISSUED = "issued", _("Issued")
    REPLACED = "replaced", _("Replaced")
    REVOKED = "revoked", _("Revoked")


def certificate_number():
    """What is printed: random, so that the next one cannot be guessed."""
    return f"OB-{random_code(4)}-{random_code(4)}-{random_code(4)}"


def certificate_token():
    """What the QR code carries: 128 random bits and more."""
    return secrets.token_urlsafe(18)


# After so many failures the next is left to staff.
MAX_ATTEMPTS = 5


class CertificateQuerySet(models.QuerySet):
    def owed(self, now=None):
        """What has to be issued now: pending, not given up, and past its next attempt."""
        return self.filter(
            state=CertificateState.PENDING,
            attempts__lt=MAX_ATTEMPTS,
            next_attempt_at__lte=now or timezone.now(),
        )

    def given_up(self):
        """What could not be issued however often it was tried."""
        return self.filter(state=CertificateState.PENDING, attempts__gte=MAX_ATTEMPTS)

    def awarded(self, *states):
        """Those in one of `states`, and those withdrawn when their holder was erased: the figures do not move by that."""
        withdrawn = Q(state=CertificateState.REVOKED, snapshot={}, participant__erased_at__isnull=False)
        return self.filter(Q(state__in=states) | withdrawn)

    def for_staff(self, user):
        """Certificates of the staff member's events; those of courses, which nobody holds, by whoever manages."""
        return self.filter(
            Q(event__in=Event.objects.for_staff(user)) | Q(course__in=Course.objects.for_staff(user))
        )


class Certificate(models.Model):
    """An award. A pending row is the work that is owed; revoking keeps the row and says so publicly."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="certificates")
    achievement_key = models.CharField(max_length=80)
    period = models.PositiveSmallIntegerField(_("period"), default=1)
    rule = models.ForeignKey(AwardRule, models.PROTECT, related_name="certificates")
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="certificates")
    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="certificates")
    number = models.CharField(_("number"), max_length=20, unique=True, default=certificate_number)
    token = models.CharField(max_length=40, unique=True, default=certificate_token, editable=False)
    state = models.CharField(
        _("state"), max_length=8, choices=CertificateState.choices, default=CertificateState.PENDING
    )
    language = models.CharField(_("language"), max_length=10)
    # Everything the paper says, as it was when the award was earned; a later change of name does not reach it.
    snapshot = models.JSONField(default=dict)
    template_version = models.PositiveSmallIntegerField(default=1)
    pdf = models.FileField(upload_to="oberih/certificates/", storage=private, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    earned_at = models.DateTimeField(_("earned at"), default=timezone.now)
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    # When it stopped being valid, by revoking or by replacing.
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_reason = models.CharField(_("reason"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    next_attempt_at = models.DateTimeField(default=timezone.now, editable=False)
    last_error = models.CharField(max_length=200, blank=True, editable=False)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-earned_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="oberih_certificate_once",
                fields=["participant", "achievement_key", "period"],
                condition=Q(state__in=["pending", "issued"]),
                violation_error_message=_("This person holds this certificate already."),
            ),
            models.CheckConstraint(
                # The hash, not the file: erasing a person takes the file, and the hash still proves that it was ours.
                name="oberih_certificate_issued_has_paper",
                condition=~Q(state=CertificateState.ISSUED) | (Q(issued_at__isnull=False) & ~Q(pdf_sha256="")),
            ),
            models.CheckConstraint(
                name="oberih_certificate_revoked_says_when",
                condition=~Q(state=CertificateState.REVOKED) | Q(revoked_at__isnull=False),
            ),
            known("oberih_certificate_state_known", "state", CertificateState),
        ]

    def __str__(self):
        return self.number

    @property
    def is_erased(self):
        """Whether it no longer says whom it was given to."""
        return not self.snapshot.get("name")


class Evaluation(models.Model):
    """That an event's attendance was weighed, and at which count of marks; more marks are a reason to weigh again.

    Marks are only added, so their number tells two states of a register apart, whichever order they were committed in.
    """

    event = models.OneToOneField(Event, models.CASCADE, related_name="+")
    marks = models.PositiveIntegerField()
    percent = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")

    def __str__(self):
        return f"{self.event_id} {self.marks}"
