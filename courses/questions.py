"""Questions of the bank as a reader of one language sees them."""

from dataclasses import dataclass

from wagtail.models import Locale

from courses.models import Question


def in_language(keys, language):
    """{key: question} in `language`, or in the site's first language where it is not translated, or in any."""
    first = Locale.get_default().language_code
    rank = {language: 2, first: 1}
    found = {}
    rows = Question.objects.filter(translation_key__in=keys).select_related("locale").order_by("pk")
    for question in sorted(rows, key=lambda row: rank.get(row.locale.language_code, 0)):
        found[question.translation_key] = question
    return found


@dataclass(frozen=True)
class Worded:
    text: str
    language: str
    texts: dict
    feedback: dict


def worded(keys, language):
    """{key: wording}, with keys as strings; one statement. What is not translated is in the site's first language."""
    found = {}
    for key, question in in_language(keys, language).items():
        options = question.options.raw_data
        found[str(key)] = Worded(
            question.text,
            question.locale.language_code,
            {option["id"]: option["value"]["text"] for option in options},
            {option["id"]: option["value"].get("feedback") or "" for option in options},
        )
    return found
