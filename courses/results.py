"""What a learner is told about a scored attempt: their own answers, never the whole key."""

from dataclasses import dataclass

from courses.scoring import is_right


@dataclass(frozen=True)
class Picked:
    text: str
    is_right: bool
    feedback: str


@dataclass(frozen=True)
class Answered:
    number: int
    text: str
    is_right: bool
    is_part: bool
    picked: tuple[Picked, ...]


def answered(drawn, questions, chosen):
    return [_answered(number, item, questions.get(item["key"]), chosen) for number, item in enumerate(drawn, 1)]


def _answered(number, item, question, chosen):
    mine = chosen.get(item["key"], [])
    picked = tuple(
        Picked(
            question.texts.get(key, "") if question else "",
            key in item["correct"],
            question.feedback.get(key, "") if question else "",
        )
        for key in item["options"]
        if key in mine
    )
    right = is_right(mine, item["correct"])
    part = not right and bool(picked) and all(one.is_right for one in picked)
    return Answered(number, question.text if question else "", right, part, picked)
