import uuid
from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from courses.models.things import Course, Lesson
from courses.previews import AssessmentPreview
from participants.codes import known


class AssessmentKind(models.TextChoices):
    TEST = "test", _("Test with a pass mark")
    SURVEY = "survey", _("Survey without right answers")


class ShowAnswers(models.TextChoices):
    """What a learner sees of their answers after handing in."""

    NEVER = "never", _("Only the points")
    OWN = "own", _("Which of their answers were right")
    PASSED = "passed", _("The right answers once they passed, before that only their own")
    ALWAYS = "always", _("The right answers")


class Assessment(AssessmentPreview, models.Model):
    """A scored test with a pass mark. A lesson's block names it by its key, in every language the same."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(
        Course, models.PROTECT, null=True, blank=True, related_name="assessments", verbose_name=_("course")
    )
    # Where it is taken, as the published pages say; passing it completes that lesson.
    lesson = models.ForeignKey(
        Lesson, models.PROTECT, null=True, blank=True, editable=False, related_name="assessments"
    )
    kind = models.CharField(_("kind"), max_length=6, choices=AssessmentKind.choices, default=AssessmentKind.TEST)
    title = I18nCharField(_("title"), max_length=1000)
    intro = I18nTextField(_("introduction"), blank=True)
    pass_percent = models.PositiveSmallIntegerField(
        _("pass mark in per cent"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    draw = models.PositiveSmallIntegerField(
        _("questions drawn for an attempt"), null=True, blank=True, help_text=_("Empty: all of them.")
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        _("attempts allowed"), null=True, blank=True, help_text=_("Empty: as many as somebody needs.")
    )
    cooling_minutes = models.PositiveIntegerField(
        _("minutes between attempts"), default=0, help_text=_("How long somebody waits before they try again.")
    )
    minutes_allowed = models.PositiveSmallIntegerField(
        _("minutes for an attempt"), null=True, blank=True, help_text=_("Empty: without a time limit.")
    )
    shuffles_questions = models.BooleanField(_("questions in another order each time"), default=True)
    shuffles_options = models.BooleanField(_("answers in another order each time"), default=True)
    shows_answers = models.CharField(
        _("what is shown afterwards"), max_length=6, choices=ShowAnswers.choices, default=ShowAnswers.OWN
    )
    # The one taken before the course, whose questions this one asks again.
    compared_with = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="compared_by",
        verbose_name=_("compared with"),
        help_text=_("The test or survey from before the course that asks the same questions."),
    )
    is_required = models.BooleanField(_("needed to complete the course"), default=True)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.CheckConstraint(
                name="oberih_assessment_pass_mark",
                condition=Q(pass_percent__range=(1, 100)),
                violation_error_message=_("The pass mark lies between 1 and 100 per cent."),
            ),
            models.CheckConstraint(
                name="oberih_assessment_draws_some",
                condition=Q(draw=None) | Q(draw__gte=1),
                violation_error_message=_("At least one question must be drawn."),
            ),
            models.CheckConstraint(
                name="oberih_assessment_gives_time",
                condition=Q(minutes_allowed=None) | Q(minutes_allowed__gte=1),
                violation_error_message=_("An attempt needs at least a minute."),
            ),
            models.CheckConstraint(
                name="oberih_assessment_compared_with_another",
                condition=Q(compared_with=None) | ~Q(compared_with=F("key")),
                violation_error_message=_("An assessment cannot be compared with itself."),
            ),
            known("oberih_assessment_kind_known", "kind", AssessmentKind),
            known("oberih_assessment_shows_answers_known", "shows_answers", ShowAnswers),
        ]

    def __str__(self):
        return str(self.title)

    @property
    def is_survey(self):
        return self.kind == AssessmentKind.SURVEY

    def minutes_for(self, extra_time_percent=0):
        """How long an attempt may take for somebody with extra time; a begun minute is given whole."""
        if self.minutes_allowed is None:
            return None
        return -(-self.minutes_allowed * (100 + extra_time_percent) // 100)

    def due_at(self, started_at, extra_time_percent=0):
        minutes = self.minutes_for(extra_time_percent)
        return None if minutes is None else started_at + timedelta(minutes=minutes)

    def again_at(self, attempt):
        """When another attempt may be begun after one that was handed in."""
        return attempt.submitted_at + timedelta(minutes=self.cooling_minutes)


class AssessmentQuestion(models.Model):
    """Which questions an assessment draws from, by the key that their languages share."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="bank")
    question_key = models.UUIDField()
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("question of an assessment")
        verbose_name_plural = _("questions of an assessment")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(name="oberih_assessmentquestion_once", fields=["assessment", "question_key"]),
        ]

    def __str__(self):
        return str(self.question_key)
