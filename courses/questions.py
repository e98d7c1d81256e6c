"""Questions of the bank as a reader of one language sees them."""

from dataclasses import dataclass

from courses.actions import in_language


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
