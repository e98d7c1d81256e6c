import pytest
from django.contrib.auth import get_user_model
from django.test import RequestFactory
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation

from cms.demo import pages, surveys
from cms.models import CoursePage, HomePage, LessonPage
from courses.models import Assessment, Course, Lesson, Question
from tests.factories import give_factor

pytestmark = pytest.mark.django_db


def words(page):
    """What a reader sees of a lesson, with the block ids that answers hang on."""
    return page.title, page.summary, list(page.body.raw_data)


def block_ids(value):
    if isinstance(value, dict):
        own = [value["id"]] if "id" in value else []
        return own + [found for inner in value.values() for found in block_ids(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in block_ids(inner)]
    return []


@pytest.mark.parametrize("name", pages.COURSES)
def test_the_demo_site_has_courses_in_two_languages(demo, name):
    versions = {language: pages.load(name, language) for language in pages.LANGUAGES}
    course = Course.objects.get(key=pages.key("course", versions["en"]["course"]["key"]))
    lessons = list(course.lessons.filter(archived_at=None))
    assert course.title.data == {language: content["course"]["title"] for language, content in versions.items()}
    assert [lesson.title.data for lesson in lessons] == [
        {"en": en["title"], "uk": uk["title"]}
        for en_module, uk_module in zip(*(content["modules"] for content in versions.values()), strict=True)
        for en, uk in zip(en_module["lessons"], uk_module["lessons"], strict=True)
    ]
    assessment = course.assessments.get(kind="test")
    assert (assessment.lesson, assessment.bank.count()) == (lessons[-1], len(versions["en"]["questions"]))


def test_the_demo_site_is_published_as_a_whole(demo):
    assert Course.objects.count() == len(pages.COURSES)
    assert set(Page.objects.filter(depth__gt=1).values_list("live", flat=True)) == {True}


def test_seeding_again_changes_nothing(demo):
    page = CoursePage.objects.filter(locale__language_code="en").first()
    page.title = "Renamed by an editor"
    page.save_revision().publish()
    before = list(Page.objects.order_by("path").values_list("path", "title", "latest_revision"))
    pages.seed_pages()
    assert list(Page.objects.order_by("path").values_list("path", "title", "latest_revision")) == before
    asked = [surveys.all_questions(pages.load(name, "en")) for name in pages.COURSES]
    assert Question.objects.count() == len(pages.LANGUAGES) * sum(map(len, asked))


def test_block_ids_are_the_same_in_both_languages(demo):
    for english in LessonPage.objects.filter(locale__language_code="en"):
        ukrainian = english.get_translation(Locale.objects.get(language_code="uk"))
        assert block_ids(list(ukrainian.body.raw_data)) == block_ids(list(english.body.raw_data))
    for question in Question.objects.filter(locale__language_code="en"):
        translated = question.get_translation(Locale.objects.get(language_code="uk"))
        assert (translated.option_ids, translated.correct_ids) == (question.option_ids, question.correct_ids)


def test_a_translator_publishes_the_same_ukrainian_page_again(demo, django_capture_on_commit_callbacks):
    ukrainian = LessonPage.objects.filter(locale__language_code="uk").first()
    before = words(ukrainian)
    translation = Translation.objects.get(
        source__object__translation_key=ukrainian.translation_key, target_locale__language_code="uk"
    )
    assert translation.get_progress()[0] == translation.get_progress()[1] > 10
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(publish=True)
    assert words(LessonPage.objects.get(pk=ukrainian.pk)) == before
    assert not StringTranslation.objects.filter(has_error=True).exists()


def test_what_completes_a_course_is_not_a_translators_decision(demo, django_capture_on_commit_callbacks):
    english = LessonPage.objects.filter(locale__language_code="en").first()
    english.is_required = False
    english.save_revision().publish()
    translation = Translation.objects.get(source__object__translation_key=english.translation_key)
    with django_capture_on_commit_callbacks(execute=True):
        translation.source.update_from_db()
        translation.save_target(publish=True)
    assert english.get_translation(translation.target_locale).specific.is_required is False
    assert Lesson.objects.get(key=english.translation_key).is_required is False


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_page_of_the_site_opens(demo, client, language):
    statuses = {
        page.get_url(): client.get(page.get_url()).status_code
        for page in Page.objects.filter(depth__gt=1, locale__language_code=language).specific()
    }
    assert statuses == dict.fromkeys(statuses, 200)
    modules = [module for name in pages.COURSES for module in pages.load(name, language)["modules"]]
    lessons = sum(len(module["lessons"]) for module in modules)
    # Beside the courses: the front page, the list of courses, the page about the site.
    assert len(statuses) == 3 + len(pages.COURSES) + len(modules) + lessons


def test_the_menu_speaks_the_readers_language(demo, client):
    from cms.menus import pages as menu

    request = RequestFactory().get("/uk/")
    request.LANGUAGE_CODE = "uk"
    assert [item.label for item in menu(request)] == ["Курси", "Про цей сайт"]


class TestEditor:
    @pytest.fixture
    def editor(self, demo, client):
        user = give_factor(get_user_model().objects.create_user("editor@example.org", "x", is_staff=False))
        pages.seed_editor(user)
        pages.seed_editor(user)
        client.force_login(user)
        return user

    def test_an_editor_finds_pages_bank_and_translations(self, editor, client):
        home = HomePage.objects.get(locale__language_code="uk")
        question, assessment = Question.objects.first(), Assessment.objects.first()
        urls = [
            reverse("wagtailadmin_explore", args=[home.pk]),
            reverse(
                "wagtailadmin_pages:edit", args=[LessonPage.objects.filter(locale__language_code="uk").first().pk]
            ),
            reverse(
                "wagtailadmin_pages:edit", args=[LessonPage.objects.filter(locale__language_code="en").last().pk]
            ),
            reverse("wagtailsnippets_oberih_courses_question:list"),
            reverse("wagtailsnippets_oberih_courses_question:edit", args=[question.pk]),
            reverse("wagtailsnippets_oberih_courses_assessment:list"),
            reverse("wagtailsnippets_oberih_courses_assessment:edit", args=[assessment.pk]),
            reverse("oberih_courses_course:index"),
            reverse("oberih_courses_course:inspect", args=[Course.objects.first().pk]),
        ]
        assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)

    def test_nobody_edits_a_course_row_by_hand(self, editor, client):
        course = Course.objects.get(key=pages.key("course", pages.FIRST_COURSE))
        url = reverse("oberih_courses_course:edit", args=[course.pk])
        form = {"title_0": "Other", "code": "other", "access": "open", "project": "", "days_to_complete": ""}
        assert client.post(url, form).status_code == 302
        course.refresh_from_db()
        assert str(course.title) == "Counter-trafficking in emergencies"

    def test_an_editor_changes_the_bank_of_an_assessment(self, editor, client):
        assessment = Assessment.objects.get(key=pages.key("assessment", pages.FIRST_COURSE))
        kept = [str(row.question_key) for row in assessment.bank.all()[:11]]
        url = reverse("wagtailsnippets_oberih_courses_assessment:edit", args=[assessment.pk])
        form = {
            "title_0": "Final",
            "title_1": "Підсумок",
            "kind": "test",
            "cooling_minutes": "0",
            "shows_answers": "own",
            "pass_percent": 70,
            "draw": 10,
            "attempts_allowed": "",
            "is_required": "on",
        }
        refused = client.post(url, {**form, "questions": kept[:5]})
        assert refused.status_code == 200
        assert Assessment.objects.get(pk=assessment.pk).pass_percent == 80
        saved = client.post(url, {**form, "questions": kept})
        assert saved.status_code == 302
        assessment.refresh_from_db()
        assert (assessment.title.data, assessment.pass_percent) == ({"en": "Final", "uk": "Підсумок"}, 70)
        assert [str(row.question_key) for row in assessment.bank.all()] == kept

    def test_charlie_without_the_group_sees_no_admin(self, demo, client):
        charlie = get_user_model().objects.create_user("charlie@example.org", "x")
        client.force_login(charlie)
        url = reverse("wagtailsnippets_oberih_courses_question:list")
        assert client.get(url).status_code == 302
