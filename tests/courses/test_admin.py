import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from courses.models import Assessment, Question
from courses.templatetags.oberih_courses_preview import preview_of
from tests.courses.factories import AssessmentFactory, EnrolmentFactory, LessonFactory, QuestionFactory
from tests.factories import StaffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("locales")]

QUESTION, ASSESSMENT = "wagtailsnippets_oberih_courses_question", "wagtailsnippets_oberih_courses_assessment"


@pytest.fixture
def writer(client):
    user = StaffFactory()
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="oberih_courses")
        | Permission.objects.filter(codename="access_admin")
    )
    client.force_login(user)
    return user


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def question_data(**fields):
    answers = [
        ("option", {"text": text, "correct": correct, "feedback": "why"})
        for text, correct in (("Yes, always", "on"), ("No", ""))
    ]
    return nested_form_data({"kind": "true_false", "text": "Is it so?", "options": streamfield(answers), **fields})


def assessment_data(questions, **fields):
    return {
        "title_0": "Final",
        "title_1": "Підсумок",
        "title_2": "",
        "intro_0": "",
        "intro_1": "",
        "intro_2": "",
        "questions": [str(one.translation_key) for one in questions],
        "pass_percent": "80",
        "is_required": "on",
        **fields,
    }


def test_a_question_is_written(writer, client):
    assert client.post(reverse(f"{QUESTION}:add"), question_data()).status_code == 302
    question = Question.objects.get()
    assert (question.text, len(question.correct_ids), question.locale.language_code) == ("Is it so?", 1, "en")


def test_a_question_is_previewed_before_it_is_saved(writer, client):
    question = QuestionFactory()
    url = reverse(f"{QUESTION}:preview_on_edit", args=[question.pk])
    assert client.post(url, question_data()).json() == {"is_valid": True, "is_available": True}
    page = text_of(client.get(url))
    assert ("Is it so?" in page, "Yes, always" in page, "why" in page, "Right" in page) == (
        True,
        True,
        False,
        False,
    )
    with_key = text_of(client.get(url, {"mode": "key"}))
    assert "Only editors see the right answers" in with_key
    assert "Right : Yes, always — why" in with_key
    question.refresh_from_db()
    assert question.text != "Is it so?"


def test_a_new_question_is_previewed(writer, client):
    url = reverse(f"{QUESTION}:preview_on_add")
    assert client.post(url, question_data()).json()["is_valid"] is True
    assert "Is it so?" in text_of(client.get(url))


def test_a_question_is_previewed_in_its_own_language(writer, client, locales):
    question = QuestionFactory(locale=locales[1])
    url = reverse(f"{QUESTION}:preview_on_edit", args=[question.pk])
    client.post(url, question_data())
    page = client.get(url).content.decode()
    assert '<html lang="uk"' in page


def test_an_assessment_is_previewed_with_what_is_chosen_in_the_form_and_in_each_language(writer, client, locales):
    kept, chosen = QuestionFactory(text="The kept one?"), QuestionFactory(text="The chosen one?")
    QuestionFactory(text="Вибране?", translation_key=chosen.translation_key, locale=locales[1])
    assessment = AssessmentFactory(questions=[kept])
    url = reverse(f"{ASSESSMENT}:preview_on_edit", args=[assessment.pk])
    client.post(url, assessment_data([chosen]))
    english, ukrainian = (text_of(client.get(url, {"mode": code})) for code in ("en", "uk"))
    assert ("The chosen one?" in english, "The kept one?" in english, "Final" in english) == (True, False, True)
    assert ("Вибране?" in ukrainian, "Підсумок" in ukrainian) == (True, True)


def test_a_new_assessment_is_saved_with_its_questions(writer, client):
    questions = [QuestionFactory(), QuestionFactory()]
    refused = client.post(reverse(f"{ASSESSMENT}:add"), assessment_data(questions, draw="3"))
    assert refused.context["form"].errors["draw"] == ["Only 2 questions are chosen."]
    assert client.post(reverse(f"{ASSESSMENT}:add"), assessment_data(questions, draw="2")).status_code == 302
    assessment = Assessment.objects.get()
    assert [row.question_key for row in assessment.bank.all()] == [one.translation_key for one in questions]


def test_a_stranger_sees_no_preview_and_so_no_key(client):
    url = reverse(f"{QUESTION}:preview_on_edit", args=[QuestionFactory().pk])
    assert client.get(url, {"mode": "key"}).status_code == 302
    user = StaffFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_question"]))
    client.force_login(user)
    assert client.get(url, {"mode": "key"}).status_code == 302


def test_a_preview_reads_the_bank_once(django_assert_num_queries):
    assessment = AssessmentFactory(questions=[QuestionFactory() for _number in range(30)])
    with django_assert_num_queries(3):
        shown = preview_of(assessment)
    assert len(shown) == 30


def bulk(instances):
    model = instances[0]
    address = reverse("wagtail_bulk_action", args=[model._meta.app_label, model._meta.model_name, "delete"])
    return address + "?" + "&".join(f"id={instance.pk}" for instance in instances)


def test_a_question_of_an_assessment_is_not_deleted_alone_or_with_its_translations(writer, client, locales):
    question = QuestionFactory()
    translated = QuestionFactory(translation_key=question.translation_key, locale=locales[1])
    AssessmentFactory(questions=[question])
    client.post(bulk([question, translated]))
    assert Question.objects.count() == 2
    client.post(reverse(f"{QUESTION}:delete", args=[translated.pk]))
    client.post(reverse(f"{QUESTION}:delete", args=[question.pk]))
    assert list(Question.objects.all()) == [question]


def test_a_question_that_nothing_uses_is_deleted(writer, client):
    question = QuestionFactory()
    client.post(reverse(f"{QUESTION}:delete", args=[question.pk]))
    assert Question.objects.count() == 0


def test_an_assessment_that_is_taken_or_stands_in_a_lesson_is_not_deleted(writer, client):
    taken, placed, loose = AssessmentFactory(), AssessmentFactory(lesson=LessonFactory()), AssessmentFactory()
    taken.attempts.create(
        enrolment=EnrolmentFactory(course=taken.course), number=1, pass_percent=80, language="en"
    )
    for assessment in (taken, placed, loose):
        client.post(reverse(f"{ASSESSMENT}:delete", args=[assessment.pk]))
    assert set(Assessment.objects.all()) == {taken, placed}
    assert client.post(bulk([taken])).status_code == 302
    assert set(Assessment.objects.all()) == {taken, placed}


def test_the_bank_is_filtered_by_assessment(writer, client):
    mine, other = QuestionFactory(text="Mine?"), QuestionFactory(text="Other?")
    assessment = AssessmentFactory(questions=[mine])
    page = text_of(client.get(reverse(f"{QUESTION}:list"), {"assessment": assessment.pk}))
    assert ("Mine?" in page, other.text in page) == (True, False)
