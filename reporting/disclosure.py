"""What may be shown to whom: small parts merge with their neighbours until nothing shown speaks of fewer than k persons.

Sources of the rule: the design's measures and the European handbook on statistical disclosure control, which prefers a
redesigned table to suppressed cells: it stays exact and additive, and nothing can be subtracted from anything.
"""

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    INTERNAL = "internal"
    PARTNER = "partner"
    PUBLIC = "public"

    @property
    def k(self):
        """The smallest number of persons that may be shown, besides none."""
        return {Tier.INTERNAL: 1, Tier.PARTNER: 5, Tier.PUBLIC: 10}[self]


# Never crossed with anything outside the internal tier.
SENSITIVE = ("disability", "displacement")


@dataclass(frozen=True)
class Part:
    """One part of a breakdown: the codes it joins, who stands in it and who contributed to its figures."""

    codes: tuple
    persons: frozenset
    contributors: frozenset
    participations: int
    minutes: int

    def __add__(self, other):
        return Part(
            self.codes + other.codes,
            self.persons | other.persons,
            self.contributors | other.contributors,
            self.participations + other.participations,
            self.minutes + other.minutes,
        )

    def is_small(self, k):
        return 0 < len(self.persons) < k or 0 < len(self.contributors) < k

    @property
    def size(self):
        return min(len(self.persons) or len(self.contributors), len(self.contributors) or len(self.persons))


def partition(parts, k):
    """Join each part that is too small with its smaller neighbour, the smallest first.

    `parts` stand in the order of their code list. Returns the joined parts, or None where fewer than two would remain:
    then only the whole may be shown.
    """
    joined = [part for part in parts if part.persons or part.contributors]
    while small := [i for i, part in enumerate(joined) if part.is_small(k)]:
        if len(joined) == 1:
            return None
        i = min(small, key=lambda i: (joined[i].size, i))
        neighbours = [j for j in (i - 1, i + 1) if 0 <= j < len(joined)]
        j = min(neighbours, key=lambda j: (joined[j].size, j))
        low, high = sorted((i, j))
        joined[low : high + 1] = [joined[low] + joined[high]]
    return joined if len(joined) > 1 else None


def refusal(by, tier):
    """Why these dimensions may not be crossed for this tier, or "" if they may."""
    if tier is Tier.INTERNAL or len(by) < 2:
        return ""
    for dimension in SENSITIVE:
        if dimension in by:
            return f"{dimension} is never crossed with another dimension outside the internal tier."
    if "age_band" in by and {"area", "origin_area"} & set(by):
        return "Age is never crossed with an area outside the internal tier: it would single out minors."
    return ""


def safe_figure(value, k):
    """A figure about persons, or None where it speaks of too few."""
    return None if 0 < value < k else value
