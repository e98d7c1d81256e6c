"""Switching the language in the middle loses nothing and wins no attempt."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from courses import actions
from courses.models import Answer, Assessment, Attempt, Course, Enrolment, Lesson
from tests.courses import trees
from tests.courses.factories import AssessmentFactory, QuestionFactory, one_of_each_kind, right_answers

pytestmark = pytest.mark.django_db


def url(language, name, *args):
    with translation.override(language):
        return reverse(f"oberih_courses:{name}", args=args)


@pytest.fixture
def site(index, learner, locales):
    page, module, lessons = trees.course(index, lessons=1)
    questions = QuestionFactory.create_batch(4)
    for question in questions:
        QuestionFactory(
            locale=locales[1],
            translation_key=question.translation_key,
            text=question.text.replace("Question", "Запитання"),
        )
    assessment = AssessmentFactory(course=None, questions=questions)
    final = trees.add(
        module, trees.lesson("Final", {"type": "assessment", "value": {"assessment": str(assessment.key)}})
    )
    translated = trees.in_ukrainian(page, module, *lessons, final)
    enrolment = actions.enrol(participant=learner, course=Course.objects.get())
    return enrolment, assessment, [*lessons, final], translated


def test_half_in_english_half_in_ukrainian_is_one_attempt_and_one_completion(
    client, site, heard, django_capture_on_commit_callbacks
):
    enrolment, assessment, (lesson, _final), _translated = site
    client.post(url("en", "lesson_done", lesson.translation_key))
    start = client.post(url("en", "assessment", assessment.key))
    attempt = Attempt.objects.get()
    assert start.url == url("en", "attempt", attempt.uuid)
    right = {f"q-{key}": chosen[0] for key, chosen in right_answers(attempt).items()}
    first, second = dict(list(right.items())[:2]), dict(list(right.items())[2:])
    client.post(start.url, {**first, "wish": "later"})

    assert client.post(url("uk", "assessment", assessment.key)).url == url("uk", "attempt", attempt.uuid)
    page = client.get(url("uk", "attempt", attempt.uuid)).content.decode()
    assert page.count("Запитання") >= 4
    assert page.count("checked") == 2
    with django_capture_on_commit_callbacks(execute=True):
        result = client.post(url("uk", "attempt", attempt.uuid), {**first, **second, "wish": "hand_in"})
    assert result.url == url("uk", "result", attempt.uuid)
    assert client.get(result.url).status_code == 200

    assert list(Attempt.objects.values_list("number", "points", "points_possible", "passed", "language")) == [
        (1, 4, 4, True, "uk")
    ]
    assert sorted(Answer.objects.values_list("language", flat=True)) == ["en", "en", "uk", "uk"]
    assert list(Enrolment.objects.values_list("pk", "completed_language")) == [(enrolment.pk, "uk")]
    assert heard == [("assessment_passed", attempt.pk), ("course_completed", enrolment.pk)]


def posted(drawn, attempt):
    """What a browser sends of these questions when they are answered rightly."""
    data = {}
    for item in drawn:
        name, right = f"q-{item['key']}", right_answers(attempt)[item["key"]]
        if item["kind"] == "ordering":
            data |= {f"{name}_{n}": str(right.index(one) + 1) for n, one in enumerate(item["options"])}
        elif item["kind"] == "matching":
            data |= {f"{name}_{n}": dict(right)[one] for n, one in enumerate(item["options"])}
        else:
            data[name] = right if item["kind"] == "multiple" else right[0]
    return data


def test_begun_in_english_continued_in_ukrainian_finished_in_arabic_is_one_attempt_and_one_completion(
    client, site, locales, heard, django_capture_on_commit_callbacks
):
    enrolment, _final, (lesson, _page), _translated = site
    questions = one_of_each_kind()
    for question in questions:
        QuestionFactory(
            locale=locales[1],
            translation_key=question.translation_key,
            kind=question.kind,
            text="Запитання?",
            letters="abcd"[: len(question.options)],
            right=""
            if question.kind in {"ordering", "matching", "short_text"}
            else "ab"[: len(question.correct_ids)],
            matches=["один", "два", "три"],
            number=question.number,
            tolerance=question.tolerance,
        )
    Assessment.objects.update(is_required=False)
    assessment = AssessmentFactory(course=enrolment.course, questions=questions)
    client.post(url("en", "lesson_done", lesson.translation_key))
    Lesson.objects.exclude(pk=lesson.translation_key).update(is_required=False)
    client.post(url("en", "assessment", assessment.key))
    attempt = Attempt.objects.get()

    half, quarter = attempt.drawn[:4], attempt.drawn[4:6]
    client.post(url("en", "attempt", attempt.uuid), {**posted(half, attempt), "wish": "later"})
    client.post(url("uk", "assessment", assessment.key))
    page = client.get(url("uk", "attempt", attempt.uuid)).content.decode()
    assert page.count("Запитання?</l") == 7
    # A page sends all that it shows, also what was answered in another language.
    client.post(url("uk", "attempt", attempt.uuid), {**posted([*half, *quarter], attempt), "wish": "later"})
    arabic = client.get(url("ar", "attempt", attempt.uuid)).content.decode()
    assert '<html lang="ar" dir="rtl">' in arabic
    # Nothing is written in Arabic: the questions are as they were written first, and say so.
    assert arabic.count('<div lang="en" dir="ltr">') == 7
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(
            url("ar", "attempt", attempt.uuid), {**posted(attempt.drawn, attempt), "wish": "hand_in"}
        )
    assert done.url == url("ar", "result", attempt.uuid)
    assert client.get(done.url).status_code == 200

    rows = Attempt.objects.values_list("number", "points", "points_possible", "passed", "language")
    assert list(rows) == [(1, 7, 7, True, "ar")]
    languages = {str(item): language for item, language in Answer.objects.values_list("item", "language")}
    assert [languages[item["key"]] for item in attempt.drawn] == ["en"] * 4 + ["uk"] * 2 + ["ar"]
    assert Answer.objects.count() == 7
    assert list(Enrolment.objects.values_list("pk", "completed_language")) == [(enrolment.pk, "ar")]
    assert heard == [("assessment_passed", attempt.pk), ("course_completed", enrolment.pk)]


def test_a_word_may_be_written_in_either_language(client, site, locales):
    enrolment, *_rest = site
    question = QuestionFactory(kind="short_text", right="", letters="a", text="Where?")
    QuestionFactory(
        kind="short_text",
        right="",
        letters="a",
        text="Де?",
        translation_key=question.translation_key,
        locale=locales[1],
    )
    for written in ("where? A", "де? a"):
        assessment = AssessmentFactory(course=enrolment.course, questions=[question])
        attempt_url = client.post(url("en", "assessment", assessment.key)).url
        client.post(attempt_url, {f"q-{question.translation_key}": written, "wish": "hand_in"})
    assert list(Attempt.objects.values_list("passed", flat=True)) == [True, True]


def test_a_lesson_read_in_one_language_is_read_in_the_other(client, site):
    _enrolment, _assessment, (lesson, _final), translated = site
    client.post(url("en", "lesson_done", lesson.translation_key))
    ukrainian = next(page for page in translated if page.translation_key == lesson.translation_key)
    context = client.get(ukrainian.get_url()).context_data
    assert context["step"].is_done
    assert {one["code"]: one["url"] for one in context["translations"]} == {
        "en": lesson.get_url(),
        "uk": ukrainian.get_url(),
        # Nothing is written in Arabic; the English lesson is shown there, in an Arabic page.
        "ar": lesson.get_url().replace("/en/", "/ar/"),
    }


def test_missing_answers_are_pointed_out_before_handing_in(client, site):
    _enrolment, assessment, _lessons, _translated = site
    attempt_url = client.post(url("en", "assessment", assessment.key)).url
    attempt = Attempt.objects.get()
    key, chosen = next(iter(right_answers(attempt).items()))
    response = client.post(attempt_url, {f"q-{key}": chosen[0], "wish": "hand_in"})
    assert response.status_code == 200
    assert len(response.context["missing"]) == 3
    assert actions.chosen_in(attempt) == {key: chosen}
    response = client.post(attempt_url, {f"q-{key}": chosen[0], "wish": "hand_in_anyway"})
    attempt.refresh_from_db()
    assert (attempt.points, attempt.passed) == (1, False)
    result = client.get(response.url).content.decode()
    assert result.count("Not answered.") == 3


def test_answers_are_saved_on_the_way_and_the_attempt_goes_on_where_one_was(client, site):
    enrolment, _assessment, _lessons, _translated = site
    questions = QuestionFactory.create_batch(7)
    assessment = AssessmentFactory(course=enrolment.course, questions=questions)
    attempt_url = client.post(url("en", "assessment", assessment.key)).url
    assert client.get(attempt_url).content.decode().count('value="keep"') == 1
    attempt = Attempt.objects.get(assessment=assessment)
    first, second, third, *_rest = attempt.drawn
    given = {f"q-{item['key']}": item["correct"][0] for item in (first, second)}
    response = client.post(attempt_url, {**given, "wish": "keep"})
    assert response.url == f"{attempt_url}#id_q-{third['key']}_0"
    assert set(actions.chosen_in(attempt)) == {first["key"], second["key"]}
    page = client.get(attempt_url).content.decode()
    assert "2 of 7 questions answered" in page
    assert f'href="{response.url}"' in page


def test_a_question_that_is_not_translated_is_shown_as_it_was_written(client, site):
    enrolment, _assessment, _lessons, _translated = site
    question = QuestionFactory(text="Only in English?")
    assessment = AssessmentFactory(course=enrolment.course, questions=[question])
    attempt_url = client.post(url("uk", "assessment", assessment.key)).url
    assert "Only in English?" in client.get(attempt_url).content.decode()
    assert Attempt.objects.get().drawn[0]["key"] == str(question.translation_key)


def test_the_key_never_reaches_the_browser(client, site):
    _enrolment, assessment, _lessons, _translated = site
    page = client.get(client.post(url("en", "assessment", assessment.key)).url).content.decode()
    assert "about a" not in page
    assert "correct" not in page


def test_the_attempt_page_costs_the_same_for_three_questions_and_for_thirty(client, site):
    enrolment, *_rest = site
    counts = []
    for count in (3, 30):
        assessment = AssessmentFactory(course=enrolment.course, questions=QuestionFactory.create_batch(count))
        attempt = actions.start_attempt(enrolment=enrolment, assessment=assessment, language="en")
        client.get(url("en", "attempt", attempt.uuid))
        with CaptureQueriesContext(connection) as shown:
            client.get(url("en", "attempt", attempt.uuid))
        actions.submit_attempt(attempt=attempt, language="en")
        client.get(url("en", "result", attempt.uuid))
        with CaptureQueriesContext(connection) as result:
            client.get(url("en", "result", attempt.uuid))
        counts.append((len(shown), len(result)))
    assert counts[0] == counts[1]


def test_who_reads_in_a_language_without_content_keeps_their_own_chrome(client, site):
    _enrolment, _assessment, (lesson, final), _translated = site
    address = lesson.get_url().replace("/en/", "/ar/")
    page = client.get(address)
    assert page.context_data["after"].url == final.get_url().replace("/en/", "/ar/")
    assert page.context_data["way"].url.startswith("/ar/")
    content = page.content.decode()
    assert '<html lang="ar" dir="rtl">' in content
    assert f'<h1 lang="en" dir="ltr">{lesson.title}</h1>' in content
