"""A copied course is a different course."""

import pytest
from wagtail.models import Locale, PageViewRestriction
from wagtail_localize.models import Translation

from cms.models import CoursePage, LessonPage
from courses import actions
from courses.copying import copy_course
from courses.exchange.exceptions import ExchangeError
from courses.models import Access, Assessment, Course, Enrolment, Lesson, LessonProgress, Question
from tests.courses import trees
from tests.courses.exchange.school import anonymous, school, sketch
from tests.courses.factories import CourseFactory, EnrolmentFactory
from tests.courses.test_reports import translated

pytestmark = pytest.mark.django_db


def copied(page, to=None, title="Another"):
    return copy_course(course_page=page, to=to or page.get_parent().specific, title=title)


def blocks_of(page):
    return {item["id"] for item in page.body.raw_data}


def test_a_copy_says_what_the_original_says(index):
    page, _lessons, _assessment = school(index)
    copy = copied(page)
    expected, found = anonymous(sketch(page)), anonymous(sketch(copy))
    for one in (expected, found):
        for entry in one["pages"]:
            if entry["kind"] == "course":
                entry.pop("slug")
                entry.pop("title")
        # That the first is open to everybody is said by no row of the copy yet.
        one.pop("course")
        # Links within the course lead within the copy; those that leave it are left out of a file alone.
    assert found == expected


def test_a_copy_has_keys_of_its_own_that_its_languages_share(index):
    page, lessons, _assessment = school(index)
    copy = copied(page)
    translation = copy.get_translations().get()
    old = set(LessonPage.objects.descendant_of(page).values_list("translation_key", flat=True))
    new = set(LessonPage.objects.descendant_of(copy).values_list("translation_key", flat=True))
    assert (len(new), new & old) == (2, set())
    assert set(LessonPage.objects.descendant_of(translation).values_list("translation_key", flat=True)) == new
    first = LessonPage.objects.descendant_of(copy).get(title="First")
    assert blocks_of(first) & blocks_of(lessons[0]) == set()
    assert blocks_of(first) == blocks_of(first.get_translations().get())


def test_a_copy_is_a_draft_until_it_is_published(index):
    page, _lessons, _assessment = school(index)
    copy = copied(page, title="Journeys again")
    assert (copy.title, copy.slug, copy.live, copy.get_latest_revision_as_object().title) == (
        "Journeys again",
        "journeys-again",
        False,
        "Journeys again",
    )
    assert not CoursePage.objects.descendant_of(index).live().filter(translation_key=copy.translation_key).exists()
    assert Course.objects.count() == 1


def publish_all(copy):
    for one in [copy, *copy.get_descendants().specific()]:
        trees.publish(one)


def test_progress_in_the_original_is_none_in_the_copy(index):
    page, lessons, assessment = school(index)
    course = Course.objects.get(key=page.translation_key)
    enrolment = EnrolmentFactory(course=course)
    actions.read_lesson(
        enrolment=enrolment, lesson=Lesson.objects.get(key=lessons[0].translation_key), language="en"
    )
    copy = copied(page)
    publish_all(copy)
    other = Course.objects.get(key=copy.translation_key)
    taken = EnrolmentFactory(course=other, participant=enrolment.participant)
    assert list(LessonProgress.objects.filter(enrolment=taken)) == []
    assert list(Enrolment.objects.filter(course=other)) == [taken]
    assert Lesson.objects.filter(course=other).count() == Lesson.objects.filter(course=course).count() == 2
    assessment.refresh_from_db()
    assert (assessment.course, assessment.lesson_id) == (course, lessons[1].translation_key)
    mine = Assessment.objects.get(course=other, compared_with__isnull=False)
    assert (mine.pk != assessment.pk, mine.draw, mine.pass_percent, mine.compared_with.course) == (
        True,
        1,
        70,
        other,
    )


def test_assessments_of_a_copy_draw_from_the_same_bank(index):
    page, _lessons, assessment = school(index)
    questions = set(Question.objects.values_list("pk", flat=True))
    publish_all(copy := copied(page))
    mine = Assessment.objects.get(course_id=copy.translation_key, compared_with__isnull=False)
    assert list(mine.bank.values_list("question_key", flat=True)) == list(
        assessment.bank.values_list("question_key", flat=True)
    )
    assert set(Question.objects.values_list("pk", flat=True)) == questions


def test_who_may_take_the_original_may_take_the_copy(index):
    page, _lessons, _assessment = school(index)
    required = CourseFactory(code="basics")
    course = Course.objects.get(key=page.translation_key)
    Course.objects.filter(pk=course.pk).update(access=Access.CLOSED, days_to_complete=20)
    course.prerequisites.create(required=required)
    copy = copied(page)
    waiting = Course.objects.get(key=copy.translation_key)
    assert waiting.archived_at is not None
    publish_all(copy)
    made = Course.objects.get(key=copy.translation_key)
    assert (made.access, made.days_to_complete, made.archived_at, list(made.requires.all())) == (
        "closed",
        20,
        None,
        [required],
    )


def test_a_closed_page_is_closed_in_the_copy(index):
    page, _lessons, _assessment = school(index)
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    copy = copied(page)
    assert [one.restriction_type for one in copy.view_restrictions.all()] == ["login"]


def test_a_copy_of_a_copy_has_another_slug(index):
    page, _lessons, _assessment = school(index)
    assert [copied(page).slug, copied(page).slug] == ["another", "another-2"]


def test_a_course_is_not_copied_into_itself(index):
    page, _lessons, _assessment = school(index)
    with pytest.raises(ExchangeError, match="into itself"):
        copied(page, to=page)


def test_a_course_stands_below_a_catalogue_alone(index):
    page, _lessons, _assessment = school(index)
    with pytest.raises(ExchangeError, match="cannot stand below"):
        copied(page, to=index.get_parent().specific)
    assert CoursePage.objects.count() == 2


def test_an_assessment_stays_with_its_course_when_wagtail_copies_the_lesson(index):
    page, lessons, assessment = school(index)
    other, module, _lessons = trees.course(index)
    lessons[1].copy(to=module, keep_live=True)
    assessment.refresh_from_db()
    assert (assessment.course_id, assessment.lesson_id) == (page.translation_key, lessons[1].translation_key)
    assert other.pk != page.pk


def test_translators_go_on_with_the_copy_where_they_were(index):
    page, module, lessons = trees.course(index)
    for one in (page, module, *lessons):
        translated(one)
    copy = copied(page)
    locale = Locale.objects.get(language_code="uk")
    mine = LessonPage.objects.descendant_of(copy).order_by("path").first()
    found = Translation.objects.get(source__object_id=mine.translation_key, target_locale=locale)
    assert (
        found.get_progress()
        == Translation.objects.get(source__object_id=lessons[0].translation_key).get_progress()
    )
    before = mine.get_translation(locale).body.get_prep_value()
    found.save_target(publish=False)
    assert mine.get_translation(locale).get_latest_revision_as_object().body.get_prep_value() == before


def test_a_version_that_was_written_by_hand_stays_a_page(index):
    page, _lessons, _assessment = school(index)
    copied(page)
    assert Translation.objects.count() == 0
