from dataclasses import dataclass

from django import forms, template
from django.utils.translation import get_language

from courses.forms import choice_field
from courses.models import Question, QuestionKind
from courses.questions import in_language

register = template.Library()


@dataclass(frozen=True)
class Shown:
    field: object
    answers: tuple
    language: str


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
        form.fields[f"q{number}"] = choice_field(
            multiple=question.kind == QuestionKind.MULTIPLE,
            label=question.text,
            options=[(place, option.value["text"]) for place, option in enumerate(question.options)],
        )
    return [
        Shown(
            form[f"q{number}"],
            tuple(option.value for option in question.options),
            question.locale.language_code if question.locale_id else "",
        )
        for number, question in enumerate(questions)
    ]
