"""Both languages of the demo's courses have one shape: a translation that lacks a paragraph is no translation."""

import csv
import re
from pathlib import Path

import pytest

import participants
from cms.demo.pages import CONTENT, LANGUAGES, load

COURSES = sorted(path.name.split(".")[0] for path in CONTENT.glob("*.en.toml") if path.name != "pages.en.toml")
COURSES_IN_LANGUAGES = [(name, language) for name in COURSES for language in LANGUAGES]
# What no translator touches.
SAME = {"key", "slug", "kind", "tone", "topic", "topics", "audiences", "start", "leads_to"}
CHOICES = {"single", "multiple", "true_false"}
ALLOWED_TAGS = {"p", "h2", "h3", "b", "i", "ul", "ol", "li", "a"}
TAG = re.compile(r"</?([a-z0-9]+)")
NUMBER_TO_CALL = re.compile(r"\b(?:0 800 \d{3} \d{3}|116 \d{3}|102|103|112|527)\b")

each_course = pytest.mark.parametrize("name", COURSES)
each_language = pytest.mark.parametrize(("name", "language"), COURSES_IN_LANGUAGES)


def shape(value, name=""):
    """What must be the same in every language: structure, keys and numbers, but not the words."""
    if isinstance(value, dict):
        return {key: shape(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner, name) for inner in value]
    if name in SAME or not isinstance(value, str):
        return value
    return bool(value.strip()), re.findall(r"</?[a-z0-9]+", value), sorted(NUMBER_TO_CALL.findall(value))


def texts(value):
    if isinstance(value, dict):
        return [text for key, inner in value.items() if key not in SAME for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


def lessons(content):
    return [lesson for module in content["modules"] for lesson in module["lessons"]]


def blocks(content, kind):
    return [block for lesson in lessons(content) for block in lesson["blocks"] if block["kind"] == kind]


def repeated(values):
    return sorted({value for value in values if values.count(value) > 1})


@pytest.mark.parametrize("name", [*COURSES, "pages"])
def test_both_languages_have_the_same_structure(name):
    english, ukrainian = (load(name, language) for language in LANGUAGES)
    if name == "pages":
        for content in (english, ukrainian):
            content.pop("quarter_titles")
    assert shape(ukrainian) == shape(english)


@each_course
def test_the_ukrainian_course_is_written_in_ukrainian(name):
    def has(letters, text):
        return re.search(f"[{letters}]", text, re.IGNORECASE)

    # A text without any letters is a number to call.
    assert [text for text in texts(load(name, "uk")) if has("a-zа-яіїєґ", text) and not has("а-яіїєґ", text)] == []


@each_language
def test_no_text_holds_other_markup_than_an_editor_can_make(name, language):
    assert {tag for text in texts(load(name, language)) for tag in TAG.findall(text)} <= ALLOWED_TAGS


@each_language
def test_every_option_says_why(name, language):
    content = load(name, language)
    silent = [
        option["text"]
        for question in [*content["questions"], *blocks(content, "knowledge_check")]
        if question["kind"] != "short_text"
        for option in question.get("options", [])
        if not option["feedback"].strip()
    ]
    assert silent == []


@each_course
def test_keys_are_unique(name):
    content = load(name, "en")
    questions = [*content["questions"], *blocks(content, "knowledge_check")]
    assert {
        "lessons": repeated([lesson["key"] for lesson in lessons(content)]),
        "slugs": repeated([lesson["slug"] for lesson in lessons(content)]),
        "questions": repeated([question["key"] for question in content["questions"]]),
        "options": [
            again for one in questions if (again := repeated([option["key"] for option in one.get("options", [])]))
        ],
    } == {"lessons": [], "slugs": [], "questions": [], "options": []}


@each_course
def test_a_course_promises_the_time_that_its_lessons_take(name):
    content = load(name, "en")
    minutes = [lesson["minutes"] for lesson in lessons(content)]
    assert content["course"]["minutes"] == sum(minutes)
    assert all(3 <= one <= 8 for one in minutes)


@each_course
def test_a_course_closes_with_its_assessment(name):
    content = load(name, "en")
    assert [block["kind"] for block in lessons(content)[-1]["blocks"]][-1] == "assessment"
    assert len(blocks(content, "assessment")) == 1
    checked = [
        any(block["kind"] == "knowledge_check" for block in lesson["blocks"]) for lesson in lessons(content)
    ]
    assert checked == [True] * (len(checked) - 1) + [False]


@each_course
def test_forty_questions_most_of_them_choices(name):
    content = load(name, "en")
    kinds = [question["kind"] for question in content["questions"]]
    assert len(kinds) == 40
    assert sum(kind in CHOICES for kind in kinds) > 20
    assert kinds.count("ordering") >= 4
    assert kinds.count("matching") >= 4
    assert content["assessment"]["draw"] <= len(kinds)


@each_course
def test_every_question_is_of_a_topic_of_its_course(name):
    content = load(name, "en")
    with (Path(participants.__file__).parent / "data" / "topics.csv").open(encoding="utf-8") as file:
        known = {row["code"] for row in csv.DictReader(file)}
    used = {question["topic"] for question in content["questions"]}
    assert used <= set(content["course"]["topics"]) <= known


@each_course
def test_every_choice_has_its_right_answers(name):
    content = load(name, "en")
    rights = {
        "single": lambda right, wrong: right == 1 and wrong >= 2,
        "multiple": lambda right, wrong: right >= 2 and wrong >= 1,
        "true_false": lambda right, wrong: (right, wrong) == (1, 1),
    }
    checks = [
        {**block, "kind": "multiple" if block["multiple"] else "single"}
        for block in blocks(content, "knowledge_check")
    ]
    impossible = []
    for question in [*content["questions"], *checks]:
        if question["kind"] in rights:
            right = sum(option["correct"] for option in question["options"])
            if not rights[question["kind"]](right, len(question["options"]) - right):
                impossible.append(question.get("key") or question["question"])
    assert impossible == []


@each_course
def test_the_place_of_the_right_answer_tells_nothing(name):
    singles = [question for question in load(name, "en")["questions"] if question["kind"] == "single"]
    places = [[option["correct"] for option in question["options"]].index(True) for question in singles]
    assert max(places.count(place) for place in places) <= len(places) / 2


@each_language
def test_what_is_ordered_or_matched_has_one_solution(name, language):
    for question in load(name, language)["questions"]:
        options = question.get("options", [])
        if question["kind"] == "ordering":
            assert 3 <= len({option["text"] for option in options}) == len(options), question["key"]
            assert not any("correct" in option for option in options), question["key"]
        elif question["kind"] == "matching":
            assert 3 <= len({option["text"] for option in options}) == len(options), question["key"]
            assert len({option["match"] for option in options}) == len(options), question["key"]
        elif question["kind"] == "numeric":
            assert options == [], question["key"]
            assert question["tolerance"] >= 0, question["key"]
            assert question["number"] > 0, question["key"]


def reached(story):
    """The scenes that some path from the first one leads to."""
    leads = {scene["key"]: {choice["leads_to"] for choice in scene["choices"]} - {""} for scene in story["scenes"]}
    found, ahead = set(), {story["start"]}
    while ahead:
        found |= ahead
        ahead = {scene for key in ahead for scene in leads[key]} - found
    return found


def ending(story):
    """The scenes from which the story can end."""
    can_end = {""}
    while True:
        more = {
            scene["key"]
            for scene in story["scenes"]
            if any(choice["leads_to"] in can_end for choice in scene["choices"])
        }
        if more <= can_end:
            return can_end - {""}
        can_end |= more


@each_course
def test_a_course_tells_two_stories_without_dead_ends(name):
    stories = blocks(load(name, "en"), "case_story")
    assert len(stories) == 2
    for story in stories:
        scenes = [scene["key"] for scene in story["scenes"]]
        assert repeated(scenes) == []
        assert 2 <= len(scenes) <= 4
        assert {len(scene["choices"]) for scene in story["scenes"]} <= {2, 3}
        assert reached(story) == set(scenes) == ending(story)


@each_language
def test_every_choice_in_a_story_teaches(name, language):
    silent = [
        choice["text"]
        for story in blocks(load(name, language), "case_story")
        for scene in story["scenes"]
        for choice in scene["choices"]
        if not choice["feedback"].strip()
    ]
    assert silent == []


@each_language
def test_the_survey_after_a_course_asks_what_the_one_before_asked(name, language):
    surveys = {survey["key"]: survey for survey in load(name, language).get("surveys", [])}
    if name == "counter-trafficking":
        assert list(surveys) == ["before", "after"]
    if surveys:
        asked = surveys["before"]["questions"]
        assert [(question["kind"], bool(question["text"].strip())) for question in asked] == [("likert", True)] * 5
        assert surveys["after"]["questions"] == [{"key": question["key"]} for question in asked]


def test_the_course_for_frontline_staff_is_eleven_lessons_and_an_assessment():
    content = load("counter-trafficking", "en")
    assert [len(module["lessons"]) for module in content["modules"]] == [5, 2, 5]
    assert [lesson["key"] for lesson in lessons(content)].index("final-assessment") == 11
