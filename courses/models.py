import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from courses.previews import AssessmentPreview, QuestionPreview
from participants.codes import known
from participants.models import FrozenDimensions, Participant, ParticipationQuerySet, Project, Topic
from safeguarding.models import Role
from safeguarding.roles import scopes_of


class CourseQuerySet(models.QuerySet):
    def for_staff(self, user):
        """The courses whose people this manager may see.

        A course is held in no country and by no organisation: only its project can be somebody's.
        """
        scopes = scopes_of(user, Role.MANAGER)
        if scopes is None:
            return self
        projects = [project for country, project, organisation in scopes if not (country or organisation)]
        return self.filter(project__code__in=filter(None, projects))


class Course(models.Model):
    """What is learned, whatever the language.

    The key is the `translation_key` that all language versions of the course's page share. The row is made when a
    page is first published and kept, archived, when the pages go: enrolments and certificates rest on it.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    code = models.SlugField(_("code"), max_length=100, unique=True)
    title = I18nCharField(_("title"), max_length=1000)
    topics = models.ManyToManyField(Topic, blank=True, related_name="courses", verbose_name=_("topics"))
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="courses", verbose_name=_("project")
    )
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["code"]

    def __str__(self):
        return str(self.title)


class Lesson(models.Model):
    """A lesson of a course, whatever the language. Keyed, made and kept like `Course`."""

    key = models.UUIDField(primary_key=True, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, related_name="lessons")
    title = I18nCharField(_("title"), max_length=1000)
    position = models.PositiveIntegerField(_("position"), default=0)
    is_required = models.BooleanField(_("needed to complete the course"), default=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["course", "position", "key"]

    def __str__(self):
        return str(self.title)


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
        ]

    def __str__(self):
        return str(self.title)


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("One right answer")
    MULTIPLE = "multiple", _("Several right answers")
    TRUE_FALSE = "true_false", _("True or false")


class OptionBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Answer"))
    correct = blocks.BooleanBlock(label=_("Right"), required=False)
    feedback = blocks.TextBlock(label=_("What the learner is told"), required=False)

    class Meta:
        icon = "list-ul"
        label = _("Answer")


class Question(QuestionPreview, TranslatableMixin, models.Model):
    """A question of the bank, one row a language. The options' block ids are the same in all languages."""

    kind = models.CharField(_("kind"), max_length=12, choices=QuestionKind.choices, default=QuestionKind.SINGLE)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    text = models.TextField(_("question"))
    options = StreamField([("option", OptionBlock())], verbose_name=_("answers"), min_num=2)

    # Whether one answer is right or several is no matter of language.
    override_translatable_fields = [SynchronizedField("kind", overridable=False)]
    panels = [FieldPanel("kind"), FieldPanel("text"), FieldPanel("options")]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [known("oberih_question_kind_known", "kind", QuestionKind)]

    def __str__(self):
        return self.text[:80]

    def save(self, *args, **kwargs):
        """Raise the version when what is asked changed: attempts name the version that they drew."""
        if self.pk is not None:
            stored = Question.objects.filter(pk=self.pk).first()
            if stored is not None and stored.wording() != self.wording():
                self.version = stored.version + 1
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        right = sum(bool(option["value"].get("correct")) for option in self.options.raw_data)
        if self.kind == QuestionKind.MULTIPLE:
            if not right:
                raise ValidationError({"options": _("Mark at least one answer as right.")}, code="right")
        elif right != 1:
            raise ValidationError({"options": _("Mark exactly one answer as right.")}, code="right")
        if self.kind == QuestionKind.TRUE_FALSE and len(self.options.raw_data) != 2:
            raise ValidationError({"options": _("True or false has two answers.")}, code="two")

    def wording(self):
        return self.kind, self.text, list(self.options.raw_data)

    @property
    def correct_ids(self):
        return [option["id"] for option in self.options.raw_data if option["value"].get("correct")]

    @property
    def option_ids(self):
        return [option["id"] for option in self.options.raw_data]


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


class EnrolmentQuerySet(ParticipationQuerySet):
    def active(self):
        return self.filter(withdrawn_at=None)

    def of(self, participant):
        """Those that whoever looks as `participant` may see, whichever of their rows they hang on."""
        return self.filter(participant__in=Participant.objects.seen_by(participant))

    def for_focal_point(self, user):
        """Those of the people who named an organisation whose focal point the user is, when they began."""
        return self.of_colleagues(user, project="course__project__code")

    def furthest_first(self):
        """Somebody who was known under two rows may take a course twice: they go on where they got furthest."""
        done = LessonProgress.objects.filter(enrolment=OuterRef("pk"), state=LessonState.COMPLETED)
        lessons = done.order_by().values("enrolment").annotate(n=Count("pk")).values("n")
        return self.annotate(lessons_done=Coalesce(Subquery(lessons), 0)).order_by(
            F("completed_at").asc(nulls_last=True), "-lessons_done", "-enrolled_at", "-pk"
        )

    def fulfilled(self):
        """Those who did all that their course asks of them today, whether or not that is recorded.

        The rule of completion as one statement; a course that asks nothing is never fulfilled.
        """
        lessons = Lesson.objects.filter(course=OuterRef("course"), is_required=True, archived_at=None)
        assessments = Assessment.objects.filter(course=OuterRef("course"), is_required=True)
        completed = LessonProgress.objects.filter(
            lesson=OuterRef("pk"), enrolment=OuterRef(OuterRef("pk")), state=LessonState.COMPLETED
        )
        passed = Attempt.objects.filter(assessment=OuterRef("pk"), enrolment=OuterRef(OuterRef("pk")), passed=True)
        return self.filter(
            ~Exists(lessons.exclude(Exists(completed))),
            ~Exists(assessments.exclude(Exists(passed))),
            Exists(lessons) | Exists(assessments),
        )


class Enrolment(FrozenDimensions):
    """A person takes a course."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    # "self", or what enrolled the person: "registration:<uuid>". A key, since events live in a room above.
    source = models.CharField(_("source"), max_length=60, default="self")
    enrolled_at = models.DateTimeField(_("enrolled at"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    completed_language = models.CharField(_("language of completion"), max_length=10, blank=True)
    last_lesson = models.ForeignKey(Lesson, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                name="oberih_enrolment_one_active",
                fields=["participant", "course"],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("This person takes this course already."),
            ),
            models.CheckConstraint(
                name="oberih_enrolment_completed_in_a_language",
                condition=Q(completed_at=None) | ~Q(completed_language=""),
            ),
        ]

    def __str__(self):
        return str(self.uuid)


class LessonState(models.IntegerChoices):
    """Integers, so that 'states only advance' is a comparison."""

    OPENED = 1, _("Opened")
    COMPLETED = 2, _("Completed")


class LessonProgress(models.Model):
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="progress")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="progress")
    state = models.PositiveSmallIntegerField(choices=LessonState.choices, default=LessonState.OPENED)
    language = models.CharField(max_length=10)
    opened_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("progress in a lesson")
        verbose_name_plural = _("progress in lessons")
        constraints = [
            models.UniqueConstraint(name="oberih_lessonprogress_once", fields=["enrolment", "lesson"]),
            models.CheckConstraint(
                name="oberih_lessonprogress_completed_has_time",
                condition=Q(state=LessonState.OPENED, completed_at=None)
                | Q(state=LessonState.COMPLETED, completed_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.lesson_id} {self.state}"


class Attempt(models.Model):
    """One try at an assessment, numbered across languages.

    `drawn` keeps what the person was asked and how it is scored, whatever happens to the bank afterwards: a list of
    `{"key": question's key, "version": int, "kind": str, "options": [block ids, in the order shown],
    "correct": [block ids]}`. It never leaves the server.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attempts")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("number"))
    drawn = models.JSONField(default=list)
    pass_percent = models.PositiveSmallIntegerField(_("pass mark in per cent"))
    language = models.CharField(_("language"), max_length=10)
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    points = models.PositiveIntegerField(_("points"), null=True, blank=True)
    points_possible = models.PositiveIntegerField(_("points possible"), null=True, blank=True)
    passed = models.BooleanField(_("passed"), null=True, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="oberih_attempt_numbered", fields=["enrolment", "assessment", "number"]),
            models.UniqueConstraint(
                name="oberih_attempt_one_open",
                fields=["enrolment", "assessment"],
                condition=Q(submitted_at=None),
                violation_error_message=_("An attempt at this assessment is open already."),
            ),
            models.CheckConstraint(
                name="oberih_attempt_scored_when_handed_in",
                condition=Q(submitted_at=None, points=None, points_possible=None, passed=None)
                | Q(
                    submitted_at__isnull=False,
                    points__isnull=False,
                    points_possible__gt=0,
                    points__lte=F("points_possible"),
                    passed__isnull=False,
                ),
            ),
        ]

    def __str__(self):
        return str(self.uuid)


class Answer(models.Model):
    """What somebody chose: in an attempt (`item` is the question's key) or in a lesson's knowledge check (`item` is the
    StreamField block's id). Changing one's mind adds a row and takes `is_current` from the one before."""

    uuid = models.UUIDField(_("key made by the device"), default=uuid.uuid4, unique=True)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="answers")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, blank=True, related_name="answers")
    item = models.UUIDField()
    chosen = models.JSONField(default=list)
    correct = models.BooleanField(null=True, blank=True)
    language = models.CharField(max_length=10)
    is_current = models.BooleanField(default=True)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="oberih_answer_one_current_in_attempt",
                fields=["attempt", "item"],
                condition=Q(is_current=True, attempt__isnull=False),
            ),
            models.UniqueConstraint(
                name="oberih_answer_one_current_in_lesson",
                fields=["enrolment", "item"],
                condition=Q(is_current=True, attempt=None),
            ),
        ]

    def __str__(self):
        return str(self.uuid)
