"""Which rows may be one person, and what speaks for it. A suggestion changes nothing; people decide.

The rungs are a contact that both gave, and the folded name where neither years of birth nor phones speak against it.
Whatever the number of people, it takes three statements.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations, product

from django.db import models
from django.utils.translation import gettext_lazy as _

from participants.models import ContactKey, ContactKind, NotSame, Participant, person_of
from participants.names import contradict

# A contact or a name that more people share says nothing: it is an office's phone, or a name that many have.
CROWD = 20


class Reason(models.TextChoices):
    """What speaks for two rows being one person, or makes it doubtful."""

    PROVEN_CONTACT = "proven_contact", _("The same contact, proven on both sides")
    CONTACT = "contact", _("The same e-mail or phone")
    NAME = "name", _("The same name")
    PART_OF_NAME = "part_of_name", _("One name has a part more")
    NAMES_DIFFER = "names_differ", _("The names have one part in common")
    BIRTH_YEAR = "birth_year", _("The same year of birth")
    BIRTH_YEARS_DIFFER = "birth_years_differ", _("The years of birth differ")
    ORGANISATION = "organisation", _("The same organisation")
    AREA = "area", _("The same area")


class Strength(models.IntegerChoices):
    WEAK = 1, _("Possible")
    LIKELY = 2, _("Likely")
    STRONG = 3, _("Very likely")


@dataclass(frozen=True)
class Suggestion:
    """Two persons who may be one, by the keys of those who are counted; the lower first."""

    first: int
    second: int
    reasons: tuple
    strength: Strength


@dataclass(slots=True)
class _Known:
    """What is known of one person, under all of their rows."""

    names: set = field(default_factory=set)
    years: set = field(default_factory=set)
    organisations: set = field(default_factory=set)
    areas: set = field(default_factory=set)
    # (kind, key version, digest): digests under two keys say nothing of one another.
    contacts: set = field(default_factory=set)
    proven: set = field(default_factory=set)


def suggestions(people=None):
    """Every open suggestion among `people` (a queryset of participants; everybody without one), the strongest first."""
    people = Participant.objects.all() if people is None else people
    # Whoever is counted as somebody who was erased since has nobody to be compared with.
    people = people.filter(erased_at=None, is_test=False).exclude(merged_into__erased_at__isnull=False)
    known = _known(people)
    found = []
    for first, second in _candidates(known) - _two_people():
        judged = judge(known[first], known[second])
        if judged is not None:
            found.append(Suggestion(first, second, *judged))
    return sorted(found, key=lambda one: (-one.strength, -len(one.reasons), one.first, one.second))


def persons_if_merged(persons, found):
    """How many different persons there would be among `persons` if all that is suggested were so."""
    into = {person: person for person in persons}

    def root(person):
        while into[person] != person:
            person = into[person]
        return person

    for one in found:
        if one.first in into and one.second in into:
            into[root(one.second)] = root(one.first)
    return sum(person == held for person, held in into.items())


def _known(people):
    known, person_by_row = defaultdict(_Known), {}
    for row, person, name, year, organisation, area in people.values_list(
        "pk", person_of(), "name_key", "birth_year", "organisation_id", "origin_area_id"
    ):
        person_by_row[row] = person
        about = known[person]
        for held, value in (
            (about.names, name),
            (about.years, year),
            (about.organisations, organisation),
            (about.areas, area),
        ):
            if value:
                held.add(value)
    keys = ContactKey.objects.filter(participant__in=people.order_by().values("pk"))
    for row, kind, version, digest, verified_at in keys.values_list(
        "participant_id", "kind", "key_version", "digest", "verified_at"
    ):
        about = known[person_by_row[row]]
        about.contacts.add((kind, version, digest))
        if verified_at is not None:
            about.proven.add((kind, version, digest))
    return known


def _two_people():
    """The pairs of which somebody decided that they are two, by whoever is counted for them now."""
    pairs = NotSame.objects.values_list(person_of("first"), person_of("second"))
    return {(min(pair), max(pair)) for pair in pairs}


def _candidates(known):
    """Pairs of keys worth a judgement: those with a contact or a name in common."""
    by_contact, by_name = defaultdict(set), defaultdict(set)
    for person, about in known.items():
        for contact in about.contacts:
            by_contact[contact].add(person)
        for name in about.names:
            by_name[name].add(person)
    pairs = set()
    for persons in by_contact.values():
        pairs |= _pairs(persons)
    for name, persons in by_name.items():
        parts = name.split()
        if len(parts) >= 2:
            pairs |= _pairs(persons) if len(persons) <= CROWD else _born_together(persons, known)
        if len(parts) == 3:
            # A patronymic stands in one list and not in the other.
            for missing in range(3):
                others = by_name.get(" ".join(parts[:missing] + parts[missing + 1 :]), set())
                if len(persons | others) <= CROWD:
                    pairs |= {(min(pair), max(pair)) for pair in product(persons, others) if pair[0] != pair[1]}
    return pairs


def _born_together(persons, known):
    by_year = defaultdict(set)
    for person in persons:
        for year in known[person].years:
            by_year[year].add(person)
    return set().union(*(_pairs(born) for born in by_year.values()))


def _pairs(persons):
    return set(combinations(sorted(persons), 2)) if len(persons) <= CROWD else set()


def judge(one, other):
    """(reasons, strength) of two persons being one, or None where nothing is to be asked. It goes both ways."""
    is_shared = bool(one.contacts & other.contacts)
    agree = any(not contradict(name, another) for name in one.names for another in other.names)
    years_differ = bool(one.years and other.years) and not one.years & other.years
    reasons = []
    if is_shared:
        is_proven = bool(one.proven & other.proven)
        reasons.append(Reason.PROVEN_CONTACT if is_proven else Reason.CONTACT)
        if agree:
            strength = (Strength.STRONG if is_proven else Strength.LIKELY) - years_differ
        elif one.years & other.years and _words(one) & _words(other):
            # Relatives share a phone and a surname; of one age they are rather somebody who changed their name.
            strength = Strength.WEAK
        else:
            return None
    else:
        if not agree or years_differ or _contacts_contradict(one, other):
            return None
        strength = _strength_of_name(one, other)
        if strength is None:
            return None
    reasons.append(_about_names(one, other, agree))
    if years_differ:
        reasons.append(Reason.BIRTH_YEARS_DIFFER)
    for reason, held, held_too in (
        (Reason.BIRTH_YEAR, one.years, other.years),
        (Reason.ORGANISATION, one.organisations, other.organisations),
        (Reason.AREA, one.areas, other.areas),
    ):
        if held & held_too:
            reasons.append(reason)
    return tuple(reasons), Strength(strength)


def _about_names(one, other, agree):
    if one.names & other.names:
        return Reason.NAME
    return Reason.PART_OF_NAME if agree else Reason.NAMES_DIFFER


def _strength_of_name(one, other):
    """How strong a name is where no contact is shared; None where it is too little to ask."""
    if one.years & other.years:
        return Strength.LIKELY
    same_organisation = bool(one.organisations & other.organisations)
    if one.names & other.names:
        return Strength.LIKELY if same_organisation else Strength.WEAK
    return Strength.WEAK if same_organisation else None


def _words(about):
    return {word for name in about.names for word in name.split()}


def _contacts_contradict(one, other):
    """Two phones are two people, also unproven ones; many have two e-mails, so that only proven ones speak."""
    return _differ(ContactKind.PHONE, one.contacts, other.contacts) or any(
        _differ(kind, one.proven, other.proven) for kind in ContactKind
    )


def _differ(kind, contacts, others):
    """Whether both have contacts of a kind that can be compared, and none of them is the same."""
    versions = {version for known, version, _digest in contacts if known == kind}
    return any(known == kind and version in versions for known, version, _digest in others)
