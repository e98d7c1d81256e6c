"""How questions work: pure functions over what was answered. The words are explained in docs/explanation/how-questions-are-judged.md.

`share` is what an answer was worth, from 0 to 1; `rest` is the share of points of all other questions of the same attempt.
"""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

# Below it nothing is said: a handful of answers says more about people than about a question.
FEWEST = 10
# Below it no advice rests on a correlation, whose standard error is about 0.18 here.
FEWEST_FOR_ADVICE = 30
# Fewer people than this are not counted out loud.
SMALL = 5

EASY, HARD = 0.95, 0.2
TELLING = 0.1
HARDER_BY = 0.2


class Advice(StrEnum):
    FEW = "few"
    KEY = "key"
    EASY = "easy"
    HARD = "hard"
    SILENT = "silent"
    TRANSLATION = "translation"
    FINE = "fine"


@dataclass(frozen=True)
class Response:
    """What one person answered to one question in their first attempt; `rest` None if they were asked nothing else."""

    share: float
    rest: float | None
    chosen: tuple[Hashable, ...]
    language: str


@dataclass(frozen=True)
class Picked:
    """How many chose one wrong answer, and how well they did in the rest; both None where they are few."""

    option: Hashable
    count: int | None
    rest: float | None


@dataclass(frozen=True)
class Language:
    """A question in one language. `harder_by` is how much harder it is than for others who know as much; None if unknown."""

    language: str
    count: int
    difficulty: float | None
    harder_by: float | None
    is_flagged: bool


@dataclass(frozen=True)
class Judged:
    count: int
    difficulty: float | None
    discrimination: float | None
    wrong: tuple[Picked, ...]
    languages: tuple[Language, ...]
    advice: tuple[Advice, ...]


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else None


def correlation(pairs):
    """Pearson's r of (x, y); None where one of them does not vary. With x of 0 and 1 it is the point-biserial."""
    pairs = list(pairs)
    # Sums that are not whole differ in their last digit: what does not vary must not seem to.
    if len({x for x, _y in pairs}) < 2 or len({y for _x, y in pairs}) < 2:
        return None
    mean_x, mean_y = mean(x for x, _y in pairs), mean(y for _x, y in pairs)
    both = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    spread = sqrt(sum((x - mean_x) ** 2 for x, _y in pairs)) * sqrt(sum((y - mean_y) ** 2 for _x, y in pairs))
    return max(-1.0, min(1.0, both / spread)) if spread else None


def judge(responses, correct=()):
    """What the responses to one version of a question say about it. `correct` are the options that are right."""
    responses = list(responses)
    count = len(responses)
    if count < FEWEST:
        return Judged(count, None, None, (), _languages(responses), (Advice.FEW,))
    difficulty = mean(one.share for one in responses)
    discrimination = correlation((one.share, one.rest) for one in responses if one.rest is not None)
    wrong = _wrong(responses, set(correct))
    languages = _languages(responses)
    return Judged(
        count,
        difficulty,
        discrimination,
        wrong,
        languages,
        _advice(count, difficulty, discrimination, wrong, responses, languages),
    )


def _wrong(responses, correct):
    chosen = defaultdict(list)
    for one in responses:
        for option in set(one.chosen) - correct:
            chosen[option].append(one.rest)
    picked = [
        Picked(option, len(rests), mean(rest for rest in rests if rest is not None))
        if len(rests) >= SMALL
        else Picked(option, None, None)
        for option, rests in chosen.items()
    ]
    return tuple(sorted(picked, key=lambda one: (-(one.count or 0), str(one.option))))


def _languages(responses):
    spoken = defaultdict(list)
    for one in responses:
        spoken[one.language].append(one)
    return tuple(_language(code, held, responses) for code, held in sorted(spoken.items()))


def _language(code, held, responses):
    if len(held) < FEWEST:
        return Language(code, len(held), None, None, False)
    others = [one for one in responses if one.language != code]
    theirs, rest = _surprise(held), _surprise(others)
    difficulty = mean(one.share for one in held)
    if len(theirs) < FEWEST or len(rest) < FEWEST:
        return Language(code, len(held), difficulty, None, False)
    harder_by = mean(rest) - mean(theirs)
    error = sqrt(_variance(theirs) / len(theirs) + _variance(rest) / len(rest))
    return Language(code, len(held), difficulty, harder_by, harder_by >= HARDER_BY and harder_by > 2 * error)


def _surprise(responses):
    """How much better each did here than in the rest: so that a language whose speakers know less is not blamed."""
    return [one.share - one.rest for one in responses if one.rest is not None]


def _variance(values):
    middle = mean(values)
    return sum((value - middle) ** 2 for value in values) / (len(values) - 1)


def _advice(count, difficulty, discrimination, wrong, responses, languages):
    found = []
    # Whoever says so must be right about it: a few who guess well are no reason to doubt a key.
    known = count >= FEWEST_FOR_ADVICE and discrimination is not None
    right = mean(one.rest for one in responses if one.share == 1 and one.rest is not None)
    better = [one for one in wrong if one.rest is not None and right is not None and one.rest > right]
    if known and discrimination < 0 and better:
        found.append(Advice.KEY)
    if difficulty >= EASY:
        found.append(Advice.EASY)
    elif difficulty <= HARD:
        found.append(Advice.HARD)
    elif known and discrimination < TELLING and Advice.KEY not in found:
        found.append(Advice.SILENT)
    if any(one.is_flagged for one in languages):
        found.append(Advice.TRANSLATION)
    return tuple(found) or (Advice.FINE,)


@dataclass(frozen=True)
class Change:
    """Pairs of before and after: means from 0 to 1, and how much of what could be gained was gained."""

    pairs: int
    before: float | None
    after: float | None

    @property
    def gain(self):
        """Hake's normalised gain of the means; None where nothing could be gained, or nothing may be shown."""
        if self.before is None or self.before >= 1:
            return None
        return (self.after - self.before) / (1 - self.before)


def change(pairs):
    """`pairs` of (before, after); of fewer than SMALL people nothing is told but their number."""
    pairs = list(pairs)
    if len(pairs) < SMALL:
        return Change(len(pairs), None, None)
    return Change(len(pairs), mean(one for one, _other in pairs), mean(other for _one, other in pairs))


@dataclass(frozen=True)
class Shift:
    """How far people agree before and after: how many chose each step (None: fewer than SMALL), and the means."""

    pairs: int
    before: tuple
    after: tuple
    mean_before: float | None
    mean_after: float | None

    @property
    def by(self):
        return None if self.mean_before is None else self.mean_after - self.mean_before


def shift(pairs, steps):
    """`pairs` of (step before, step after), steps counted from 1 to `steps`."""
    pairs = list(pairs)
    if len(pairs) < SMALL:
        return Shift(len(pairs), (), (), None, None)
    sides = list(zip(*pairs, strict=True))
    counted = [tuple(_shown(side.count(step)) for step in range(1, steps + 1)) for side in sides]
    return Shift(len(pairs), *counted, mean(sides[0]), mean(sides[1]))


def _shown(count):
    return count if count == 0 or count >= SMALL else None
