import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from courses.models import Assessment, Question
from courses.templatetags.oberih_courses_preview import preview_of
from participants.models import Topic
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


def question_data(*, answers=(("Yes, always", "", "on"), ("No", "", "")), **fields):
    options = [
        ("option", {"text": text, "match": match, "correct": correct, "feedback": "why"})
        for text, match, correct in answers
    ]
    return nested_form_data(
        {
            "kind": "true_false",
            "text": "Is it so?",
            "options": streamfield(options),
            "number": "",
            "tolerance": "0",
            "points": "1",
            "topic": "",
            **fields,
        }
    )


def assessment_data(questions, **fields):
    return {
        "title_0": "Final",
        "title_1": "Підсумок",
        "title_2": "",
        "intro_0": "",
        "intro_1": "",
        "intro_2": "",
        "questions": [str(one.translation_key) for one in questions],
        "kind": "test",
        "pass_percent": "80",
        "cooling_minutes": "0",
        "shows_answers": "own",
        "is_required": "on",
        **fields,
    }


def test_a_question_is_written(writer, client):
    assert client.post(reverse(f"{QUESTION}:add"), question_data()).status_code == 302
    question = Question.objects.get()
    assert (question.text, len(question.correct_ids), question.locale.language_code) == ("Is it so?", 1, "en")


THREE = (("one", "", ""), ("two", "", ""), ("three", "", ""))
KINDS = {
    "ordering": {"answers": THREE},
    "matching": {"answers": (("102", "Police", ""), ("527", "Hotline", ""))},
    "short_text": {"answers": (("Palermo", "", ""),)},
    "numeric": {"answers": (), "number": "18", "tolerance": "1", "points": "2"},
    "likert": {"answers": ()},
    "open": {"answers": ()},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_each_kind_is_written_and_previewed(writer, client, kind):
    data = question_data(kind=kind, **KINDS[kind])
    assert client.post(reverse(f"{QUESTION}:add"), data).status_code == 302
    question = Question.objects.get()
    assert (question.kind, question.problem) == (kind, None)
    url = reverse(f"{QUESTION}:preview_on_edit", args=[question.pk])
    client.post(url, data)
    shown = {
        "ordering": ("three", "In this order."),
        "matching": ("Police", "527 → Hotline"),
        "short_text": ("Is it so?", "Palermo"),
        "numeric": ("Is it so?", "18, up to 1 off"),
        "likert": ("I fully agree", "Nothing is right or wrong here."),
        "open": ("Is it so?", "A trainer decides."),
    }[kind]
    assert shown[0] in text_of(client.get(url))
    assert shown[1] in text_of(client.get(url, {"mode": "key"}))


UNFINISHED = {
    "ordering": (("one", "", ""),),
    "matching": (("102", "Police", ""), ("527", "", "")),
    "short_text": (),
    "numeric": (),
    "likert": (("one", "", ""),),
    "single": (("one", "", "on"), ("two", "", "on")),
}


@pytest.mark.parametrize("kind", UNFINISHED)
def test_an_editor_is_told_what_a_question_of_the_kind_lacks(writer, client, kind):
    refused = client.post(reverse(f"{QUESTION}:add"), question_data(kind=kind, answers=UNFINISHED[kind]))
    assert list(refused.context["form"].errors) == ["number" if kind == "numeric" else "options"]
    assert Question.objects.count() == 0


def test_a_question_without_a_finished_answer_is_previewed_all_the_same(writer, client):
    url = reverse(f"{QUESTION}:preview_on_add")
    for kind, answers in UNFINISHED.items():
        client.post(url, question_data(kind=kind, answers=answers))
        assert client.get(url).status_code == 200


def test_a_new_version_begins_when_what_is_right_changes(writer, client):
    client.post(reverse(f"{QUESTION}:add"), question_data(kind="numeric", **KINDS["numeric"]))
    question = Question.objects.get()
    url = reverse(f"{QUESTION}:edit", args=[question.pk])
    client.post(url, question_data(kind="numeric", **KINDS["numeric"]))
    topic = Topic.objects.create(code="some", label={"en": "Some"})
    client.post(url, question_data(kind="numeric", **KINDS["numeric"], topic=topic.pk))
    question.refresh_from_db()
    assert (question.version, question.topic) == (1, topic)
    client.post(url, question_data(kind="numeric", **{**KINDS["numeric"], "number": "16"}))
    question.refresh_from_db()
    assert (question.version, question.number) == (2, 16)


def test_the_bank_is_filtered_by_topic_and_kind(writer, client):
    topic = Topic.objects.create(code="some", label={"en": "Some"})
    mine, other = QuestionFactory(text="Mine?", topic=topic), QuestionFactory(text="Other?", kind="multiple")
    for wanted in ({"topic": topic.pk}, {"kind": "single"}):
        page = text_of(client.get(reverse(f"{QUESTION}:list"), wanted))
        assert (mine.text in page, other.text in page) == (True, False)


def test_a_scale_is_asked_in_surveys_alone(writer, client):
    scale = QuestionFactory(kind="likert", letters="", right="")
    refused = client.post(reverse(f"{ASSESSMENT}:add"), assessment_data([scale]))
    assert refused.context["form"].errors["questions"] == [
        "“How much somebody agrees” has no right answer: ask it in a survey."
    ]
    assert client.post(reverse(f"{ASSESSMENT}:add"), assessment_data([scale], kind="survey")).status_code == 302
    assert Assessment.objects.get().is_survey


def test_how_an_assessment_is_taken_is_written(writer, client):
    before = AssessmentFactory()
    data = assessment_data(
        [QuestionFactory()],
        attempts_allowed="3",
        cooling_minutes="60",
        minutes_allowed="20",
        shuffles_options="on",
        shows_answers="passed",
        compared_with=str(before.pk),
    )
    assert client.post(reverse(f"{ASSESSMENT}:add"), data).status_code == 302
    made = Assessment.objects.exclude(pk=before.pk).get()
    assert (
        made.attempts_allowed,
        made.cooling_minutes,
        made.minutes_allowed,
        made.shuffles_questions,
        made.shuffles_options,
        made.shows_answers,
        made.compared_with,
    ) == (3, 60, 20, False, True, "passed", before)


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
