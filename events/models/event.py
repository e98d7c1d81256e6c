import uuid
import zoneinfo

from django.apps import apps
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
from events.models.programme import Programme
from events.models.states import CountBasis, EventState, Naming, RegistrationPolicy, Status
from participants.codes import ActivityType, DeliveryMode, known
from participants.models import Area, Project, Topic
from safeguarding.models import Role
from safeguarding.roles import grants_of, has_role


def validate_zone(value):
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone. Give one such as Europe/Kyiv."), code="zone", params={"zone": value}
        )


def usual_reminders():
    """Two days ahead, when a journey can still be arranged, and three hours ahead."""
    return [48, 3]


def validate_reminders(hours):
    if not (
        isinstance(hours, list) and len(hours) <= 4 and all(type(one) is int and 1 <= one <= 336 for one in hours)
    ):
        raise ValidationError(
            _("Give at most four reminders, each between 1 and 336 hours ahead."), code="reminders"
        )


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


class EventQuerySet(models.QuerySet):
    def listed(self):
        """What a stranger may see in a list and register for."""
        return self.filter(state=EventState.SCHEDULED).public()

    def published(self):
        """What has a page for whoever knows its address: one by invitation, too, for its address is the invitation.

        Not what an imported list holds: nobody decided to publish it, and its code can be guessed.
        """
        return self.exclude(state=EventState.DRAFT).filter(is_imported=False)

    def public(self):
        """What has a page that lists may lead to, in whatever state it is."""
        return self.published().exclude(policy=RegistrationPolicy.INVITATION)

    def on_the_calendar(self, today=None):
        """What was or will be held, and what is called off and would still be to come: people look for it."""
        off = Q(state=EventState.CANCELLED, ends_on__lt=today or timezone.localdate())
        return self.public().exclude(off)

    def upcoming(self, today=None):
        return self.filter(ends_on__gte=today or timezone.localdate())

    def with_seats(self, now=None):
        """Annotate what `seats.of` reads, so that a list of events costs one statement.

        `confirmed_count` and `waiting_count` are people, `set_aside_count` the seats of organisations that nobody has
        taken yet.
        """
        held = Q(registrations__status__in=Status.holding_a_seat())
        standing = Q(held_until=None) | Q(held_until__gt=now or timezone.now())
        allocations = apps.get_model("oberih_events", "Allocation").objects.filter(
            standing, event=models.OuterRef("pk")
        )
        set_aside = allocations.order_by().values("event").annotate(of_all=models.Sum("seats")).values("of_all")
        used = (
            allocations.filter(held)
            .order_by()
            .values("event")
            .annotate(of_all=models.Count("registrations"))
            .values("of_all")
        )
        return self.with_least_seats().annotate(
            confirmed_count=models.Count("registrations", filter=held, distinct=True),
            waiting_count=models.Count(
                "registrations", filter=Q(registrations__status=Status.WAITLISTED), distinct=True
            ),
            set_aside_count=Coalesce(models.Subquery(set_aside), 0) - Coalesce(models.Subquery(used), 0),
        )

    def with_least_seats(self):
        """Annotate `least_seats`: of the sessions that everybody attends, those of the smallest room that says so."""
        sessions = Session.objects.filter(event=models.OuterRef("pk"), group=None).order_by()
        least = sessions.values("event").annotate(seats=models.Min("capacity")).values("seats")
        return self.annotate(least_seats=models.Subquery(least, output_field=models.PositiveIntegerField()))

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

    def with_sessions(self):
        """With the areas, venues and sessions that its pages show."""
        return self.prefetch_related("areas", "venues", "sessions__venue", "sessions__group")

    def trained_by(self, user):
        """Those that the user holds as a trainer: what a manager or an administrator does not by their role."""
        if not any(grant.role == Role.TRAINER for grant in grants_of(user)):
            return self.none()
        return self.filter(pk__in=user.oberih_events.values("pk"))

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
                    there = self.model.objects.filter(organisations__organisation__code=grant.organisation)
                    scope &= Q(pk__in=there.values("pk"))
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
    has_waiting_list = models.BooleanField(
        _("has a waiting list"),
        default=True,
        help_text=_("Whoever comes when all seats are taken waits, and is offered the next one that is free."),
    )
    naming = models.CharField(
        _("what messages and calendars call it"), max_length=7, choices=Naming.choices, default=Naming.KIND
    )
    # Before the event, and before every session that follows after more than three days.
    reminder_hours = models.JSONField(
        _("reminders, in hours ahead"), default=usual_reminders, blank=True, validators=[validate_reminders]
    )
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
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True, editable=False)
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
            known("oberih_event_naming_known", "naming", Naming),
        ]

    def __str__(self):
        return str(self.title)

    @property
    def subject_key(self):
        """How consents and achievements name this event."""
        return f"event:{self.uuid}"

    @property
    def tz(self):
        return zoneinfo.ZoneInfo(self.zone)


class ParallelGroup(models.Model):
    """People of an event who attend some of its sessions apart from the others, such as at the same hour next door."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="groups")
    title = I18nCharField(_("name"), max_length=1000)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("parallel group")
        verbose_name_plural = _("parallel groups")
        ordering = ["position", "pk"]

    def __str__(self):
        return str(self.title)


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
    # None where everybody comes.
    group = models.ForeignKey(
        ParallelGroup, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("group")
    )
    capacity = models.PositiveIntegerField(
        _("seats"), null=True, blank=True, help_text=_("Where this room holds fewer than the event has seats.")
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
