import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses import actions
from courses.models import Answer, Course, Enrolment, Lesson, LessonProgress, LessonState
from courses.outline import Elsewhere
from participants.models import Participant
from tests.courses import trees
from tests.courses.factories import AssessmentFactory, LearnerFactory, QuestionFactory

pytestmark = pytest.mark.django_db


def taken(learner, page):
    return actions.enrol(participant=learner, course=Course.objects.get(key=page.translation_key))


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_a_stranger_reads_a_lesson_and_nothing_is_kept(client, index):
    _page, _module, (lesson, _second) = trees.course(index)
    response = client.get(lesson.get_url())
    assert response.status_code == 200
    assert "Lesson 1 of 2" in text_of(response)
    assert (LessonProgress.objects.count(), Participant.objects.count()) == (0, 0)


def test_a_course_is_started_with_one_press(client, index, learner):
    page, _module, (first, _second) = trees.course(index)
    response = client.post(reverse("oberih_courses:enrol", args=[page.translation_key]))
    assert (response.status_code, response.url) == (302, first.get_url())
    assert list(Enrolment.objects.values_list("participant", "course", "source")) == [
        (learner.pk, page.translation_key, "self")
    ]


def test_a_stranger_who_presses_start_is_not_enrolled(client, index):
    page, _module, _lessons = trees.course(index)
    response = client.post(reverse("oberih_courses:enrol", args=[page.translation_key]))
    assert (response.status_code, response.url, Enrolment.objects.count()) == (302, page.get_url(), 0)


def test_an_account_without_a_participant_becomes_one_by_starting(client, index):
    page, _module, _lessons = trees.course(index)
    user = get_user_model().objects.create_user("olena@example.org", "x", first_name="Olena")
    client.force_login(user)
    client.post(reverse("oberih_courses:enrol", args=[page.translation_key]))
    assert Enrolment.objects.get().participant == Participant.objects.get(user=user, full_name="Olena")


def test_opening_and_finishing_lessons_advances_to_the_end(client, index, learner):
    page, _module, lessons = trees.course(index)
    enrolment = taken(learner, page)
    client.get(lessons[0].get_url())
    enrolment.refresh_from_db()
    assert enrolment.last_lesson_id == lessons[0].translation_key
    done = [reverse("oberih_courses:lesson_done", args=[lesson.translation_key]) for lesson in lessons]
    assert client.post(done[0]).url == lessons[1].get_url()
    assert client.post(done[1]).url == page.get_url()
    states = LessonProgress.objects.values_list("state", flat=True)
    assert list(states) == [LessonState.COMPLETED, LessonState.COMPLETED]
    enrolment.refresh_from_db()
    assert enrolment.completed_at is not None
    assert "You have completed this course." in text_of(client.get(page.get_url()))


def test_reading_a_lesson_again_writes_nothing(client, index, learner):
    page, _module, (lesson, _second) = trees.course(index)
    taken(learner, page)
    client.get(lesson.get_url())
    with CaptureQueriesContext(connection) as captured:
        client.get(lesson.get_url())
    assert [q["sql"] for q in captured if not q["sql"].startswith("SELECT")] == []


@pytest.fixture
def checked(index):
    """A course with a knowledge check in its third lesson, and the addresses of all kinds of its pages."""
    page, module, lessons = trees.course(index)
    last = trees.add(module, trees.lesson("With a check", trees.check_block()))
    return page, [page.get_url(), module.get_url(), lessons[0].get_url(), last.get_url()]


def test_what_a_stranger_sees_may_be_cached_whole(client, checked):
    _page, urls = checked
    for url in urls:
        response = client.get(url)
        assert "csrfmiddlewaretoken" not in response.content.decode()
        assert "private" not in response.get("Cache-Control", "")
        assert dict(response.cookies) == {}


def test_what_a_learner_sees_is_kept_by_no_shared_cache(client, checked, learner):
    _page, urls = checked
    assert ["private" in client.get(url)["Cache-Control"] for url in urls] == [True] * 4


def test_what_somebody_with_an_account_sees_is_kept_by_no_shared_cache(client, checked):
    _page, urls = checked
    client.force_login(get_user_model().objects.create_user("olena@example.org", "x"))
    assert ["private" in client.get(url)["Cache-Control"] for url in urls] == [True] * 4


class TestKnowledgeCheck:
    @pytest.fixture
    def lesson(self, index):
        self.page, module, _lessons = trees.course(index)
        self.block = trees.check_block(right="b")
        self.options = [option["id"] for option in self.block["value"]["options"]]
        return trees.add(module, trees.lesson("With a check", self.block))

    def post(self, client, lesson, chosen):
        url = reverse("oberih_courses:check", args=[lesson.translation_key, self.block["id"]])
        return client.post(url, {f"check-{self.block['id']}-choice": chosen})

    def ask(self, client, lesson, chosen):
        url = reverse("oberih_courses:check", args=[lesson.translation_key, self.block["id"]])
        return client.get(url, {f"check-{self.block['id']}-choice": chosen} if chosen else {})

    def test_a_stranger_asks_and_is_told_and_nothing_is_kept(self, client, lesson):
        assert '<form method="get"' in client.get(lesson.get_url()).content.decode()
        response = self.ask(client, lesson, self.options[1])
        assert response.status_code == 200
        assert "That is right." in text_of(response)
        assert "why b" in text_of(response)
        assert Answer.objects.count() == 0
        assert "csrfmiddlewaretoken" not in response.content.decode()
        assert dict(response.cookies) == {}
        assert "private" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"

    def test_a_stranger_whose_session_ended_is_told_all_the_same(self, client, lesson):
        assert "That is right." in text_of(self.post(client, lesson, self.options[1]))
        assert Answer.objects.count() == 0

    def test_what_a_learner_asks_by_a_link_is_not_kept(self, client, lesson, learner):
        taken(learner, self.page)
        assert "That is right." in text_of(self.ask(client, lesson, self.options[1]))
        assert Answer.objects.count() == 0

    def test_a_learners_answer_is_posted(self, client, lesson, learner):
        taken(learner, self.page)
        content = client.get(lesson.get_url()).content.decode()
        assert '<form method="get"' not in content
        assert "csrfmiddlewaretoken" in content

    def test_the_key_is_not_in_the_page_before_the_answer(self, client, lesson):
        content = text_of(client.get(lesson.get_url()))
        assert [letter for letter in "abc" if f"why {letter}" in content] == []

    def test_a_learner_comes_back_to_the_block_with_the_answer_kept(self, client, lesson, learner):
        taken(learner, self.page)
        response = self.post(client, lesson, self.options[0])
        assert response.url == f"{lesson.get_url()}#check-{self.block['id']}"
        assert list(Answer.objects.values_list("chosen", "correct")) == [([self.options[0]], False)]
        assert "Not quite. Have another look." in text_of(client.get(lesson.get_url()))
        self.post(client, lesson, self.options[1])
        assert list(Answer.objects.values_list("correct", "is_current")) == [(False, False), (True, True)]

    def test_an_unknown_option_is_refused(self, client, lesson, learner):
        taken(learner, self.page)
        assert self.post(client, lesson, "something else").status_code == 200
        assert Answer.objects.count() == 0

    def test_no_answer_asks_for_one(self, client, lesson):
        assert "Choose an answer first." in text_of(self.ask(client, lesson, ""))

    def test_a_block_that_is_not_there_is_not_found(self, client, lesson):
        url = reverse("oberih_courses:check", args=[lesson.translation_key, lesson.translation_key])
        assert [client.post(url, {}).status_code, client.get(url).status_code] == [404, 404]


def test_the_number_of_statements_does_not_grow_with_lessons(client, index, learner):
    few, _module, few_lessons = trees.course(index, lessons=3)
    many, _module, many_lessons = trees.course(index, lessons=30, slug="many")
    taken(learner, few)
    taken(learner, many)
    client.get(reverse("oberih_courses:learning"))
    assert queries(client, few.get_url()) == queries(client, many.get_url())
    assert queries(client, few_lessons[1].get_url()) == queries(client, many_lessons[20].get_url())
    # In a language without content, each address is made anew.
    few_in_arabic, many_in_arabic = (page.get_url().replace("/en/", "/ar/") for page in (few, many))
    assert queries(client, few_in_arabic) == queries(client, many_in_arabic)
    assert queries(client, few_lessons[1].get_parent().get_url()) == queries(
        client, many_lessons[1].get_parent().get_url()
    )


def test_the_number_of_statements_does_not_grow_with_courses(client, index, learner):
    url = reverse("oberih_courses:learning")
    counts = []
    for number in range(30):
        page, _module, _lessons = trees.course(index, lessons=1, slug=f"course-{number}")
        AssessmentFactory(course=taken(learner, page).course)
        if number in {2, 29}:
            counts.append((queries(client, url), queries(client, index.get_url())))
    assert counts[0] == counts[1]


def test_my_learning_says_what_is_next_and_what_is_missing(client, index, learner):
    page, _module, (first, _second) = trees.course(index)
    enrolment = taken(learner, page)
    AssessmentFactory(course=enrolment.course)
    lesson = Lesson.objects.get(key=first.translation_key)
    actions.read_lesson(enrolment=enrolment, lesson=lesson, language="en")
    content = text_of(client.get(reverse("oberih_courses:learning")))
    assert "1 of 2 lessons done" in content
    assert "1 lesson and the assessment to go" in content
    assert "1 lesson to read Pass Final assessment" in content
    assert "Lesson 2" in content


def test_my_learning_begins_with_the_course_that_was_read_last(client, index, learner):
    pages = [trees.course(index, slug=f"course-{number}") for number in range(3)]
    for page, _module, _lessons in pages:
        page.title = page.slug
        trees.publish(page)
        taken(learner, page)
    client.get(pages[1][2][0].get_url())
    shown = client.get(reverse("oberih_courses:learning")).context["open"]
    assert [one.title for one in shown] == ["course-1", "course-2", "course-0"]
    assert (shown[0].next_title, shown[0].has_started) == ("Lesson 1", True)


def test_the_course_page_says_what_is_missing(client, index, learner):
    page, module, (first, _second) = trees.course(index)
    trees.add(module, trees.lesson("For the curious", is_required=False))
    (ukrainian,) = [
        one for one in trees.in_ukrainian(page, module) if one.translation_key == module.translation_key
    ]
    only = trees.add(ukrainian, trees.lesson("Лише українською", slug="only"))
    enrolment = taken(learner, page)
    assessment = AssessmentFactory(course=enrolment.course)
    actions.read_lesson(enrolment=enrolment, lesson=Lesson.objects.get(key=first.translation_key), language="en")
    response = client.get(page.get_url())
    missing = response.context_data["way"].missing
    assert (missing.lessons, missing.to_read) == (2, 1)
    assert missing.elsewhere == (Elsewhere("Лише українською", only.get_url(), "uk"),)
    assert missing.assessments == (
        {
            "title": "Final assessment",
            "url": reverse("oberih_courses:assessment", args=[assessment.key]),
        },
    )
    content = text_of(response)
    assert "1 lesson to read" in content
    assert "Лише українською Exists only in another language: Українська" in content
    assert "Pass Final assessment" in content
    assert "optional" in content


def test_a_lesson_shows_its_module_and_how_much_is_left(client, index, learner):
    page, module, lessons = trees.course(index, lessons=0)
    lessons = [trees.add(module, trees.lesson(f"Part {number}", minutes=number)) for number in (4, 5, 6)]
    taken(learner, page)
    context = client.get(lessons[1].get_url()).context_data
    assert (context["module"].page.title, context["minutes_left"]) == ("Module", 11)
    assert [(one["label"], one["state"], one["url"]) for one in context["contents"]] == [
        ("Part 4", "todo", lessons[0].get_url()),
        ("Part 5", "current", ""),
        ("Part 6", "todo", lessons[2].get_url()),
    ]
    content = text_of(client.get(lessons[1].get_url()))
    assert "Lesson 2 of 3 · Module" in content
    assert "11 minutes to the end of the course" in content


@trees.drawing
def test_an_image_of_a_lesson_carries_its_own_words(client, index):
    _page, module, _lessons = trees.course(index)
    picture = trees.image(description="A road")
    told, silent = (
        {
            "type": "image",
            "value": {"image": {"image": picture.pk, "alt_text": words, "decorative": not words}, "caption": ""},
        }
        for words in ("Tents beside a road", "")
    )
    lesson = trees.add(module, trees.lesson("With images", told, silent))
    content = client.get(lesson.get_url()).content.decode()
    drawn = re.findall(r"<img [^>]*>", content)
    assert ['alt="Tents beside a road"' in one for one in drawn] == [True, False]
    assert ['alt=""' in one for one in drawn] == [False, True]
    assert all('loading="lazy"' in one and "width=" in one and "srcset=" in one for one in drawn)


def test_my_learning_tells_a_stranger_how_to_get_in(client, index):
    assert "open the link in your confirmation" in text_of(client.get(reverse("oberih_courses:learning")))


def test_charlie_sees_nobody_elses_attempt(client, index, learner):
    page, _module, _lessons = trees.course(index)
    other = actions.enrol(participant=LearnerFactory(), course=Course.objects.get(key=page.translation_key))
    assessment = AssessmentFactory(course=other.course, questions=[QuestionFactory()])
    attempt = actions.start_attempt(enrolment=other, assessment=assessment, language="en")
    urls = [reverse(f"oberih_courses:{name}", args=[attempt.uuid]) for name in ("attempt", "result")]
    assert [client.get(url).status_code for url in urls] == [404, 404]
    client.logout()
    assert [client.get(url).status_code for url in urls] == [404, 404]


def test_charlie_cannot_start_an_assessment_of_a_course_not_taken(client, index, learner):
    _page, _module, _lessons = trees.course(index)
    assessment = AssessmentFactory(course=Course.objects.get(), questions=[QuestionFactory()])
    url = reverse("oberih_courses:assessment", args=[assessment.key])
    assert client.post(url).status_code == 200
    assert assessment.attempts.count() == 0
