"""What an answer is worth. Pure: the rows stay outside."""

from dataclasses import dataclass

from courses import kinds


def is_right(chosen, correct):
    """Whether exactly the right options were chosen, in whatever order."""
    return bool(correct) and set(chosen) == set(correct)


@dataclass(frozen=True)
class Score:
    points: int
    possible: int

    def passes(self, percent):
        # Crosswise, since a float takes 29 of 50 for less than 58 per cent.
        return self.possible > 0 and self.points * 100 >= percent * self.possible


def score(drawn, chosen, marks=None):
    """The points of each drawn question answered rightly, and what a trainer gave for the others.

    `chosen` maps a question's key to what was chosen, `marks` to points. What nothing can be right in is worth nothing.
    """
    points = possible = 0
    for item in drawn:
        kind, worth = kinds.of(item), kinds.points_of(item)
        if kind.waits:
            points += min((marks or {}).get(item["key"]) or 0, worth)
        elif kind.has_key:
            points += worth if kind.is_right(item, chosen.get(item["key"], ())) else 0
        else:
            continue
        possible += worth
    return Score(points, possible)
