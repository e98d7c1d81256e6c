import dataclasses
import functools

from participants.codes import AgeBand, Displacement, Sex
from participants.conf import adult_age
from participants.contacts import digest, normal_email
from participants.models import ContactKind, Purpose
from participants.names import fold


@dataclasses.dataclass(frozen=True)
class Guardian:
    """Who is asked whether somebody under age may take part."""

    name: str
    relation: str = ""
    email: str = ""
    phone: str = ""


@dataclasses.dataclass(frozen=True)
class Relative:
    """Who registered somebody that has no contact of their own; the contact that is given is then this person's."""

    name: str
    relation: str = ""


@dataclasses.dataclass(frozen=True)
class Reply:
    """The answer to a question of an event: `chosen` are keys of its options, `file` is an uploaded one."""

    text: str = ""
    chosen: tuple = ()
    file: object = None

    def __bool__(self):
        return bool(self.text or self.chosen or self.file)


@dataclasses.dataclass(frozen=True)
class Person:
    """What somebody said of themselves when they registered, or what a trainer wrote down at the door.

    `consents` maps a purpose to the answer; a purpose that was not asked is not in it. `texts` maps it to the text
    that was shown; without it, the newest was. `is_of_age` is what they said themselves, False where they did not.
    `group` is one of the event's parallel groups, and `replies` maps its questions to Replies.
    """

    full_name: str
    latin_name: str = ""
    email: str = ""
    phone: str = ""
    birth_year: int | None = None
    sex: str = Sex.UNKNOWN
    category: object = None
    organisation: object = None
    origin_area: object = None
    displacement: str = Displacement.UNKNOWN
    language: str = ""
    consents: dict = dataclasses.field(default_factory=dict)
    texts: dict | None = None
    is_of_age: bool = False
    guardian: Guardian | None = None
    access_needs: str = ""
    relative: Relative | None = None
    group: object = None
    replies: dict = dataclasses.field(default_factory=dict)

    def __post_init__(self):
        object.__setattr__(self, "email", normal_email(self.email))

    @property
    def answered(self):
        """The same with no other contact than the one that messages go to."""
        return dataclasses.replace(self, phone="") if self.email else self

    @property
    def may_be_counted(self):
        """False where somebody was asked and did not agree: their answers are then not kept at all."""
        return self.consents.get(Purpose.STATISTICS) is not False

    @property
    def attributes(self):
        """The answers that were given and may be kept, by the names of the participant's fields."""
        if not self.may_be_counted:
            return {}
        given = {
            "birth_year": self.birth_year,
            "category": self.category,
            "organisation": self.organisation,
            "origin_area": self.origin_area,
        }
        if self.sex != Sex.UNKNOWN:
            given["sex"] = self.sex
        if self.displacement != Displacement.UNKNOWN:
            given["displacement"] = self.displacement
        return {name: value for name, value in given.items() if value is not None}

    def contact_digests(self, version=None, *, onlooker=""):
        """The contacts' HMACs, the one that the registration keeps first; by the newest key if none is named.

        With an `onlooker` (see `recognising`) they equal nobody else's.
        """
        given = [(ContactKind.EMAIL, self.email), (ContactKind.PHONE, self.phone)]
        return [digest(f"{kind} {onlooker}".strip(), value, version)[1] for kind, value in given if value]

    @functools.cached_property
    def folded(self):
        """The name as `participants.names.fold` writes it."""
        return fold(self.full_name)

    def name_digest(self, version=None):
        return digest("name", self.folded, version)[1]


def is_surely_young(birth_year, event):
    """Whether somebody born in this year is under age on the event's first day, whatever their birthday is."""
    return birth_year is not None and event.starts_on.year - birth_year < adult_age(event.country)


def may_be_young(birth_year, event):
    """Whether somebody born in this year may be under age on the event's first day, depending on their birthday."""
    return birth_year is not None and event.starts_on.year - birth_year <= adult_age(event.country)


def believed(person, rows):
    """What they said, without a year of birth that would make somebody older whom one of their `rows` knows to be young."""
    if person.birth_year is not None and any(row.would_grow_up(person.birth_year) for row in rows):
        return dataclasses.replace(person, birth_year=None)
    return person


def is_under_age(person, rows, event):
    """Whether a parent or guardian must agree. By the year alone, whoever may be under age is treated as if they were.

    One year is enough for that, the one that was said or the one that any of the person's `rows` knows. The year is
    needed for it and not kept for it: that somebody is under age is, whether or not they may be counted.
    """
    years = [one.birth_year for one in (person, *rows) if one.birth_year is not None]
    if person.is_of_age:
        return any(is_surely_young(year, event) for year in years)
    return any(may_be_young(year, event) for year in years)


def freeze(registration, participant, person, event):
    """Fix what the participation is counted by: the answers given now, otherwise what is known of the person.

    Somebody who does not want to be counted by these answers is counted as a person and nothing else.
    """
    if person.may_be_counted:
        _freeze_answers(registration, participant, person, event)
    registration.project_id = event.project_id


def _freeze_answers(registration, participant, person, event):
    registration.freeze(participant, on=event.starts_on)
    answers = person.attributes
    birth_year = answers.pop("birth_year", None)
    if birth_year is not None:
        registration.age_band = AgeBand.at(birth_year, event.starts_on)
    for name, value in answers.items():
        setattr(registration, name, value)
