"""Texts in several languages, as forms take them apart and put them together."""

from django.utils.translation import get_language
from i18nfield.strings import LazyI18nString


def by_language(text, language):
    """The texts of an i18n string by language."""
    if isinstance(text, LazyI18nString):
        return text.data if isinstance(text.data, dict) else {language: text.data or ""}
    return {language: text or ""}


def main_language(event):
    """The language the form is written in: the reader's, or one the event's title has."""
    active = get_language()
    if event is None:
        return active
    held = by_language(event.title, active)
    return active if held.get(active) else next(iter(held), active)
