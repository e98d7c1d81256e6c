"""The reports of the Training menu."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from i18nfield.strings import LazyI18nString
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from courses import reports
from courses.models import Course, Question
from tests.courses import trees
from tests.courses.factories import AssessmentFactory, LessonFactory, QuestionFactory
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db

LANGUAGES, MISSING = "oberih_courses_languages", "oberih_courses_missing"


@pytest.fixture
def reader(client):
    user = StaffFactory()
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "view_course", "change_assessment"])
    )
    client.force_login(user)
    return user


def states():
    return {
        row.language: (row.state, row.translated, row.lessons, row.outdated) for row in reports.course_languages()
    }


def translated(page):
    """Translate as a translator does: through wagtail-localize, every text by the same word."""
    locale = Locale.objects.get(language_code="uk")
    source, _created = TranslationSource.update_or_create_from_instance(page)
    translation, _created = Translation.objects.get_or_create(source=source, target_locale=locale)
    for segment in source.stringsegment_set.select_related("context"):
        text = f"slug-{page.pk}" if segment.context.path == "slug" else "переклад"
        StringTranslation.objects.update_or_create(
            translation_of_id=segment.string_id,
            locale=locale,
            context_id=segment.context_id,
            defaults={"data": text},
        )
    translation.save_target(publish=False)
    trees.publish(page.get_translation(locale))


def test_a_course_in_one_language_is_not_there_in_the_other(index):
    trees.course(index)
    assert states() == {"English": ("published", 2, 2, 0), "Українська": ("absent", 0, 2, 0)}


def test_lessons_are_counted_language_by_language(index):
    page, module, (first, _second) = trees.course(index)
    trees.in_ukrainian(page, module, first)
    assert states()["Українська"] == ("published", 1, 2, 0)


def test_a_draft_is_no_translation(index):
    page, module, lessons = trees.course(index)
    copies = trees.in_ukrainian(page, module, *lessons)
    copies[-1].unpublish()
    assert states()["Українська"] == ("published", 1, 2, 0)
    copies[0].unpublish()
    assert states()["Українська"][0] == "draft"


def test_an_alias_is_no_translation(index):
    page, module, lessons = trees.course(index)
    copies = trees.in_ukrainian(page, module, *lessons)
    Page.objects.filter(pk=copies[-1].pk).update(alias_of=lessons[-1])
    assert states()["Українська"] == ("published", 1, 2, 0)


def test_what_the_original_says_since_is_out_of_date(index):
    page, module, lessons = trees.course(index)
    trees.in_ukrainian(page, module, *lessons)
    trees.publish(lessons[0])
    assert states()["Українська"] == ("published", 2, 2, 1)


def test_a_text_that_translators_have_not_seen_is_out_of_date(index):
    page, module, lessons = trees.course(index)
    for one in (page, module, *lessons):
        translated(one)
    assert states()["Українська"] == ("published", 2, 2, 0)
    lessons[0].title = "Other words"
    trees.publish(lessons[0])
    assert states()["Українська"][3] == 1
    # The translators are given the text; one sentence of it waits for its words.
    TranslationSource.update_or_create_from_instance(lessons[0])
    assert states()["Українська"][3] == 1
    translated(lessons[0])
    assert states()["Українська"][3] == 0


def test_the_questions_of_a_course_are_counted(index):
    page, _module, _lessons = trees.course(index)
    question, other = QuestionFactory(), QuestionFactory()
    QuestionFactory(translation_key=question.translation_key, locale=Locale.objects.get(language_code="uk"))
    AssessmentFactory(course=Course.objects.get(key=page.translation_key), questions=[question, other])
    assert [(row.language, row.worded, row.questions) for row in reports.course_languages()] == [
        ("English", 2, 2),
        ("Українська", 1, 2),
    ]


def test_the_report_is_filtered_and_exported(reader, client, index):
    trees.course(index)
    todo = client.get(reverse(LANGUAGES), {"state": "todo"})
    assert [row.language for row in todo.context["object_list"]] == ["Українська"]
    nothing = client.get(reverse(LANGUAGES), {"title": "no such"})
    assert list(nothing.context["object_list"]) == []
    lines = b"".join(client.get(reverse(LANGUAGES), {"export": "csv"}).streaming_content).decode().splitlines()
    assert lines[0].startswith("Course,Language,State,Lessons,Lessons in this language,")
    assert [line.split(",")[1:6] for line in lines[1:]] == [
        ["English", "Published", "2", "2", "0"],
        ["Українська", "Not there", "2", "0", "0"],
    ]
    assert client.get(reverse(LANGUAGES), {"export": "xlsx"}).status_code == 200


def test_an_assessment_without_faults_is_not_in_the_report(locales):
    questions = [QuestionFactory(), QuestionFactory()]
    for question in questions:
        QuestionFactory(translation_key=question.translation_key, locale=locales[1])
    AssessmentFactory(questions=questions, draw=2, lesson=LessonFactory())
    assert reports.findings() == []


def test_the_report_names_what_is_missing(locales):
    asked, wrong = QuestionFactory(text="Asked?"), QuestionFactory(text="Keyless?", right="")
    QuestionFactory(translation_key=asked.translation_key, locale=locales[1])
    AssessmentFactory(title=LazyI18nString({"en": "Final"}), questions=[asked, wrong], draw=2)
    assert [(row.kind, row.what, row.language) for row in reports.findings()] == [
        ("place", "No published lesson holds this assessment, so nobody can take it.", ""),
        ("answer", "“Keyless?” is not finished and is left out: Mark exactly one answer as right.", ""),
        ("few", "It draws 2 questions, and only 1 can be asked.", ""),
        ("language", "Its title is not translated.", "Українська"),
        ("language", "“Keyless?” is not translated.", "Українська"),
    ]


def test_questions_that_are_gone_are_named(locales):
    question = QuestionFactory()
    AssessmentFactory(questions=[question], lesson=LessonFactory())
    Question.objects.all().delete()
    assert [row.what for row in reports.findings()] == [
        "A question that was chosen is gone from the bank.",
        "It has no question that can be asked.",
    ]


def test_findings_are_filtered_by_kind(reader, client, locales):
    AssessmentFactory(questions=[QuestionFactory()])
    shown = client.get(reverse(MISSING), {"kind": "language"}).context["object_list"]
    assert {row.kind for row in shown} == {"language"}


def test_an_empty_report_says_that_nothing_is_missing(reader, client, locales):
    assert "Nothing is missing" in client.get(reverse(MISSING)).content.decode()


@pytest.mark.parametrize("name", [LANGUAGES, MISSING, f"{LANGUAGES}_results", f"{MISSING}_results"])
def test_reports_are_for_who_may_see_courses(client, locales, name):
    user = StaffFactory()
    user.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    client.force_login(user)
    assert client.get(reverse(name)).status_code == 302
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "view_course", "view_assessment"])
    )
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("rows", [reports.course_languages, reports.findings])
def test_reports_take_as_many_statements_with_thirty_rows(index, rows):
    def add(count):
        for number in range(count):
            page = trees.add(index, trees.CoursePage(title=f"Course {count} {number}", summary="About."))
            course = Course.objects.get(key=page.translation_key)
            AssessmentFactory(course=course, questions=[QuestionFactory()])

    def statements():
        with CaptureQueriesContext(connection) as captured:
            list(rows())
        return len(captured)

    add(3)
    with_three = statements()
    add(27)
    assert statements() == with_three


def test_times_of_publication_tell_what_is_older(index):
    page, module, lessons = trees.course(index)
    trees.in_ukrainian(page, module, *lessons)
    Page.objects.filter(pk=lessons[0].pk).update(last_published_at=timezone.now() + dt.timedelta(hours=1))
    assert states()["Українська"][3] == 1
