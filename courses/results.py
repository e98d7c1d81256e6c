"""What a learner is told about an attempt that they handed in: as much as the assessment's policy allows."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format

from courses import kinds
from courses.languages import direction
from courses.models import ShowAnswers
from courses.questions import worded


@dataclass(frozen=True)
class Picked:
    text: str
    # None where nothing can be right or wrong.
    is_right: bool | None
    feedback: str = ""
    # What belongs to it, of a pair.
    match: str = ""


@dataclass(frozen=True)
class Answered:
    number: int
    text: str
    is_right: bool | None
    is_part: bool = False
    picked: tuple[Picked, ...] = ()
    # An order is judged as a whole.
    is_ordered: bool = False
    right: tuple[str, ...] = ()
    waits: bool = False
    points: int | None = None
    worth: int = 1
    comment: str = ""
    language: str = ""
    written: bool = False

    @property
    def direction(self):
        return direction(self.language) if self.language else "auto"


class Reader:
    """Whoever reads the result of their attempt."""

    def __init__(self, attempt, *, passed):
        self.attempt = attempt
        self.survey = attempt.assessment.is_survey
        policy = attempt.assessment.shows_answers
        self.answers = self.survey or policy != ShowAnswers.NEVER
        # Until there is a result, a trainer may still be asked what the right answer is.
        self.key = (
            not self.survey
            and attempt.scored_at is not None
            and (policy == ShowAnswers.ALWAYS or (policy == ShowAnswers.PASSED and passed))
        )

    def answered(self, answers, language):
        questions = worded([item["key"] for item in self.attempt.drawn], language)
        return [
            self._answered(number, item, questions.get(item["key"]), answers.get(item["key"]))
            for number, item in enumerate(self.attempt.drawn, 1)
        ]

    def _answered(self, number, item, question, answer):
        kind, chosen = kinds.of(item), answer.chosen if answer else []
        judged = not self.survey and kind.has_key
        right = kind.is_right(item, chosen) if judged else None
        picked = _picked(item, question, chosen, judged)
        return Answered(
            number=number,
            text=question.text if question else "",
            language=question.language if question else "",
            is_right=right,
            is_part=judged and not right and bool(picked) and all(one.is_right for one in picked),
            picked=picked,
            is_ordered=item["kind"] == "ordering",
            right=_key(item, question) if self.key and judged and not right else (),
            waits=kind.waits and bool(chosen) and not self.survey and answer.marked_at is None,
            points=answer.points if answer and kind.waits else None,
            worth=kinds.points_of(item),
            comment=answer.comment if answer else "",
            written=kind.written,
        )


def _picked(item, question, chosen, judged):
    texts = question.texts if question else {}
    feedback = question.feedback if question and judged else {}
    kind = kinds.of(item)
    if kind.written:
        return tuple(Picked(text, kind.is_right(item, chosen) if judged else None) for text in chosen)
    if item["kind"] == "ordering":
        right = kind.is_right(item, chosen) if judged else None
        return tuple(Picked(texts.get(key, ""), right, feedback.get(key, "")) for key in chosen if key)
    if item["kind"] == "matching":
        matches = question.matches if question else {}
        correct = {tuple(pair) for pair in item["correct"]}
        rights = dict(kinds.matched(item, chosen))
        return tuple(
            Picked(
                texts.get(left, ""),
                (left, token) in correct if judged else None,
                feedback.get(left, ""),
                matches.get(rights.get(left), ""),
            )
            for left, token in map(tuple, chosen)
        )
    labels = _labels(item, question)
    return tuple(
        Picked(labels.get(key, ""), key in item["correct"] if judged else None, feedback.get(key, ""))
        for key in item["options"]
        if key in chosen
    )


def _labels(item, question):
    texts = question.texts if question else {}
    return {**dict(kinds.AGREEMENT), **texts} if item["kind"] == "likert" else texts


def _key(item, question):
    """What would have been right, in words."""
    texts = question.texts if question else {}
    if item["kind"] == "matching":
        matches = question.matches if question else {}
        pairs = kinds.matched(item, item["correct"])
        return tuple(f"{texts.get(left, '')} → {matches.get(right, '')}" for left, right in pairs)
    if item["kind"] == "numeric":
        return tuple(number_format(Decimal(number)) for number in item["correct"])
    if item["kind"] == "short_text":
        # In the reader's language, as it is today; what counts is what was drawn.
        return tuple(texts.values()) or tuple(item["correct"])
    return tuple(texts.get(key, "") for key in item["correct"])
