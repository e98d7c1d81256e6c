import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.exceptions import MoveError
from events.models.allocation import Allocation
from events.models.event import Event, ParallelGroup
from events.models.states import MOVES, GuardianConsent, Source, Status
from participants.actions import known_digests
from participants.codes import known
from participants.models import ContactKind, FrozenDimensions, Participant, ParticipationQuerySet, random_code


class RegistrationQuerySet(ParticipationQuerySet):
    def active(self):
        return self.filter(status__in=Status.active())

    def confirmed(self):
        return self.filter(status=Status.CONFIRMED)

    def who_may_attend(self):
        """Those who are of age, and those whose parent or guardian agreed."""
        return self.filter(guardian_consent__in=["", GuardianConsent.GIVEN])

    def of(self, participant):
        """Those that whoever looks as `participant` may see, whichever of their rows they hang on."""
        return self.filter(participant__in=Participant.objects.seen_by(participant))

    def for_focal_point(self, user):
        """Those of the people who named an organisation whose focal point the user is, when they registered."""
        return self.of_colleagues(user, country="event__country", project="event__project__code")

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
    # The group of an event that has parallel ones, and the seats of an organisation that this is one of.
    group = models.ForeignKey(
        ParallelGroup, models.PROTECT, null=True, blank=True, related_name="registrations", verbose_name=_("group")
    )
    allocation = models.ForeignKey(
        Allocation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("seats of an organisation"),
    )
    # The same for those who come together, such as a family: they are offered seats together.
    party = models.UUIDField(null=True, blank=True, db_index=True, editable=False)
    priority = models.SmallIntegerField(_("priority"), default=0)
    queued_at = models.DateTimeField(_("in line since"), default=timezone.now)
    offer_expires_at = models.DateTimeField(_("offer expires at"), null=True, blank=True)
    ticket_code = models.CharField(_("ticket"), max_length=16, unique=True, default=random_code, editable=False)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Whether a guardian must agree, and whether they did: the newest consent, so that a list need not look for it.
    guardian_consent = models.CharField(
        _("parent or guardian"), max_length=7, choices=GuardianConsent.choices, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("cancelled or declined at"), null=True, blank=True)
    # In the words of whoever declined it, for the person and for nobody else who is registered.
    declined_reason = models.CharField(_("why it was declined"), max_length=300, blank=True)

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
            models.CheckConstraint(
                name="oberih_registration_guardian_known",
                condition=Q(guardian_consent__in=["", *GuardianConsent.values]),
            ),
        ]

    def __str__(self):
        return str(self.uuid)

    @property
    def is_minor(self):
        """Whether the person is, or may be, under age at this event."""
        return self.guardian_consent != ""

    @property
    def may_attend(self):
        """False for somebody under age whose guardian has not agreed: then it takes an override that says why."""
        return self.guardian_consent in {"", GuardianConsent.GIVEN}

    @property
    def belongs_to(self):
        """Their organisation and category as staff read them, None where nothing is said."""
        return (None, None) if self.is_attached else (self.organisation, self.category)

    @property
    def is_attached(self):
        """Whether others wrote down somebody who was known before, by a name and a contact that these proved elsewhere.

        Staff read then no more of them than they typed: it would be a way to learn what else is known of somebody.
        """
        return self.source in Source.by_others() and self.participant.created_at < self.created_at

    def contacts_for_staff(self):
        """The person's contacts by kind, as far as staff may read them here."""
        held = {kind: value for kind in ContactKind.values if (value := getattr(self.participant, kind))}
        if not self.is_attached:
            return held
        return {kind: value for kind, value in held.items() if self.contact_digest in known_digests(kind, value)}

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
