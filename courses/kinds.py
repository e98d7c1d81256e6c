"""The kinds of questions: how each is drawn, how an answer to it is read and what it is worth. Pure: no rows, no forms.

An attempt keeps of each question a snapshot (`drawn`), which never leaves the server, and of each answer what was
`chosen`, always a list and always in the form in which browsers send it:

- choices: the options' ids. What is right is `correct`, too.
- ordering: the options' ids in the chosen order, "" where a place is empty. Browsers may send pairs [id, place] instead.
- matching: pairs [left id, token]. A token stands for a right side in this attempt alone (`rights`), since the options'
  ids would tell which belongs where.
- short text, number, open: one text.

All or nothing: an answer that is partly right gives no point.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.exceptions import UnknownOptionError
from courses.written import fold, number_in, readings

AGREEMENT = (
    ("1", gettext_lazy("I do not agree at all")),
    ("2", gettext_lazy("I rather disagree")),
    ("3", gettext_lazy("I neither agree nor disagree")),
    ("4", gettext_lazy("I rather agree")),
    ("5", gettext_lazy("I fully agree")),
)


@dataclass(frozen=True)
class Option:
    id: str
    text: str
    match: str = ""
    correct: bool = False


@dataclass(frozen=True)
class Asked:
    """What a question asks, and what is taken for right, in one language or (`accepted`) in all."""

    options: tuple[Option, ...] = ()
    number: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    accepted: tuple[str, ...] = ()

    @property
    def ids(self):
        return [option.id for option in self.options]


@dataclass(frozen=True)
class Problem:
    """Why a question cannot be asked: for its editor."""

    field: str
    message: str
    code: str


def _foreign():
    return UnknownOptionError(_("One of the answers does not belong to this question."))


class Kind:
    """One right answer among several."""

    has_key = True
    # Whether a person has to look at it before there are points.
    waits = False
    shuffles = True
    written = False

    def problem(self, asked):
        if sum(option.correct for option in asked.options) != 1:
            return Problem("options", _("Mark exactly one answer as right."), "right")
        return None

    def draw(self, asked, *, chance, shuffles):
        ids = asked.ids
        if shuffles and self.shuffles:
            chance.shuffle(ids)
        return {"options": ids, "correct": [option.id for option in asked.options if option.correct]}

    def read(self, item, chosen):
        """`chosen` as it is kept, or UnknownOptionError, whose message is for the learner. An empty list takes an answer back."""
        if len(chosen) > 1:
            raise UnknownOptionError(_("Only one answer can be chosen for this question."))
        return self._known(item, chosen)

    def _known(self, item, chosen):
        if not all(isinstance(one, str) for one in chosen) or not set(chosen) <= set(item["options"]):
            raise _foreign()
        return sorted(set(chosen))

    def is_complete(self, item, chosen):
        return bool(chosen)

    def is_right(self, item, chosen):
        """None where nothing can be right or wrong, or where only a trainer can say."""
        return bool(item["correct"]) and set(chosen) == set(item["correct"])


class Multiple(Kind):
    def problem(self, asked):
        if not any(option.correct for option in asked.options):
            return Problem("options", _("Mark at least one answer as right."), "right")
        return None

    def read(self, item, chosen):
        return self._known(item, chosen)


class TrueFalse(Kind):
    shuffles = False

    def problem(self, asked):
        if len(asked.options) != 2:
            return Problem("options", _("True or false has two answers."), "two")
        return super().problem(asked)


class Ordering(Kind):
    def problem(self, asked):
        if len(asked.options) < 2:
            return Problem("options", _("Write at least two things, in the right order."), "two")
        return None

    def draw(self, asked, *, chance, shuffles):
        # Whatever the assessment says: the right order is the answer, and never what is shown.
        right = asked.ids
        shown = right[:]
        while shown == right:
            chance.shuffle(shown)
        return {"options": shown, "correct": right}

    def read(self, item, chosen):
        known = item["options"]
        if all(isinstance(one, str) for one in chosen):
            placed = [(one, place) for place, one in enumerate(chosen) if one]
        else:
            placed = [(one, self._place(place, known)) for one, place in _pairs(chosen) if place]
        ids, places = [one for one, _place in placed], [place for _one, place in placed]
        if not set(ids) <= set(known) or len(chosen) > len(known) or len(set(ids)) < len(ids):
            raise _foreign()
        if len(set(places)) < len(places):
            raise UnknownOptionError(_("Give each place only once."))
        if not placed:
            return []
        order = [""] * len(known)
        for one, place in placed:
            order[place] = one
        return order

    def _place(self, place, known):
        if not (place.isascii() and place.isdigit() and 1 <= int(place[:4]) <= len(known)):
            raise _foreign()
        return int(place) - 1

    def is_complete(self, item, chosen):
        return bool(chosen) and all(chosen)

    def is_right(self, item, chosen):
        return list(chosen) == item["correct"]


class Matching(Kind):
    def problem(self, asked):
        if len(asked.options) < 2:
            return Problem("options", _("Write at least two pairs."), "two")
        if not all(option.match.strip() for option in asked.options):
            return Problem("options", _("Say for each answer what belongs to it."), "match")
        if len({option.match.strip() for option in asked.options}) < 2:
            return Problem("options", _("At least two different things have to belong to the answers."), "match")
        return None

    def draw(self, asked, *, chance, shuffles):
        lefts, texts = asked.ids, {}
        matches = {option.id: option.match.strip() for option in asked.options}
        for one, text in matches.items():
            # What belongs to two answers is offered once.
            texts.setdefault(text, one)
        tokens = {text: f"{chance.getrandbits(48):012x}" for text in texts}
        rights = [(tokens[text], one) for text, one in texts.items()]
        if shuffles:
            chance.shuffle(lefts)
        chance.shuffle(rights)
        return {
            "options": lefts,
            "rights": [list(pair) for pair in rights],
            "correct": [[left, tokens[matches[left]]] for left in lefts],
        }

    def read(self, item, chosen):
        pairs = [pair for pair in _pairs(chosen) if pair[1]]
        tokens = {token for token, _one in item["rights"]}
        lefts = [left for left, _token in pairs]
        if not set(lefts) <= set(item["options"]) or len(set(lefts)) < len(lefts):
            raise _foreign()
        if not {token for _left, token in pairs} <= tokens:
            raise _foreign()
        return [list(pair) for pair in sorted(pairs, key=lambda pair: item["options"].index(pair[0]))]

    def is_complete(self, item, chosen):
        return len(chosen) == len(item["options"])

    def is_right(self, item, chosen):
        return {tuple(pair) for pair in chosen} == {tuple(pair) for pair in item["correct"]}


def _pairs(chosen):
    if not all(
        isinstance(one, (list, tuple)) and len(one) == 2 and all(isinstance(part, str) for part in one)
        for one in chosen
    ):
        raise _foreign()
    return [tuple(one) for one in chosen]


class Written(Kind):
    written = True
    longest = 200

    def draw(self, asked, *, chance, shuffles):
        return {"options": [], "correct": []}

    def read(self, item, chosen):
        if len(chosen) > 1 or not all(isinstance(one, str) for one in chosen):
            raise _foreign()
        texts = [one.replace("\x00", "").strip() for one in chosen]
        if any(len(one) > self.longest for one in texts):
            raise UnknownOptionError(
                _("Write at most %(count)d characters.") % {"count": self.longest},
            )
        return [one for one in texts if one]


class ShortText(Written):
    def problem(self, asked):
        if not any(fold(option.text) for option in asked.options):
            return Problem("options", _("Write at least one answer that is right."), "right")
        return None

    def draw(self, asked, *, chance, shuffles):
        # Of all languages: who switches, or knows a word only in their own language, knows it.
        return {"options": [], "correct": list(dict.fromkeys([*asked.accepted, *_texts(asked)]))}

    def is_right(self, item, chosen):
        given = {fold(one) for one in chosen} - {""}
        return bool(given & {fold(one) for one in item["correct"]})


def _texts(asked):
    return [option.text for option in asked.options if fold(option.text)]


class Number(Written):
    longest = 40

    def problem(self, asked):
        if asked.number is None:
            return Problem("number", _("Write the right number."), "number")
        return None

    def draw(self, asked, *, chance, shuffles):
        return {"options": [], "correct": [number_in(asked.number)], "tolerance": number_in(asked.tolerance)}

    def read(self, item, chosen):
        texts = super().read(item, chosen)
        if texts and not readings(texts[0]):
            raise UnknownOptionError(_("Write a number, as 12 or 12.5."))
        return texts

    def is_right(self, item, chosen):
        right, tolerance = Decimal(item["correct"][0]), Decimal(item["tolerance"])
        return any(abs(number - right) <= tolerance for text in chosen for number in readings(text))


class Likert(Kind):
    has_key = False
    shuffles = False

    def problem(self, asked):
        if len(asked.options) == 1:
            return Problem(
                "options", _("Write at least two steps of the scale, or none for the usual five."), "two"
            )
        return None

    def draw(self, asked, *, chance, shuffles):
        return {"options": asked.ids or [step for step, _label in AGREEMENT], "correct": []}

    def is_right(self, item, chosen):
        return None


class Open(Written):
    has_key = False
    waits = True
    longest = 5000

    def problem(self, asked):
        return None

    def is_right(self, item, chosen):
        return None


KINDS = {
    "single": Kind(),
    "multiple": Multiple(),
    "true_false": TrueFalse(),
    "ordering": Ordering(),
    "matching": Matching(),
    "short_text": ShortText(),
    "numeric": Number(),
    "likert": Likert(),
    "open": Open(),
}


def of(item):
    """The kind of a drawn question."""
    return KINDS[item["kind"]]


def points_of(item):
    """What a drawn question is worth. Attempts from before there were points gave one for each."""
    return item.get("points", 1)


def matched(item, chosen):
    """[(left id, id of the option whose right side was chosen)]: what pairs mean in every attempt alike."""
    rights = dict(item["rights"])
    return [(left, rights[token]) for left, token in chosen if token in rights]
