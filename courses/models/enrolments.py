import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses import reach
from courses.models.access import Group
from courses.models.assessments import Assessment
from courses.models.fulfilment import lesson_done
from courses.models.things import Course, Lesson
from participants.models import FrozenDimensions, Participant, ParticipationQuerySet
from safeguarding.models import Role
from safeguarding.roles import grants_of, has_role


class EnrolmentQuerySet(ParticipationQuerySet):
    def active(self):
        return self.filter(withdrawn_at=None)

    def of(self, participant):
        """Those that whoever looks as `participant` may see, whichever of their rows they hang on."""
        return self.filter(participant__in=Participant.objects.seen_by(participant))

    def for_focal_point(self, user):
        """Those of the people who named an organisation whose focal point the user is, when they began."""
        return self.of_colleagues(user, project="course__project__code")

    def for_trainer(self, user):
        """Those that this trainer or manager may see: of courses of their projects, and of whom they meet or train."""
        if has_role(user):
            return self
        charged = Course.objects.in_charge(user)
        return self.filter(Q(course__in=charged) | Q(group__made_by=user) | reach.learners(user))

    def trained_by(self, user):
        """Those of people whom the user trains themselves, whose names they know: at their events, in their groups."""
        if not any(grant.role == Role.TRAINER for grant in grants_of(user)):
            return self.none()
        return self.filter(Q(group__made_by=user) | reach.learners(user, own=True))

    def furthest_first(self):
        """Somebody who was known under two rows may take a course twice: they go on where they got furthest."""
        done = LessonProgress.objects.filter(enrolment=OuterRef("pk"), state=LessonState.COMPLETED)
        lessons = done.order_by().values("enrolment").annotate(n=Count("pk")).values("n")
        return self.annotate(lessons_done=Coalesce(Subquery(lessons), 0)).order_by(
            F("completed_at").asc(nulls_last=True), "-lessons_done", "-enrolled_at", "-pk"
        )

    def fulfilled(self):
        """Those who did all that their course asks of them today, whether or not that is recorded.

        `courses.completion` as one statement; what a course asks is nothing only where a confirmation says it is done.
        """
        lessons = Lesson.objects.filter(course=OuterRef("course"), is_required=True, archived_at=None)
        assessments = Assessment.objects.filter(course=OuterRef("course"), is_required=True)
        passed = Attempt.objects.filter(assessment=OuterRef("pk"), enrolment=OuterRef(OuterRef("pk")), passed=True)
        confirmed = Confirmation.objects.filter(enrolment=OuterRef("pk"), lesson=None)
        return self.filter(
            Exists(confirmed)
            | Q(
                ~Exists(lessons.exclude(lesson_done())),
                ~Exists(assessments.exclude(Exists(passed))),
                Exists(lessons) | Exists(assessments),
            )
        )


class Enrolment(FrozenDimensions):
    """A person takes a course."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    # "self", or what enrolled the person: "registration:<uuid>". A key, since events live in a room above.
    source = models.CharField(_("source"), max_length=60, default="self")
    group = models.ForeignKey(
        Group, models.SET_NULL, null=True, blank=True, related_name="enrolments", verbose_name=_("group")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    # More time in assessments, for whoever needs it: 50 is half as much again.
    extra_time_percent = models.PositiveSmallIntegerField(_("extra time in per cent"), default=0)
    reminders_off_at = models.DateTimeField(_("wants no reminders since"), null=True, blank=True)
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
            models.CheckConstraint(
                name="oberih_enrolment_extra_time_is_bounded",
                condition=Q(extra_time_percent__lte=400),
                violation_error_message=_("Extra time is at most 400 per cent."),
            ),
        ]

    def __str__(self):
        return str(self.uuid)


class LessonState(models.IntegerChoices):
    """Integers, so that 'states only advance' is a comparison."""

    OPENED = 1, _("Opened")
    COMPLETED = 2, _("Completed")


class LessonProgress(models.Model):
    """How far somebody is in a lesson: the fold of what is recorded (`courses.completion`). It only advances."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="progress")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="progress")
    state = models.PositiveSmallIntegerField(choices=LessonState.choices, default=LessonState.OPENED)
    language = models.CharField(max_length=10)
    opened_at = models.DateTimeField(default=timezone.now)
    # Somebody said that they read it; whether that completes it is a matter of the lesson's rule.
    read_at = models.DateTimeField(null=True, blank=True)
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


class MediaProgress(models.Model):
    """How much of a video or an audio of a lesson somebody saw or heard; `block` is the StreamField block's id."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="media_progress")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="media_progress")
    block = models.UUIDField()
    # Different seconds of it that were played, whatever was played twice; with its length as the server knows it.
    seconds = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=10)
    updated_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("progress in a video or an audio")
        verbose_name_plural = _("progress in videos and audios")
        constraints = [
            models.UniqueConstraint(name="oberih_mediaprogress_once", fields=["enrolment", "block"]),
        ]

    def __str__(self):
        return str(self.block)


class StudyTime(models.Model):
    """Time with a lesson on a visible page, without idling: one row a visit, whose seconds only grow."""

    uuid = models.UUIDField(_("key made by the device"), unique=True)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="study_times")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="study_times")
    seconds = models.PositiveIntegerField(_("seconds"))
    language = models.CharField(max_length=10)
    started_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("time spent")
        verbose_name_plural = _("times spent")

    def __str__(self):
        return str(self.uuid)


class Confirmation(models.Model):
    """A trainer says that somebody did it, as on paper: one lesson, or (without one) all that the course asks."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="confirmations")
    lesson = models.ForeignKey(Lesson, models.PROTECT, null=True, blank=True, related_name="confirmations")
    on = models.DateField(_("on"), help_text=_("The day on which it was done."))
    language = models.CharField(_("language"), max_length=10)
    reason = models.CharField(_("how it is known"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        constraints = [
            models.UniqueConstraint(
                name="oberih_confirmation_of_a_lesson_once",
                fields=["enrolment", "lesson"],
                condition=~Q(lesson=None),
            ),
            models.UniqueConstraint(
                name="oberih_confirmation_of_a_course_once", fields=["enrolment"], condition=Q(lesson=None)
            ),
        ]

    def __str__(self):
        return f"{self.enrolment_id} {self.lesson_id or ''}"


# What is sent in the last second may arrive later on a slow line.
GRACE = timedelta(seconds=30)


class Attempt(models.Model):
    """One try at an assessment, numbered across languages.

    `drawn` keeps what the person was asked and how it is scored, whatever happens to the bank afterwards: a list of
    `{"key": question's key, "version": int, "kind": str, "options": [block ids, in the order shown],
    "correct": [block ids], "points": int}` with what other kinds of question need besides (`courses.kinds`). It never
    leaves the server.

    Three states: open, handed in (a trainer has to mark something), scored.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attempts")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("number"))
    drawn = models.JSONField(default=list)
    pass_percent = models.PositiveSmallIntegerField(_("pass mark in per cent"))
    language = models.CharField(_("language"), max_length=10)
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    # With a time limit: when it is handed in as it stands. Decided at the start, so that nobody's clock is turned back.
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    scored_at = models.DateTimeField(_("scored at"), null=True, blank=True)
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
                condition=Q(scored_at=None, points=None, points_possible=None, passed=None)
                | Q(
                    submitted_at__isnull=False,
                    scored_at__isnull=False,
                    points__isnull=False,
                    # A survey has nothing that could be right.
                    points_possible__gte=0,
                    points__lte=F("points_possible"),
                    passed__isnull=False,
                ),
            ),
        ]

    def __str__(self):
        return str(self.uuid)

    def is_overdue(self, now):
        """Whether its time was up before `now`, and with it the time for answers that are still on their way."""
        return self.due_at is not None and now > self.due_at + GRACE


class Answer(models.Model):
    """What somebody chose: in an attempt (`item` is the question's key) or in a lesson's knowledge check (`item` is the
    StreamField block's id). Changing one's mind adds a row and takes `is_current` from the one before."""

    uuid = models.UUIDField(_("key made by the device"), default=uuid.uuid4, unique=True)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="answers")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, blank=True, related_name="answers")
    item = models.UUIDField()
    # Option ids (in the chosen order where that is the answer), pairs of them, or what was written: see `courses.kinds`.
    chosen = models.JSONField(default=list)
    correct = models.BooleanField(null=True, blank=True)
    # What a trainer gave for an answer that no key decides.
    points = models.PositiveSmallIntegerField(_("points"), null=True, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    marked_at = models.DateTimeField(_("marked at"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)
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
            models.CheckConstraint(
                name="oberih_answer_marked_with_points",
                condition=Q(marked_at=None, points=None) | Q(marked_at__isnull=False, points__isnull=False),
            ),
        ]

    def __str__(self):
        return str(self.uuid)
