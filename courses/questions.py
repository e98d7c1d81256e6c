"""Questions of the bank as a reader of one language sees them."""

from collections import defaultdict
from dataclasses import dataclass, field

from wagtail.models import Locale

from courses.models import Question, QuestionKind


def in_all_languages(keys, language):
    """{key: its rows}, the first in `language`, or in the site's first language where it is not translated, or in any."""
    first = Locale.get_default().language_code
    rank = {language: -2, first: -1}
    found = defaultdict(list)
    rows = Question.objects.filter(translation_key__in=keys).select_related("locale").order_by("-pk")
    for question in sorted(rows, key=lambda row: rank.get(row.locale.language_code, 0)):
        found[question.translation_key].append(question)
    return dict(found)


def in_language(keys, language):
    """{key: question} as `in_all_languages` puts it first."""
    return {key: versions[0] for key, versions in in_all_languages(keys, language).items()}


def accepted(versions):
    """Short answers that are right in any language of a question."""
    return [
        option["value"]["text"]
        for version in versions
        if version.kind == QuestionKind.SHORT_TEXT
        for option in version.options.raw_data
    ]


@dataclass(frozen=True)
class Worded:
    text: str
    language: str
    texts: dict
    feedback: dict
    matches: dict = field(default_factory=dict)


def worded(keys, language):
    """{key: wording}, with keys as strings; one statement. What is not translated is in the site's first language."""
    found = {}
    for key, question in in_language(keys, language).items():
        options = {option["id"]: option["value"] for option in question.options.raw_data}
        found[str(key)] = Worded(
            question.text,
            question.locale.language_code,
            {one: value["text"] for one, value in options.items()},
            {one: value.get("feedback") or "" for one, value in options.items()},
            {one: value.get("match") or "" for one, value in options.items()},
        )
    return found
