"""A lesson's knowledge checks, read from its body. Keys and feedback stay on the server until somebody answered."""

import uuid
from dataclasses import dataclass

from courses.scoring import is_right


@dataclass(frozen=True)
class Option:
    id: str
    text: str
    correct: bool
    feedback: str


@dataclass(frozen=True)
class Check:
    id: str
    question: str
    multiple: bool
    options: tuple[Option, ...]

    @property
    def option_ids(self):
        return [option.id for option in self.options]

    @property
    def correct_ids(self):
        return [option.id for option in self.options if option.correct]

    def verdict(self, chosen):
        """What a learner is told who chose these."""
        picked = [option for option in self.options if option.id in chosen]
        right = is_right(chosen, self.correct_ids)
        partly = not right and bool(picked) and all(option.correct for option in picked)
        return Verdict(right, partly, tuple(picked))


@dataclass(frozen=True)
class Verdict:
    is_right: bool
    is_part: bool
    picked: tuple[Option, ...]


def check_from(block):
    """The check of one block of a lesson's body."""
    value = block.value
    options = tuple(
        Option(item.id, item.value["text"], bool(item.value["correct"]), item.value["feedback"] or "")
        for item in value["options"].bound_blocks
    )
    return Check(str(uuid.UUID(block.id)), value["question"], bool(value["multiple"]), options)


def find_check(body, block_id):
    """The check with this block id, or None."""
    for block in body:
        if block.block_type == "knowledge_check" and block.id == str(block_id):
            return check_from(block)
    return None
