from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from courses import reach
from participants.codes import known
from participants.models import Project, Topic
from safeguarding.models import Role
from safeguarding.roles import grants_of, has_role, scopes_of


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

    def in_charge(self, user):
        """The courses all of whose learners this trainer or manager may see: those of the projects that their roles name.

        A trainer without a project has none: they see whom they train.
        """
        scopes = scopes_of(user, Role.MANAGER)
        if scopes is None:
            return self
        scopes += [(one.country, one.project, "") for one in grants_of(user) if one.role == Role.TRAINER]
        projects = {project for country, project, organisation in scopes if not (country or organisation)}
        return self.filter(project__code__in=projects - {""})

    def for_trainer(self, user):
        """The courses of which this trainer or manager may see some learners at least; see `courses.reach`."""
        if has_role(user):
            return self
        grouped = self.model.objects.filter(groups__group__made_by=user)
        charged = self.model.objects.in_charge(user)
        return self.filter(Q(pk__in=charged.values("pk")) | Q(pk__in=grouped.values("pk")) | reach.courses(user))


class Access(models.TextChoices):
    """How somebody comes to take a course by themselves. Staff and groups enrol people whatever this says."""

    OPEN = "open", _("Open to everybody")
    APPROVAL = "approval", _("By approval")
    KEY = "key", _("With a key")
    CLOSED = "closed", _("By invitation or in a group only")


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
    access = models.CharField(_("who may take it"), max_length=8, choices=Access.choices, default=Access.OPEN)
    # Courses that must be completed first.
    requires = models.ManyToManyField(
        "self",
        through="Prerequisite",
        symmetrical=False,
        blank=True,
        related_name="leads_to",
        verbose_name=_("courses to complete first"),
    )
    days_to_complete = models.PositiveSmallIntegerField(
        _("days to complete it"), null=True, blank=True, help_text=_("Empty: as long as somebody needs.")
    )
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["code"]
        constraints = [
            known("oberih_course_access_known", "access", Access),
            models.CheckConstraint(
                name="oberih_course_takes_a_day",
                condition=Q(days_to_complete=None) | Q(days_to_complete__gte=1),
                violation_error_message=_("A course cannot be due before the day after it was begun."),
            ),
        ]

    def __str__(self):
        return str(self.title)


class Prerequisite(models.Model):
    """A course that must be completed before another can be begun."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="prerequisites")
    required = models.ForeignKey(
        Course, models.CASCADE, related_name="+", verbose_name=_("course to complete first")
    )

    class Meta:
        verbose_name = _("course to complete first")
        verbose_name_plural = _("courses to complete first")
        constraints = [
            models.UniqueConstraint(name="oberih_prerequisite_once", fields=["course", "required"]),
            models.CheckConstraint(
                name="oberih_prerequisite_of_another",
                condition=~Q(course=F("required")),
                violation_error_message=_("A course cannot require itself."),
            ),
        ]

    def __str__(self):
        return f"{self.course_id} ← {self.required_id}"

    def clean(self):
        super().clean()
        if self.course_id and self.required_id and self._is_circle():
            raise ValidationError(
                {"required": _("That course requires this one, directly or through others.")}, code="circle"
            )

    def _is_circle(self):
        edges = {}
        for course, required in Prerequisite.objects.exclude(pk=self.pk).values_list("course", "required"):
            edges.setdefault(course, []).append(required)
        seen, ahead = set(), [self.required_id]
        while ahead:
            key = ahead.pop()
            if key == self.course_id:
                return True
            if key not in seen:
                seen.add(key)
                ahead += edges.get(key, [])
        return False


class CompletionRule(models.TextChoices):
    """What completes a lesson. A required assessment in it has to be passed besides, whatever the rule."""

    READ = "read", _("Reading it")
    WATCHED = "watched", _("Watching its video or hearing its audio to the end")
    PACKAGE = "package", _("Completing its package")
    TRAINER = "trainer", _("A trainer’s confirmation")


class Lesson(models.Model):
    """A lesson of a course, whatever the language. Keyed, made and kept like `Course`."""

    key = models.UUIDField(primary_key=True, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, related_name="lessons")
    title = I18nCharField(_("title"), max_length=1000)
    position = models.PositiveIntegerField(_("position"), default=0)
    is_required = models.BooleanField(_("needed to complete the course"), default=True)
    completed_by = models.CharField(
        _("what completes it"), max_length=8, choices=CompletionRule.choices, default=CompletionRule.READ
    )
    # The StreamField block ids of what has to be watched or heard, and the packages that have to be completed.
    media = models.JSONField(default=list, editable=False)
    packages = models.JSONField(default=list, editable=False)
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)
    # When an author last said that it holds new material; who completed it before is told so and stays complete.
    renewed_on = models.DateField(_("renewed on"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["course", "position", "key"]
        constraints = [known("oberih_lesson_completed_by_known", "completed_by", CompletionRule)]

    def __str__(self):
        return str(self.title)
