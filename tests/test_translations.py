"""The catalogues, as far as a program can judge them."""

import re
from pathlib import Path

import polib
import pytest

LOCALES = Path(__file__).parent.parent / "locales"
PLURAL_FORMS = {"uk": 4, "ar": 6}
NAMED = re.compile(r"%\((\w+)\)[#0 +-]*\d*(?:\.\d+)?[a-z]")
UNNAMED = re.compile(r"(?<!%)(?:%%)*%[#0 +-]*\d*(?:\.\d+)?[sdrf]|\{\w*\}")

each_language = pytest.mark.parametrize("language", PLURAL_FORMS)


def entries(language):
    return [
        entry
        for entry in polib.pofile(str(LOCALES / language / "LC_MESSAGES" / "django.po"))
        if not entry.obsolete
    ]


def originals(entry):
    return [entry.msgid, *filter(None, [entry.msgid_plural])]


def translations(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@each_language
def test_strings_name_their_placeholders(language):
    """A translator can move `%(count)s` to where their grammar wants it, `%s` and `{}` not."""
    assert [
        text
        for entry in entries(language)
        for text in (*originals(entry), *translations(entry))
        if UNNAMED.search(text)
    ] == []


@each_language
def test_translations_keep_the_placeholders(language):
    def lost(entry):
        wanted = set(NAMED.findall(entry.msgid_plural or entry.msgid))
        # "One person" may be a word in a form that stands for a single number.
        spared = {"count", "number", "minutes", "shown"} | set(NAMED.findall(entry.msgid_plural)) - set(
            NAMED.findall(entry.msgid)
        )
        for text in filter(None, translations(entry)):
            found = set(NAMED.findall(text))
            if found - wanted or (wanted - found - (spared if entry.msgid_plural else set())):
                return True
        return False

    assert [entry.msgid for entry in entries(language) if lost(entry)] == []


@each_language
def test_nothing_is_fuzzy(language):
    assert [entry.msgid for entry in entries(language) if entry.fuzzy] == []


@each_language
def test_plurals_have_every_form(language):
    assert [
        entry.msgid
        for entry in entries(language)
        if entry.msgid_plural
        and any(entry.msgstr_plural.values())
        and (len(entry.msgstr_plural) != PLURAL_FORMS[language] or not all(entry.msgstr_plural.values()))
    ] == []


def test_ukrainian_is_whole():
    assert [entry.msgid for entry in entries("uk") if not all(translations(entry))] == []
