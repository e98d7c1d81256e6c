"""What an answer is worth. Pure: the rows stay outside."""

from dataclasses import dataclass


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


def score(drawn, chosen):
    """One point for each drawn question answered rightly. `chosen` maps a question's key to the options chosen."""
    points = sum(is_right(chosen.get(item["key"], ()), item["correct"]) for item in drawn)
    return Score(points, len(drawn))
