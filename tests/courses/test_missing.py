"""What a learner is told is missing, and what their pages tell the site."""

import json
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from courses import actions
from courses.blocks import TextBlock
from courses.models import Course, Lesson, LessonProgress, MediaProgress, StudyTime
from courses.progress import Missing, Thing, time_in_words
from tests.courses import media_files, trees
from tests.courses.factories import AssessmentFactory
from tests.courses.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("lessons", "tests", "words"),
    [
        (0, 0, ""),
        (1, 0, "1 lesson to go"),
        (2, 0, "2 lessons to go"),
        (0, 1, "Only the assessment to go"),
        (0, 2, "2 assessments to go"),
        (1, 1, "1 lesson and the assessment to go"),
        (2, 1, "2 lessons and the assessment to go"),
        (2, 3, "2 lessons and 3 assessments to go"),
    ],
)
def test_what_is_missing_in_a_few_words(lessons, tests, words):
    assert Missing(lessons=lessons, assessments=({},) * tests).short == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (59, ""),
        (60, "You have spent about 1 minute."),
        (2460, "You have spent about 40 minutes."),
        (5400, "You have spent about 2 hours."),
        (36_000, "You have spent about 10 hours."),
    ],
)
def test_time_is_said_no_finer_than_it_is_known(seconds, words):
    assert time_in_words(seconds) == words


@pytest.fixture
def course(index, monkeypatch):
    """A course with a lesson of each rule; the text block stands for a video of 100 seconds."""
    monkeypatch.setattr(TextBlock, "length_of", lambda self, block, language: 100, raising=False)
    page, module, lessons = trees.course(index, lessons=1)
    lessons += [
        trees.add(module, trees.lesson(title, completed_by=rule))
        for title, rule in [("Film", "watched"), ("Practice", "trainer")]
    ]
    return page, lessons


@pytest.fixture
def enrolment(course, learner):
    return actions.enrol(participant=learner, course=Course.objects.get(key=course[0].translation_key))


def test_each_missing_thing_is_named_with_what_it_takes(client, course, enrolment):
    page, (first, film, practice) = course
    AssessmentFactory(course=enrolment.course)
    response = client.get(page.get_url())
    missing = response.context_data["way"].missing
    assert (missing.lessons, missing.to_read) == (3, 1)
    assert missing.things == (
        Thing("Film", film.get_url(), "Watch or hear it to the end"),
        Thing("Practice", practice.get_url(), "A trainer confirms it"),
    )
    words = (
        "To complete the course 1 lesson to read Film Watch or hear it to the end "
        "Practice A trainer confirms it Pass Final assessment"
    )
    assert words in text_of(response)
    assert words in text_of(client.get(reverse("oberih_courses:learning")))
    assert "3 lessons and the assessment to go" in text_of(client.get(first.get_url()))


def test_a_lesson_whose_assessment_is_missing_is_named_once(client, course, enrolment):
    page, (first, *_others) = course
    AssessmentFactory(course=enrolment.course, lesson=Lesson.objects.get(key=first.translation_key))
    missing = client.get(page.get_url()).context_data["way"].missing
    assert (missing.lessons, missing.to_read, len(missing.assessments)) == (3, 0, 1)
    assert "Pass the assessment: that completes this lesson." in text_of(client.get(first.get_url()))


def test_a_lesson_that_asks_more_than_reading_has_no_button_and_says_why(client, course, enrolment):
    _page, (first, film, practice) = course
    shown = {one: client.get(one.get_url()) for one in (first, film, practice)}
    assert [one.context_data["may_complete"] for one in shown.values()] == [True, False, False]
    assert [one.context_data["takes"] for one in shown.values()] == [
        "",
        "Watch or hear it to the end",
        "A trainer confirms it",
    ]
    assert "To complete this lesson Watch or hear it to the end" in text_of(shown[film])
    # Whoever says so all the same is told, and what they said is kept.
    response = client.post(reverse("oberih_courses:lesson_done", args=[film.translation_key]), follow=True)
    assert "Watch or hear it to the end" in text_of(response)
    row = LessonProgress.objects.get(lesson=film.translation_key)
    assert (row.read_at is not None, row.completed_at) == (True, None)


def post(client, name, page, data, *more):
    url = reverse(f"oberih_courses:{name}", args=[page.translation_key, *more])
    return client.post(url, data if isinstance(data, str) else json.dumps(data), content_type="application/json")


def test_a_player_tells_how_far_it_got_and_is_told_where_it_was(client, course, enrolment):
    page, _lessons = course
    shown = media_files.video_block(media_files.video(duration=40), [("en", media_files.captions())])
    module = page.get_children().first().specific
    film = trees.add(module, trees.lesson("A real film", shown, completed_by="watched"))
    block = uuid.UUID(shown["id"])
    assert Lesson.objects.get(key=film.translation_key).media == [block.hex]
    client.get(film.get_url())
    response = post(client, "media", film, {"seconds": 20, "position": 25}, block)
    assert (response.status_code, response.json()) == (200, {"seconds": 20, "finished": False})
    (part,) = client.get(film.get_url()).context_data["parts"]
    address = reverse("oberih_courses:media", args=[film.translation_key, block])
    assert (part.player.report, part.player.position) == (address, 25)
    MediaProgress.objects.update(seconds=35)
    assert post(client, "media", film, {"seconds": 36, "position": 36}, block).json()["finished"] is True
    assert LessonProgress.objects.get(lesson=film.translation_key).completed_at is not None
    assert list(MediaProgress.objects.values_list("block", "lesson", "language")) == [
        (block, film.translation_key, "en")
    ]


@pytest.mark.parametrize(
    "data", ["", "[]", "nonsense", "[" * 5000, {"seconds": -1}, {"seconds": "x", "position": 1}]
)
def test_what_a_player_does_not_say_is_refused(client, course, enrolment, data):
    _page, (_first, film, _practice) = course
    assert post(client, "media", film, data, film.body[0].id).status_code == 400
    assert post(client, "time", film, data).status_code == 400
    assert (MediaProgress.objects.count(), StudyTime.objects.count()) == (0, 0)


def test_nothing_is_kept_of_a_block_that_is_not_played(client, course, enrolment):
    _page, (_first, film, _practice) = course
    assert post(client, "media", film, {"seconds": 1, "position": 1}, uuid.uuid4()).status_code == 404


def test_time_is_kept_and_shown(client, course, enrolment):
    page, (first, *_others) = course
    visit = {"uuid": str(uuid.uuid4()), "seconds": 85}
    assert [post(client, "time", first, visit).status_code for _ in range(2)] == [204, 204]
    assert list(StudyTime.objects.values_list("enrolment", "lesson", "seconds", "language")) == [
        (enrolment.pk, first.translation_key, 85, "en")
    ]
    assert "You have spent about 1 minute." in text_of(client.get(page.get_url()))


def test_charlie_who_does_not_take_the_course_tells_nothing(client, course, enrolment):
    _page, (first, *_others) = course
    visit = {"uuid": str(uuid.uuid4()), "seconds": 30}
    client.logout()
    assert post(client, "time", first, visit).status_code == 404
    client.force_login(get_user_model().objects.create_user("charlie@example.org", "x"))
    assert post(client, "time", first, visit).status_code == 404
    assert post(client, "media", first, {"seconds": 1, "position": 1}, first.body[0].id).status_code == 404
    assert StudyTime.objects.count() == MediaProgress.objects.count() == 0


def test_only_a_learners_page_counts_time(client, course, enrolment):
    _page, (first, *_others) = course
    assert "data-oberih-time" in client.get(first.get_url()).content.decode()
    client.logout()
    assert "data-oberih-time" not in client.get(first.get_url()).content.decode()


def test_continuing_leads_to_the_lesson_that_was_left(client, course, enrolment):
    page, (_first, film, _practice) = course
    client.get(film.get_url())
    assert client.get(page.get_url()).context_data["way"].next_step.url == film.get_url()
    (taken,) = client.get(reverse("oberih_courses:learning")).context["open"]
    assert (taken.next_url, taken.next_title) == (film.get_url(), "Film")
