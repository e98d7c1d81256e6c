import random
from dataclasses import dataclass

from django import forms, template
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses import kinds
from courses.fields import field_for
from courses.models import Question, QuestionKind
from courses.questions import Worded, in_language

register = template.Library()


@dataclass(frozen=True)
class Shown:
    field: object
    answers: tuple
    language: str
    # What is right, where no single answer is: a number with how far off still counts, or that there is an order.
    note: str = ""


@register.simple_tag
def preview_of(instance):
    """The questions of an assessment, or the one question, as a form that nobody can send, each with its answers."""
    if isinstance(instance, Question):
        questions = [instance]
    else:
        keys = getattr(instance, "chosen_keys", None)
        if keys is None:
            keys = [row.question_key for row in instance.bank.all()]
        found = {str(key): question for key, question in in_language(keys, get_language()).items()}
        questions = [found[str(key)] for key in keys if str(key) in found]
    form = forms.Form()
    for number, question in enumerate(questions):
        form.fields[f"q{number}"] = _field(question)
    return [
        Shown(
            form[f"q{number}"],
            tuple(option.value for option in question.options),
            question.locale.language_code if question.locale_id else "",
            _note(question),
        )
        for number, question in enumerate(questions)
    ]


def _field(question):
    """The question in the order in which it is written; what is always mixed is mixed here, too, the same each time."""
    # Options that were never saved have no ids yet.
    options = [(option.id or str(place), option.value) for place, option in enumerate(question.options)]
    asked = kinds.Asked(
        tuple(
            kinds.Option(key, value["text"], value["match"] or "", bool(value["correct"]))
            for key, value in options
        ),
        question.number,
        question.tolerance or 0,
    )
    kind = kinds.KINDS[question.kind]
    chance = random.Random(0)  # noqa: S311
    drawn = {} if kind.problem(asked) else kind.draw(asked, chance=chance, shuffles=False)
    item = {"kind": question.kind, "options": asked.ids, "rights": [], "correct": [], **drawn}
    texts = {key: value["text"] for key, value in options}
    matches = {key: value["match"] or "" for key, value in options}
    return field_for(item, Worded(question.text, "", texts, {}, matches))


def _note(question):
    if question.kind == QuestionKind.NUMERIC and question.number is not None:
        number = number_format(question.number.normalize())
        if question.tolerance:
            return _("%(number)s, up to %(tolerance)s off") % {
                "number": number,
                "tolerance": number_format(question.tolerance.normalize()),
            }
        return number
    return {
        QuestionKind.ORDERING: _("In this order."),
        QuestionKind.MATCHING: _("Each with what belongs to it."),
        QuestionKind.SHORT_TEXT: _("Any of these, in any language of the question."),
        QuestionKind.LIKERT: _("Nothing is right or wrong here."),
        QuestionKind.OPEN: _("A trainer decides."),
    }.get(question.kind, "")
