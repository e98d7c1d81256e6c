import uuid
import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from courses.models import Course
from events.exceptions import MoveError
from participants.codes import ActivityType, DeliveryMode, Qualifier, Unit, known
from participants.models import Area, FrozenDimensions, Organisation, Participant, Project, Topic, random_code
from safeguarding.models import Role
from safeguarding.roles import grants_of, has_role


def validate_zone(value):
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone. Give one such as Europe/Kyiv."), code="zone", params={"zone": value}
        )


class Programme(models.Model):
    """Courses and events in an order that belong together."""

    code = models.SlugField(_("code"), max_length=100, unique=True)
    title = I18nCharField(_("title"), max_length=1000)
    courses = models.ManyToManyField(Course, blank=True, related_name="programmes")

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self):
        return str(self.title)


class Venue(models.Model):
    name = I18nCharField(_("name"), max_length=1000)
    country = models.CharField(_("country"), max_length=2)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="venues", verbose_name=_("area")
    )
    address = I18nCharField(_("address"), max_length=1000, blank=True)
    access_notes = I18nTextField(
        _("access"), blank=True, help_text=_("Steps, lift, shelter, how to get there without a car.")
    )

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")

    def __str__(self):
        return str(self.name)


class EventState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    CANCELLED = "cancelled", _("Cancelled")
    CLOSED = "closed", _("Closed")


class RegistrationPolicy(models.TextChoices):
    OPEN = "open", _("Open to everybody")
    APPROVAL = "approval", _("The trainer approves each registration")
    INVITATION = "invitation", _("By invitation only; not listed")


class CountBasis(models.TextChoices):
    """How an event was counted when it was closed."""

    ATTENDANCE = "attendance", _("Attendance of registered persons")
    HEADCOUNT = "headcount", _("Headcount")
    NOT_COUNTED = "not_counted", _("Nobody was counted")
    NOT_STATED = "not_stated", _("The imported list does not say")


class EventQuerySet(models.QuerySet):
    def listed(self):
        """What a stranger may see in a list."""
        return self.filter(state=EventState.SCHEDULED).exclude(policy=RegistrationPolicy.INVITATION)

    def upcoming(self, today=None):
        return self.filter(ends_on__gte=today or timezone.localdate())

    def with_seats(self):
        """Annotate `confirmed_count` and `waiting_count`, so that a list of events costs one statement."""
        return self.annotate(
            confirmed_count=models.Count(
                "registrations", filter=Q(registrations__status__in=Status.holding_a_seat()), distinct=True
            ),
            waiting_count=models.Count(
                "registrations", filter=Q(registrations__status=Status.WAITLISTED), distinct=True
            ),
        )

    def with_times(self):
        """Annotate `first_start` and `last_end`, the instants between which the event is held."""
        sessions = Session.objects.filter(event=models.OuterRef("pk")).order_by()
        return self.annotate(
            first_start=models.Subquery(
                sessions.values("event").annotate(at=models.Min("starts_at")).values("at"),
                output_field=models.DateTimeField(),
            ),
            last_end=models.Subquery(
                sessions.values("event").annotate(at=models.Max("ends_at")).values("at"),
                output_field=models.DateTimeField(),
            ),
        )

    def for_staff(self, user):
        """The events that this trainer or manager may work with: their own, and those within a manager's scope."""
        if has_role(user):
            return self
        within = Q(pk__in=[])
        for grant in grants_of(user):
            if grant.role == Role.TRAINER:
                within |= Q(pk__in=user.oberih_events.values("pk"))
            elif grant.role == Role.MANAGER:
                scope = Q()
                if grant.country:
                    scope &= Q(country=grant.country)
                if grant.project:
                    scope &= Q(project__code=grant.project)
                if grant.organisation:
                    there = OrganisationAttendance.objects.filter(organisation__code=grant.organisation)
                    scope &= Q(pk__in=there.values("event"))
                if not scope:
                    return self
                within |= scope
        return self.filter(within)


class Event(models.Model):
    """Something held at a time. Pages only present it; an event without a page is as good as one with."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=100, unique=True)
    kind = models.CharField(_("type"), max_length=30, choices=ActivityType.choices)
    title = I18nCharField(_("title"), max_length=1000)
    summary = I18nTextField(_("summary"), blank=True)
    course = models.ForeignKey(
        Course, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("course it delivers")
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("programme")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("project")
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="events", verbose_name=_("topics"))
    country = models.CharField(_("country"), max_length=2, blank=True)
    areas = models.ManyToManyField(Area, blank=True, related_name="events", verbose_name=_("areas"))
    venues = models.ManyToManyField(Venue, blank=True, related_name="events", verbose_name=_("venues"))
    online_link = models.URLField(_("online link"), blank=True)
    # Empty only where an imported list does not say.
    mode = models.CharField(
        _("delivery"), max_length=12, choices=DeliveryMode.choices, default=DeliveryMode.ONSITE, blank=True
    )
    # Kept elsewhere and imported; an import may change it again, people on this site may not.
    is_imported = models.BooleanField(_("imported"), default=False, editable=False)
    zone = models.CharField(_("time zone"), max_length=50, validators=[validate_zone])
    languages = models.JSONField(_("languages"), default=list, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    # What a list that was kept elsewhere says, for events whose sessions are not rows here.
    sessions_reported = models.PositiveIntegerField(_("sessions held"), null=True, blank=True)
    capacity = models.PositiveIntegerField(
        _("seats"), null=True, blank=True, help_text=_("Empty: as many as come.")
    )
    policy = models.CharField(
        _("who may register"),
        max_length=12,
        choices=RegistrationPolicy.choices,
        default=RegistrationPolicy.OPEN,
    )
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    attendance_threshold = models.PositiveSmallIntegerField(
        _("attendance that a certificate takes, in per cent of the sessions' minutes"),
        null=True,
        blank=True,
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Empty: this event gives no certificate."),
    )
    trainers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="oberih_events", verbose_name=_("trainers")
    )
    state = models.CharField(_("state"), max_length=10, choices=EventState.choices, default=EventState.DRAFT)
    counted_by = models.CharField(_("counted by"), max_length=12, choices=CountBasis.choices, blank=True)
    not_counted_reason = models.CharField(_("why nobody was counted"), max_length=500, blank=True)
    cancelled_reason = models.CharField(_("why it was cancelled"), max_length=500, blank=True)
    # Raised with every change that those registered must hear of; the calendar entry's SEQUENCE.
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["starts_on", "code"]
        constraints = [
            models.CheckConstraint(
                name="oberih_event_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day is before the first day."),
            ),
            models.CheckConstraint(
                name="oberih_event_threshold",
                condition=Q(attendance_threshold=None) | Q(attendance_threshold__range=(1, 100)),
                violation_error_message=_("The attendance lies between 1 and 100 per cent."),
            ),
            models.CheckConstraint(
                name="oberih_event_closed_is_counted_or_says_why",
                condition=~Q(state=EventState.CLOSED)
                | Q(counted_by__in=[CountBasis.ATTENDANCE, CountBasis.HEADCOUNT, CountBasis.NOT_STATED])
                | (Q(counted_by=CountBasis.NOT_COUNTED) & ~Q(not_counted_reason="")),
                violation_error_message=_("Say how many took part, or why nobody was counted."),
            ),
            models.CheckConstraint(
                name="oberih_event_window_opens_before_it_closes",
                condition=Q(registration_opens_at=None)
                | Q(registration_closes_at=None)
                | Q(registration_closes_at__gt=F("registration_opens_at")),
                violation_error_message=_("Registration closes before it opens."),
            ),
            known("oberih_event_kind_known", "kind", ActivityType),
            models.CheckConstraint(
                name="oberih_event_mode_known", condition=Q(mode__in=["", *DeliveryMode.values])
            ),
            known("oberih_event_state_known", "state", EventState),
            known("oberih_event_policy_known", "policy", RegistrationPolicy),
        ]

    def __str__(self):
        return str(self.title)

    @property
    def tz(self):
        return zoneinfo.ZoneInfo(self.zone)


class Session(models.Model):
    """One block of an event. What people agreed on is the wall time; the instants are derived from it and the zone."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="sessions")
    title = I18nCharField(_("title"), max_length=1000, blank=True)
    date = models.DateField(_("date"))
    start_time = models.TimeField(_("starts"))
    end_time = models.TimeField(_("ends"))
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    venue = models.ForeignKey(
        Venue, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("venue")
    )

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="oberih_session_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The session ends before it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.date} {self.start_time:%H:%M}"

    @property
    def minutes(self):
        """The length as a difference of instants: right on the night the clocks change, too."""
        return round((self.ends_at - self.starts_at).total_seconds() / 60)


class Status(models.TextChoices):
    PENDING = "pending", _("Waiting for approval")
    CONFIRMED = "confirmed", _("Confirmed")
    WAITLISTED = "waitlisted", _("On the waiting list")
    OFFERED = "offered", _("Seat offered")
    CANCELLED = "cancelled", _("Cancelled")
    DECLINED = "declined", _("Declined")

    @classmethod
    def active(cls):
        return [cls.PENDING, cls.CONFIRMED, cls.WAITLISTED, cls.OFFERED]

    @classmethod
    def holding_a_seat(cls):
        """Statuses that make a seat unavailable: an offered seat is nobody else's until the offer expires."""
        return [cls.CONFIRMED, cls.OFFERED]


# The one table of moves; the actions of this room are the only place that makes them.
MOVES = {
    Status.PENDING: {Status.CONFIRMED, Status.WAITLISTED, Status.DECLINED, Status.CANCELLED},
    Status.WAITLISTED: {Status.OFFERED, Status.CONFIRMED, Status.CANCELLED, Status.DECLINED},
    Status.OFFERED: {Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED, Status.DECLINED},
    Status.CONFIRMED: {Status.CANCELLED},
    Status.CANCELLED: set(),
    Status.DECLINED: set(),
}


class Source(models.TextChoices):
    SELF = "self", _("Registered themselves")
    WALK_IN = "walk_in", _("Came without registering")
    STAFF = "staff", _("Registered by staff")
    IMPORT = "import", _("From an imported list")


class RegistrationQuerySet(models.QuerySet):
    def active(self):
        return self.filter(status__in=Status.active())

    def confirmed(self):
        return self.filter(status=Status.CONFIRMED)

    def queue(self):
        """The waiting list, first in line first."""
        return self.filter(status=Status.WAITLISTED).order_by("-priority", "queued_at", "pk")


class Registration(FrozenDimensions):
    """A person's place at an event."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="registrations")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="registrations")
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices, default=Source.SELF)
    # What the form carried: a second click or a reload of the same form is the same registration.
    submission = models.UUIDField(unique=True, null=True, blank=True, editable=False)
    contact_digest = models.CharField(max_length=64, blank=True, editable=False)
    name_digest = models.CharField(max_length=64, blank=True, editable=False)
    priority = models.SmallIntegerField(_("priority"), default=0)
    queued_at = models.DateTimeField(_("in line since"), default=timezone.now)
    offer_expires_at = models.DateTimeField(_("offer expires at"), null=True, blank=True)
    ticket_code = models.CharField(_("ticket"), max_length=16, unique=True, default=random_code, editable=False)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("cancelled or declined at"), null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["created_at", "pk"]
        indexes = [models.Index(name="oberih_registration_seats", fields=["event", "status"])]
        constraints = [
            models.UniqueConstraint(
                name="oberih_registration_one_active",
                fields=["event", "participant"],
                condition=Q(status__in=["pending", "confirmed", "waitlisted", "offered"]),
                violation_error_message=_("This person is registered already."),
            ),
            models.UniqueConstraint(
                name="oberih_registration_one_per_contact",
                fields=["event", "contact_digest", "name_digest"],
                condition=Q(status__in=["pending", "confirmed", "waitlisted", "offered"]) & ~Q(contact_digest=""),
                violation_error_message=_("Somebody of this name and contact is registered already."),
            ),
            models.CheckConstraint(
                name="oberih_registration_offer_expires",
                condition=~Q(status=Status.OFFERED) | Q(offer_expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="oberih_registration_confirmed_has_time",
                condition=~Q(status=Status.CONFIRMED) | Q(confirmed_at__isnull=False),
            ),
            known("oberih_registration_status_known", "status", Status),
            known("oberih_registration_source_known", "source", Source),
        ]

    def __str__(self):
        return str(self.uuid)

    @property
    def is_active(self):
        return self.status in Status.active()

    def move(self, status, **changes):
        """Go to `status` if the table of moves allows it. Call it under the lock of the event."""
        if status not in MOVES[self.status]:
            raise MoveError(
                _("This registration is “%(old)s” and cannot become “%(new)s”.")
                % {"old": self.get_status_display(), "new": Status(status).label}
            )
        self.status = status
        if status != Status.OFFERED:
            changes.setdefault("offer_expires_at", None)
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=["status", *changes])


class OrganisationRole(models.TextChoices):
    PARTICIPANT = "participant", _("Took part")
    CO_ORGANISER = "co_organiser", _("Co-organiser")
    HOST = "host", _("Host")


class OrganisationAttendance(models.Model):
    """An organisation at an event, whoever it sent."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="organisations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="attendances")
    role = models.CharField(
        _("role"), max_length=12, choices=OrganisationRole.choices, default=OrganisationRole.PARTICIPANT
    )
    base_area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    persons_sent = models.PositiveIntegerField(_("persons sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("organisation at an event")
        verbose_name_plural = _("organisations at events")
        constraints = [
            models.UniqueConstraint(
                name="oberih_organisationattendance_once", fields=["event", "organisation", "role"]
            ),
            known("oberih_organisationattendance_role_known", "role", OrganisationRole),
        ]

    def __str__(self):
        return f"{self.organisation_id} {self.role}"


class FollowUp(models.Model):
    """What the people of an event did afterwards."""

    cohort = models.ForeignKey(Event, models.CASCADE, related_name="follow_ups")
    held_from = models.DateField(_("from"))
    held_to = models.DateField(_("to"))
    kind = models.CharField(_("kind"), max_length=50)
    value = models.PositiveIntegerField(_("number"))
    qualifier = models.CharField(max_length=8, choices=Qualifier.choices, default=Qualifier.EXACT)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("follow-up action")
        verbose_name_plural = _("follow-up actions")
        ordering = ["held_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="oberih_followup_once", fields=["cohort", "held_from", "held_to", "kind", "note"]
            ),
            models.CheckConstraint(
                name="oberih_followup_ends_after_start",
                condition=Q(held_to__gte=F("held_from")),
                violation_error_message=_("It ends before it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.value}"


class Distribution(models.Model):
    """Things given out: sets, copies."""

    item = models.CharField(_("item"), max_length=300)
    country = models.CharField(_("country"), max_length=2)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    value = models.PositiveIntegerField(_("number"))
    qualifier = models.CharField(max_length=8, choices=Qualifier.choices, default=Qualifier.EXACT)
    unit = models.CharField(max_length=15, choices=Unit.choices, default=Unit.COPIES)
    held_from = models.DateField(_("from"))
    held_to = models.DateField(_("to"))
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("distribution")
        verbose_name_plural = _("distributions")
        ordering = ["held_from", "pk"]
        constraints = [
            # An expression, because NULLs are distinct from one another and SQLite knows no other way.
            models.UniqueConstraint(
                "item",
                "country",
                Coalesce("area", 0),
                "unit",
                "held_from",
                "held_to",
                name="oberih_distribution_once",
            ),
            models.CheckConstraint(
                name="oberih_distribution_ends_after_start",
                condition=Q(held_to__gte=F("held_from")),
                violation_error_message=_("It ends before it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.item} {self.value}"
