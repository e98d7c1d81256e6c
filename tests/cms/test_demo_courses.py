"""The course on safe migration: two languages, a bank of forty, stories that lead somewhere, beside the first course."""

import re
from collections import Counter

import pytest
from wagtail.models import Page
from wagtail_localize.models import StringTranslation

from cms.demo import pages, surveys
from cms.demo.pages import FIRST_COURSE, LANGUAGES, key, load, part_of
from cms.models import CoursePage, LessonPage, ModulePage
from courses.models import Assessment, AssessmentQuestion, Course, Question

NAME = "safe-migration"
KEPT = {"key", "slug", "kind", "tone", "topic", "topics", "audiences", "start", "leads_to"}
# What the first course's parts had before there was a second: facts of learners hang on them.
KEYS = [
    "a5275066-7342-57ef-b302-eb0084c08ac8",
    "5f36a7a6-db50-5c3e-8e02-4c8b4790f865",
    "1e464a99-0e38-517d-be98-d15201143ff3",
    "49d21586-8a63-5478-8a74-96862cd1afcf",
    "bb442568-b796-5371-b607-746d1ead43fe",
    "b1a608e4-be64-5877-b933-7fe51a2f1cc8",
]
TAG = re.compile(r"</?[a-z0-9]+[^>]*>")


@pytest.fixture(params=LANGUAGES)
def content(request):
    return load(NAME, request.param)


def skeleton(value, name=""):
    """What must be the same in every language: structure, keys, tags and numbers, but not the words."""
    if isinstance(value, dict):
        return {key: skeleton(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [skeleton(inner, name) for inner in value]
    if isinstance(value, str) and name not in KEPT:
        return bool(value.strip()), TAG.findall(value), sorted(re.findall(r"\d+", value))
    return value


def words(value, name=""):
    if isinstance(value, dict):
        return [text for key, inner in value.items() for text in words(inner, key)]
    if isinstance(value, list):
        return [text for inner in value for text in words(inner, name)]
    return [value] if isinstance(value, str) and name not in KEPT else []


def lessons(content):
    return [lesson for module in content["modules"] for lesson in module["lessons"]]


def of_kind(content, *kinds):
    return [question for question in content["questions"] if question["kind"] in kinds]


def test_both_languages_say_the_same_with_the_same_numbers():
    english, ukrainian = (load(NAME, language) for language in LANGUAGES)
    assert skeleton(ukrainian) == skeleton(english)


def test_the_bank_holds_forty_questions_of_the_courses_topics(content):
    kinds = Counter(question["kind"] for question in content["questions"])
    assert kinds == {
        "single": 17,
        "multiple": 8,
        "true_false": 4,
        "ordering": 5,
        "matching": 5,
        "numeric": 1,
    }
    assert len({question["key"] for question in content["questions"]}) == 40
    assert {question["topic"] for question in content["questions"]} == set(content["course"]["topics"])
    assert content["assessment"]["draw"] == 10


def test_the_right_answer_is_not_the_one_that_says_most(content):
    single = of_kind(content, "single")
    longest = [
        question["key"]
        for question in single
        if max(question["options"], key=lambda option: len(option["text"]))["correct"]
    ]
    assert len(longest) <= len(single) / 3
    places = Counter(option["key"] for question in single for option in question["options"] if option["correct"])
    assert set(places) == {"a", "b", "c"}
    assert max(places.values()) - min(places.values()) <= 1


def test_whoever_needs_help_reads_where_it_is(content):
    lesson = next(one for one in lessons(content) if one["key"] == "if-something-goes-wrong")
    text = " ".join(words(lesson))
    assert [number for number in ("112", "102", "527", "0 800 505 501", "116 111") if number not in text] == []
    # Such lessons end with the helplines of the reader's country.
    assert [one["key"] for one in lessons(content) if one["distress"]] == ["online", "if-something-goes-wrong"]


def test_the_parts_of_the_first_course_keep_their_keys():
    assert [
        str(key(*names))
        for names in (
            ("course", FIRST_COURSE),
            ("assessment", FIRST_COURSE),
            part_of(FIRST_COURSE, "module", "recognising"),
            part_of(FIRST_COURSE, "lesson", "final-assessment"),
            part_of(FIRST_COURSE, "lesson", "final-assessment", "0"),
            part_of(FIRST_COURSE, "question", "missing-element"),
        )
    ] == KEYS
    assert key(*part_of(NAME, "lesson", "final-assessment")) != key("lesson", "final-assessment")


def seeded_rows():
    return {
        model: sorted(model.objects.values_list(*fields))
        for model, fields in {
            Page: ("path", "title", "slug", "url_path", "latest_revision"),
            Course: ("key", "code"),
            Assessment: ("key", "draw", "pass_percent"),
            AssessmentQuestion: ("assessment", "question_key", "position"),
            Question: ("pk", "translation_key", "locale", "version", "text"),
            StringTranslation: ("pk", "translation_of", "data"),
        }.items()
    }


@pytest.mark.django_db
def test_seeding_both_courses_again_changes_nothing(demo):
    before = seeded_rows()
    pages.seed_pages()
    assert seeded_rows() == before


@pytest.mark.django_db
def test_a_demo_site_with_the_first_course_is_given_the_second(demo):
    """As on a site whose demonstration is older than the second course."""
    before = seeded_rows()
    Assessment.objects.filter(key=key("assessment", NAME)).delete()
    Question.objects.filter(
        translation_key__in=[key(*part_of(NAME, "question", one["key"])) for one in load(NAME, "en")["questions"]]
    ).delete()
    for page in CoursePage.objects.filter(translation_key=key("course", NAME)):
        page.delete()
    assert set(CoursePage.objects.values_list("translation_key", flat=True)) == {key("course", FIRST_COURSE)}
    pages.seed_pages()
    after = seeded_rows()
    assert [row[:4] for row in after[Page]] == [row[:4] for row in before[Page]]
    assert after[Assessment] == before[Assessment]
    assert [row[1:] for row in after[AssessmentQuestion]] == [row[1:] for row in before[AssessmentQuestion]]
    assert sorted(row[1:] for row in after[Question]) == sorted(row[1:] for row in before[Question])


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", pages.COURSES)
def test_every_block_of_a_course_is_on_its_page(demo, name, language):
    content = load(name, language)
    course = content["course"]["key"]
    written = {
        (key(*part_of(course, "lesson", lesson["key"])), lesson["title"]): [
            (block["kind"], str(key(*part_of(course, "lesson", lesson["key"], str(number)))))
            for number, block in enumerate(lesson["blocks"])
        ]
        # The surveys stand in the first lesson and in the last.
        for module in surveys.modules(content, lambda name: name)
        for lesson in module["lessons"]
    }
    courses_page = CoursePage.objects.get(translation_key=key("course", course), locale__language_code=language)
    assert {
        (page.translation_key, page.title): [(block.block_type, block.id) for block in page.body]
        for page in LessonPage.objects.descendant_of(courses_page)
    } == written
    assert [page.slug for page in ModulePage.objects.child_of(courses_page)] == [
        module["key"] for module in content["modules"]
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("name", pages.COURSES)
def test_each_course_asks_its_own_questions(demo, name):
    content = load(name, "en")
    course = content["course"]["key"]
    assessment = Assessment.objects.get(key=key("assessment", course))
    assert assessment.course_id == key("course", course)
    assert [row.question_key for row in assessment.bank.all()] == [
        key(*part_of(course, "question", question["key"])) for question in content["questions"]
    ]
    asked = Question.objects.filter(
        translation_key__in=assessment.bank.values("question_key"), locale__language_code="uk"
    )
    assert {question.text for question in asked} == {one["text"] for one in load(name, "uk")["questions"]}
    assert {question.translation_key: question.kind for question in asked} == {
        key(*part_of(course, "question", question["key"])): question["kind"] for question in content["questions"]
    }
