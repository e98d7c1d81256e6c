"""Questions of every kind and surveys, as the demo's content writes them, in both languages."""

from decimal import Decimal

import pytest
from wagtail.models import Locale

from cms.demo import pages
from cms.models import LessonPage
from courses.models import Assessment, Question
from tests.cms.seeds import seed
from tests.snapshots import Snapshot

pytestmark = pytest.mark.django_db

WORDS = {
    "en": {
        "order": "In which order?",
        "pairs": "Which belongs to which?",
        "word": "Which city?",
        "age": "Which age?",
    },
    "uk": {"order": "У якому порядку?", "pairs": "Що до чого?", "word": "Яке місто?", "age": "Який вік?"},
}
ANSWERS = {
    "en": {"order": ["First", "Then"], "pairs": [("102", "Police"), ("527", "Hotline")], "word": ["Palermo"]},
    "uk": {
        "order": ["Спершу", "Потім"],
        "pairs": [("102", "Поліція"), ("527", "Гаряча лінія")],
        "word": ["Палермо"],
    },
}
SURE = {"en": "I know whom to call.", "uk": "Я знаю, куди телефонувати."}


def with_every_kind(load):
    def loaded(name, language):
        content = load(name, language)
        if "questions" not in content:
            return content
        words, answers = WORDS[language], ANSWERS[language]
        content["questions"] += [
            {
                "key": "order",
                "kind": "ordering",
                "topic": "referral_nrm",
                "text": words["order"],
                "options": [
                    {"key": key, "text": text, "feedback": ""}
                    for key, text in zip("ab", answers["order"], strict=True)
                ],
            },
            {
                "key": "pairs",
                "kind": "matching",
                "text": words["pairs"],
                "options": [
                    {"key": key, "text": text, "match": match}
                    for key, (text, match) in zip("ab", answers["pairs"], strict=True)
                ],
            },
            {
                "key": "word",
                "kind": "short_text",
                "text": words["word"],
                "options": [{"key": "a", "text": text} for text in answers["word"]],
            },
            {"key": "age", "kind": "numeric", "text": words["age"], "number": 18, "tolerance": 0.5},
        ]
        content["surveys"] = [
            {
                "key": "before",
                "title": "Before",
                "intro": "",
                "questions": [{"key": "sure", "kind": "likert", "text": SURE[language]}],
            },
            {"key": "after", "title": "After", "intro": "", "questions": [{"key": "sure"}]},
        ]
        return content

    return loaded


@pytest.fixture(scope="module", autouse=True)
def _every_kind():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "COURSES", ("counter-trafficking",))
        patch.setattr(pages, "load", with_every_kind(pages.load))
        yield


@pytest.fixture(scope="module")
def written(_every_kind, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return Snapshot.of(seed)


@pytest.fixture
def seeded(db, written):
    written.put()


def question(name, language):
    return Question.objects.get(translation_key=pages.key("question", name), locale__language_code=language)


def test_every_kind_is_the_same_question_in_both_languages(seeded):
    for name in ("order", "pairs", "word", "age", "sure"):
        english, ukrainian = question(name, "en"), question(name, "uk")
        assert (english.problem, ukrainian.problem) == (None, None)
        assert (ukrainian.kind, ukrainian.option_ids) == (english.kind, english.option_ids)
    assert [option.value["text"] for option in question("order", "uk").options] == ["Спершу", "Потім"]
    assert [option.value["match"] for option in question("pairs", "uk").options] == ["Поліція", "Гаряча лінія"]
    age = question("age", "uk")
    assert (age.text, age.number, age.tolerance) == ("Який вік?", Decimal(18), Decimal("0.5"))
    assert question("order", "uk").topic.code == "referral_nrm"


def test_the_surveys_stand_in_the_first_and_in_the_last_lesson_and_ask_the_same(seeded):
    before, after = (
        Assessment.objects.get(key=pages._survey_of(pages.FIRST_COURSE)(name)) for name in ("before", "after")
    )
    assert (after.compared_with, before.compared_with) == (before, None)
    lessons = LessonPage.objects.filter(locale=Locale.objects.get(language_code="en")).order_by("path")
    assert [before.lesson_id, after.lesson_id] == [lessons.first().translation_key, lessons.last().translation_key]
    for survey in (before, after):
        assert (survey.kind, survey.is_required) == ("survey", False)
        assert [row.question_key for row in survey.bank.all()] == [pages.key("question", "sure")]
    test = Assessment.objects.get(kind="test")
    questions = pages.load("counter-trafficking", "en")["questions"]
    assert (test.bank.count(), test.lesson_id) == (len(questions), lessons.last().translation_key)


def test_seeding_again_changes_no_survey(seeded):
    def facts():
        return list(
            Assessment.objects.order_by("key").values_list("key", "kind", "compared_with", "bank__question_key")
        )

    before = facts()
    pages.seed_pages()
    assert facts() == before
