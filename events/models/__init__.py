"""Import from here. Inside, `states` knows nobody, `event` the states, the others `event`."""

from events.models.allocation import Allocation, AllocationQuerySet
from events.models.announcement import Announcement
from events.models.colleagues import RegistrationList
from events.models.confidential import Confidential
from events.models.counted import Distribution, FollowUp, OrganisationAttendance
from events.models.event import Event, EventQuerySet, ParallelGroup, Session, Venue, validate_zone
from events.models.feed import CalendarLink
from events.models.programme import Programme, ProgrammeStep
from events.models.question import RegistrationAnswer, RegistrationQuestion
from events.models.registration import Registration, RegistrationQuerySet
from events.models.revision import EventRevision
from events.models.states import (
    MOVES,
    Audience,
    CountBasis,
    EventState,
    FollowUpKind,
    GuardianConsent,
    Naming,
    OrganisationRole,
    QuestionKind,
    RegistrationPolicy,
    Source,
    Status,
)

__all__ = [
    "MOVES",
    "Allocation",
    "AllocationQuerySet",
    "Announcement",
    "Audience",
    "CalendarLink",
    "Confidential",
    "CountBasis",
    "Distribution",
    "Event",
    "EventQuerySet",
    "EventRevision",
    "EventState",
    "FollowUp",
    "FollowUpKind",
    "GuardianConsent",
    "Naming",
    "OrganisationAttendance",
    "OrganisationRole",
    "ParallelGroup",
    "Programme",
    "ProgrammeStep",
    "QuestionKind",
    "Registration",
    "RegistrationAnswer",
    "RegistrationList",
    "RegistrationPolicy",
    "RegistrationQuerySet",
    "RegistrationQuestion",
    "Session",
    "Source",
    "Status",
    "Venue",
    "validate_zone",
]
