"""Import from here. Inside, `lists` knows nobody, `person` the lists, the others `person`."""

from participants.models.consents import Channel, Consent, ConsentText, Giver, Purpose
from participants.models.lists import Area, Category, CodeList, Organisation, Project, Topic
from participants.models.person import (
    ATTRIBUTES,
    UNANSWERED,
    ContactKey,
    ContactKind,
    FrozenDimensions,
    Participant,
    ParticipationQuerySet,
    PersonAttributes,
    person_of,
    random_code,
)
from participants.models.sameness import Merge, NotSame

__all__ = [
    "ATTRIBUTES",
    "UNANSWERED",
    "Area",
    "Category",
    "Channel",
    "CodeList",
    "Consent",
    "ConsentText",
    "ContactKey",
    "ContactKind",
    "FrozenDimensions",
    "Giver",
    "Merge",
    "NotSame",
    "Organisation",
    "Participant",
    "ParticipationQuerySet",
    "PersonAttributes",
    "Project",
    "Purpose",
    "Topic",
    "person_of",
    "random_code",
]
