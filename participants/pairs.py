"""Pairs that may be one person, ready to be looked at side by side."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from participants import participations
from participants.contacts import masked
from participants.models import Participant
from participants.names import fold
from participants.suggestions import Reason, Strength, Suggestion

_LOOKS = {Strength.STRONG: "success", Strength.LIKELY: "info", Strength.WEAK: "neutral"}


@dataclass(frozen=True)
class Side:
    person: Participant
    # [{label, value, differs}]
    rows: list
    participations: list
    # What the button of this side does.
    deed: str


@dataclass(frozen=True)
class Pair:
    suggestion: Suggestion
    sides: tuple
    # What both took part in.
    common: list
    has_two_accounts: bool
    # Whether a contact that both proved lets either see what is the other's.
    is_proved: bool

    @property
    def strength(self):
        return self.suggestion.strength.label

    @property
    def look(self):
        return _LOOKS[self.suggestion.strength]

    @property
    def reasons(self):
        return [Reason(reason).label for reason in self.suggestion.reasons]


def pairs(found, user):
    """The suggestions as pairs. A constant number of statements, one for the people and one for each room that tells."""
    keys = {key for one in found for key in (one.first, one.second)}
    people = (
        Participant.objects.filter(pk__in=keys)
        .select_related("organisation", "category", "origin_area")
        .prefetch_related("merged", "contact_keys")
        .in_bulk()
    )
    rows = {key: [key, *(row.pk for row in people[key].merged.all())] for key in keys}
    told = participations.told([row for held in rows.values() for row in held], user)
    histories = {key: [one for row in held for one in told[row]] for key, held in rows.items()}
    return [_pair(one, people, histories) for one in found]


def _pair(found, people, histories):
    first, second = people[found.first], people[found.second]
    held = [histories[found.first], histories[found.second]]
    shared = {one.key for one in held[0]} & {one.key for one in held[1]}
    return Pair(
        found,
        tuple(
            Side(person, _rows(person, other), histories[person.pk], deed)
            for person, other, deed in ((first, second, "keep_first"), (second, first, "keep_second"))
        ),
        sorted({one.what for one in held[0] if one.key in shared}),
        first.user_id is not None and second.user_id is not None,
        bool(_proved(first) & _proved(second)),
    )


def _proved(person):
    return {key.digest for key in person.contact_keys.all() if key.verified_at is not None}


def _facts(person):
    """(label, what is shown, what is compared)"""
    return [
        (_("Name in Latin letters"), person.latin_name, fold(person.full_name)),
        (_("Also known as"), ", ".join(sorted({row.full_name for row in person.merged.all()})), ""),
        (_("Year of birth"), str(person.birth_year or ""), person.birth_year),
        (_("Sex"), person.get_sex_display(), "" if person.sex == "U" else person.sex),
        (_("E-mail"), person.email and masked(person.email), person.email),
        (_("Phone"), person.phone and masked(person.phone), person.phone),
        (_("Organisation"), str(person.organisation or ""), person.organisation_id),
        (_("What they do"), str(person.category or ""), person.category_id),
        (_("Area they come from"), str(person.origin_area or ""), person.origin_area_id),
        (_("Account"), "" if person.user_id is None else _("Has an account"), ""),
    ]


def _rows(person, other):
    return [
        {"label": label, "value": shown, "differs": bool(compared and beside and compared != beside)}
        for (label, shown, compared), (_label, _shown, beside) in zip(_facts(person), _facts(other), strict=True)
        if shown
    ]
