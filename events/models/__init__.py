"""Import from here. Inside, `states` knows nobody, `event` the states, the others `event`."""

from events.models.confidential import Confidential
from events.models.counted import Distribution, FollowUp, OrganisationAttendance
from events.models.event import Event, EventQuerySet, Session, Venue, validate_zone
from events.models.programme import Programme, ProgrammeStep
from events.models.registration import Registration, RegistrationQuerySet
from events.models.states import (
    MOVES,
    CountBasis,
    EventState,
    GuardianConsent,
    OrganisationRole,
    RegistrationPolicy,
    Source,
    Status,
)

__all__ = [
    "MOVES",
    "Confidential",
    "CountBasis",
    "Distribution",
    "Event",
    "EventQuerySet",
    "EventState",
    "FollowUp",
    "GuardianConsent",
    "OrganisationAttendance",
    "OrganisationRole",
    "Programme",
    "ProgrammeStep",
    "Registration",
    "RegistrationPolicy",
    "RegistrationQuerySet",
    "Session",
    "Source",
    "Status",
    "Venue",
    "validate_zone",
]
