"""The states of this room's rows, and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    CANCELLED = "cancelled", _("Cancelled")
    CLOSED = "closed", _("Closed")


class RegistrationPolicy(models.TextChoices):
    OPEN = "open", _("Open to everybody")
    APPROVAL = "approval", _("The trainer approves each registration")
    INVITATION = "invitation", _("By invitation only; not listed")
    ORGANISATION = "organisation", _("Only organisations that seats are set aside for")


class CountBasis(models.TextChoices):
    """How an event was counted when it was closed."""

    ATTENDANCE = "attendance", _("Attendance of registered persons")
    HEADCOUNT = "headcount", _("Headcount")
    NOT_COUNTED = "not_counted", _("Nobody was counted")
    NOT_STATED = "not_stated", _("The imported list does not say")


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
    # Stands behind the trainer's approval, the window and the seats like anybody who registers themselves.
    COLLEAGUE = "colleague", _("Registered by their organisation")
    IMPORT = "import", _("From an imported list")

    @classmethod
    def by_others(cls):
        """Where somebody else wrote the name and the contact down."""
        return {cls.WALK_IN, cls.STAFF, cls.COLLEAGUE}


class Audience(models.TextChoices):
    """Which of those who are registered an announcement is written to."""

    SEATED = "seated", _("Those with a seat")
    WAITING = "waiting", _("Those on the waiting list")
    EVERYBODY = "everybody", _("Everybody registered")
    GROUP = "group", _("A group")


class OrganisationRole(models.TextChoices):
    PARTICIPANT = "participant", _("Took part")
    CO_ORGANISER = "co_organiser", _("Co-organiser")
    HOST = "host", _("Host")


class FollowUpKind(models.TextChoices):
    """What people often do after an event. A follow-up's kind may be anything else, in the words of whoever recorded it."""

    PREVENTION_ACTION = "prevention_action", _("Prevention action")
    PEER_SESSION = "peer_session", _("Peer session")
    AWARENESS_CAMPAIGN = "awareness_campaign", _("Awareness campaign")
    REFERRAL_MEETING = "referral_meeting", _("Referral meeting")


class GuardianConsent(models.TextChoices):
    """Of somebody under age; empty for everybody else."""

    MISSING = "missing", _("No answer from the parent or guardian yet")
    GIVEN = "given", _("The parent or guardian agreed")
    REFUSED = "refused", _("The parent or guardian refused")


class Naming(models.TextChoices):
    """What subjects of messages and calendar entries say of an event: others see them on a screen or in a shared calendar."""

    TITLE = "title", _("Its title")
    KIND = "kind", _("Its type, such as “Training”, and not what it is about")
    NEUTRAL = "neutral", _("Nothing: “Appointment”, for people whom it could endanger")


class QuestionKind(models.TextChoices):
    TEXT = "text", _("Text")
    CHOICE = "choice", _("One of several answers")
    SEVERAL = "several", _("Any of several answers")
    FILE = "file", _("A file")

    @classmethod
    def with_options(cls):
        return [cls.CHOICE, cls.SEVERAL]
