"""Both languages of the demo course have one shape: a translation that lacks a paragraph is no translation."""

import re

import pytest

from cms.demo.pages import LANGUAGES, load


def shape(value, name=""):
    """What must be the same in every language: structure, keys and numbers, but not the words."""
    if isinstance(value, dict):
        return {key: shape(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner, name) for inner in value]
    if name == "html":
        return re.findall(r"</?[a-z0-9]+", value)
    if name in {"key", "slug", "kind", "tone", "topics", "audiences"} or not isinstance(value, str):
        return value
    return bool(value.strip())


@pytest.mark.parametrize("name", ["counter-trafficking", "pages"])
def test_both_languages_have_the_same_structure(name):
    english, ukrainian = (load(name, language) for language in LANGUAGES)
    if name == "pages":
        for content in (english, ukrainian):
            content.pop("quarter_titles")
    assert shape(ukrainian) == shape(english)


def texts(value):
    if isinstance(value, dict):
        return [
            text
            for key, inner in value.items()
            if key not in {"key", "slug", "kind", "tone", "topics", "audiences"}
            for text in texts(inner)
        ]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


def test_the_ukrainian_course_is_written_in_ukrainian():
    without = [
        text
        for text in texts(load("counter-trafficking", "uk"))
        if not re.search("[а-яіїєґ]", text, re.IGNORECASE)
    ]
    assert without == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_says_why(language):
    content = load("counter-trafficking", language)
    checks = [
        block
        for module in content["modules"]
        for lesson in module["lessons"]
        for block in lesson["blocks"]
        if block["kind"] == "knowledge_check"
    ]
    silent = [
        option["text"]
        for question in [*content["questions"], *checks]
        for option in question["options"]
        if not option["feedback"].strip()
    ]
    assert silent == []
    assert content["assessment"]["draw"] <= len(content["questions"])
