"""How people come to take a course: groups, keys, invitations, and asking for approval."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.things import Course
from participants.models import Organisation, Participant, Project
from safeguarding.models import Role
from safeguarding.roles import grants_of, has_role, scopes_of


class GroupQuerySet(models.QuerySet):
    def for_staff(self, user):
        """The groups that a trainer or manager works with: those they made, and a manager's those of their scope.

        A group is in no country, so a grant that is limited to one reaches none but the user's own.
        """
        if not (user.is_authenticated and has_role(user, Role.TRAINER, Role.MANAGER)):
            return self.none()
        scopes = scopes_of(user, Role.MANAGER)
        if scopes is None:
            return self
        return self.filter(Q(made_by=user) | _within(scopes))

    def for_focal_point(self, user):
        """Those of an organisation whose focal point the user is."""
        grants = [one for one in grants_of(user) if one.role == Role.FOCAL_POINT and one.organisation]
        return self.filter(_within([(one.country, one.project, one.organisation) for one in grants]))


def _within(scopes):
    """The condition that a group lies within one of the (country, project, organisation), each of which limits it."""
    within = Q(pk__in=[])
    for country, project, organisation in scopes:
        if country:
            continue
        scope = Q(project__code=project) if project else Q()
        if organisation:
            scope &= Q(organisation__code=organisation)
        if project or organisation:
            within |= scope
    return within


class Group(models.Model):
    """People who learn together, as a class or a team: who is in it takes what it takes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("project")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    @property
    def subject_key(self):
        """How reasons and the log name it."""
        return f"group:{self.uuid}"


class GroupMember(models.Model):
    group = models.ForeignKey(Group, models.CASCADE, related_name="members")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="learner_groups")
    added_at = models.DateTimeField(_("added at"), default=timezone.now)

    class Meta:
        verbose_name = _("member of a group")
        verbose_name_plural = _("members of groups")
        constraints = [models.UniqueConstraint(name="oberih_groupmember_once", fields=["group", "participant"])]

    def __str__(self):
        return f"{self.group_id} {self.participant_id}"


class GroupCourse(models.Model):
    """What a group takes. Whoever joins later takes it, too."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="courses")
    course = models.ForeignKey(Course, models.PROTECT, related_name="groups", verbose_name=_("course"))
    due_on = models.DateField(_("due on"), null=True, blank=True)

    class Meta:
        verbose_name = _("course of a group")
        verbose_name_plural = _("courses of groups")
        constraints = [models.UniqueConstraint(name="oberih_groupcourse_once", fields=["group", "course"])]

    def __str__(self):
        return f"{self.group_id} {self.course_id}"


class EnrolmentKey(models.Model):
    """A word that opens a course, as it is read out in a class or printed on a handout."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="keys", verbose_name=_("course"))
    # In the clear: it is read aloud, and whoever gives it out has to find it again. Wrong tries are limited.
    code = models.CharField(_("key"), max_length=40)
    label = models.CharField(_("what it is for"), max_length=200, blank=True)
    group = models.ForeignKey(
        Group, models.PROTECT, null=True, blank=True, related_name="keys", verbose_name=_("puts people into")
    )
    uses_allowed = models.PositiveIntegerField(
        _("how many people may use it"), null=True, blank=True, help_text=_("Empty: as many as come.")
    )
    uses = models.PositiveIntegerField(_("used"), default=0, editable=False)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("key")
        verbose_name_plural = _("keys")
        constraints = [
            models.UniqueConstraint(
                name="oberih_enrolmentkey_once",
                fields=["course", "code"],
                violation_error_message=_("This course has such a key already."),
            ),
            models.CheckConstraint(
                name="oberih_enrolmentkey_not_used_up_twice",
                condition=Q(uses_allowed=None) | Q(uses__lte=F("uses_allowed")),
            ),
        ]

    def __str__(self):
        return self.label or self.code


class EnrolmentInvitation(models.Model):
    """An offer to take a course, sent by mail. The token is kept only as a hash; it opens once."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="invitations")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="course_invitations")
    group = models.ForeignKey(Group, models.SET_NULL, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField(_("invited at"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation to a course")
        verbose_name_plural = _("invitations to courses")
        constraints = [
            models.UniqueConstraint(
                name="oberih_enrolmentinvitation_one_open",
                fields=["course", "participant"],
                condition=Q(accepted_at=None),
                violation_error_message=_("This person has been invited already."),
            ),
        ]

    def __str__(self):
        return f"{self.course_id} {self.participant_id}"


class Decision(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class EnrolmentRequest(models.Model):
    """Somebody asks to take a course that is open by approval."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, related_name="requests")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="course_requests")
    motivation = models.TextField(_("why they want to take it"), blank=True, max_length=1000)
    language = models.CharField(max_length=10)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    decision = models.CharField(_("decision"), max_length=9, choices=Decision.choices, default=Decision.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    # Told to the person.
    answer = models.TextField(_("answer"), blank=True, max_length=1000)

    class Meta:
        verbose_name = _("request to take a course")
        verbose_name_plural = _("requests to take courses")
        constraints = [
            models.UniqueConstraint(
                name="oberih_enrolmentrequest_one_waiting",
                fields=["course", "participant"],
                condition=Q(decision=Decision.WAITING),
                violation_error_message=_("You have asked already; the answer comes by e-mail."),
            ),
            models.CheckConstraint(
                name="oberih_enrolmentrequest_decided_at_a_time",
                condition=Q(decision=Decision.WAITING, decided_at=None)
                | (~Q(decision=Decision.WAITING) & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return str(self.uuid)


class EnrolmentImport(models.Model):
    """A list of people between its preview and the word to enrol them. It goes when they are enrolled, or after a day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, models.CASCADE, null=True, blank=True, related_name="+")
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="+")
    file_name = models.CharField(_("file"), max_length=200)
    # [[line, {column: text}]], as they were read; what will come of them is worked out whenever it is shown.
    rows = models.JSONField(default=list)
    # Why people are enrolled who have not completed what comes first.
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    tells = models.BooleanField(_("tell them"), default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    # {"new": …, "known": …, "enrolled": …, "wrong": …}, of what was done.
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("list of people to enrol")
        verbose_name_plural = _("lists of people to enrol")
        constraints = [
            models.CheckConstraint(
                name="oberih_enrolmentimport_into_one",
                condition=Q(course=None, group__isnull=False) | Q(course__isnull=False, group=None),
            ),
            models.CheckConstraint(
                name="oberih_enrolmentimport_forgets_when_done", condition=Q(done_at=None) | Q(rows=[])
            ),
        ]

    def __str__(self):
        return str(self.uuid)
