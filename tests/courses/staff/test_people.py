import csv
import datetime as dt
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses import actions
from courses.models import Enrolment, Group, LessonProgress, StudyTime
from participants.names import fold
from safeguarding.models import AuditEntry, Role
from tests.courses.factories import AssessmentFactory, LessonFactory, QuestionFactory
from tests.courses.staff.conftest import registered, staff
from tests.events.factories import EventFactory
from tests.factories import say_why

pytestmark = pytest.mark.django_db


def address(course, name="learners", *more):
    return reverse(f"oberih_courses:{name}", args=[course.pk, *more])


def names(response):
    return [person["name"] for person in response.context["people"]]


def done(enrolment, lesson):
    actions.read_lesson(enrolment=enrolment, lesson=lesson, language="uk")


@pytest.fixture
def four(course, event):
    """Somebody who has not begun, who is under way, who is late, and who is through."""
    new, going, late, through = (
        registered(event, name) for name in ("Anna New", "Bohdan Go", "Cyril Late", "Dana Done")
    )
    first, second = course.lessons.all()
    done(going, first)
    Enrolment.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - dt.timedelta(days=1))
    Enrolment.objects.filter(pk=going.pk).update(due_on=timezone.localdate() + dt.timedelta(days=1))
    for lesson in (first, second):
        done(through, lesson)
    return new, going, late, through


def test_the_list_says_how_far_everybody_is(client, course, four, trainer):
    client.force_login(trainer)
    response = client.get(address(course))
    assert [(one["name"], one["tag"]) for one in response.context["people"]] == [
        ("Anna New", "Not begun"),
        ("Bohdan Go", "Under way"),
        ("Cyril Late", "Overdue"),
        ("Dana Done", "Completed"),
    ]
    said = [one["more"] for one in response.context["people"]]
    assert said[0] == "0 of 2 lessons"
    assert said[1].startswith("1 of 2 lessons · last active on ")
    assert "2 of 2 lessons" in said[3]
    assert said[3].endswith(", in Ukrainian")
    entry = AuditEntry.objects.get(action="see", subject="enrolment")
    assert (entry.actor, sorted(entry.keys)) == (trainer, sorted(str(one.uuid) for one in four))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "new"}, ["Anna New", "Cyril Late"]),
        ({"state": "going"}, ["Bohdan Go"]),
        ({"state": "overdue"}, ["Cyril Late"]),
        ({"state": "done"}, ["Dana Done"]),
        ({"state": "no such"}, ["Anna New", "Bohdan Go", "Cyril Late", "Dana Done"]),
        ({"q": "DANA"}, ["Dana Done"]),
        ({"q": "Дана"}, ["Dana Done"]),
        ({"q": "nobody"}, []),
    ],
)
def test_the_list_is_narrowed(client, course, four, trainer, query, expected):
    for one in four:
        one.participant.name_key = fold(one.participant.full_name)
        one.participant.save()
    client.force_login(trainer)
    assert names(client.get(address(course), query)) == expected


def test_the_list_is_narrowed_to_a_group(client, course, four, trainer):
    group = Group.objects.create(name="Evening")
    Enrolment.objects.filter(pk=four[1].pk).update(group=group)
    client.force_login(trainer)
    assert names(client.get(address(course), {"group": str(group.uuid)})) == ["Bohdan Go"]


def test_charlie_sees_nobody(client, course, four, trainer, charlie):
    client.force_login(charlie)
    pages = [address(course), address(course, "learners_csv"), address(course, "learner", four[0].uuid)]
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    client.force_login(staff(Role.EDITOR))
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]


def test_a_trainer_of_the_same_course_elsewhere_is_given_no_page_of_this_person(client, course, four, charlie):
    EventFactory(course=course).trainers.add(charlie)
    client.force_login(charlie)
    assert names(client.get(address(course))) == []
    assert client.get(address(course, "learner", four[0].uuid)).status_code == 404


def test_a_manager_says_why_and_the_log_keeps_it(client, course, four):
    client.force_login(staff(Role.MANAGER, project="shelter"))
    assert "/reason/" in client.get(address(course)).url
    assert not AuditEntry.objects.filter(action="see").exists()
    say_why(client, f"course:{course.pk}")
    assert names(client.get(address(course)))[0] == "Anna New"
    assert AuditEntry.objects.get(action="see").reason == "A test looks at the names."


def test_the_file_is_given_for_a_reason_and_runs_no_formula(client, course, event, trainer):
    enrolment = registered(event, "=1+1")
    done(enrolment, course.lessons.first())
    client.force_login(trainer)
    # Also of their own people: names leave the site.
    assert "/reason/" in client.get(address(course, "learners_csv")).url
    say_why(client, f"course:{course.pk}")
    answer = client.get(address(course, "learners_csv"))
    today = timezone.localdate().isoformat()
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[1] == ["'=1+1", "", "Under way", "1", "2", "0", today, today, "", "", ""]
    book = openpyxl.load_workbook(io.BytesIO(client.get(address(course, "learners_xlsx")).content))
    cell = book.active["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert AuditEntry.objects.filter(action="export", keys=[str(enrolment.uuid)]).count() == 2


def test_the_list_takes_as_many_statements_with_forty_people(client, course, event, trainer):
    client.force_login(trainer)

    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(course)).status_code == 200
        return len(captured)

    def add(count):
        for n in range(count):
            done(registered(event, f"Learner {n}"), course.lessons.first())

    add(3)
    statements()
    with_three = statements()
    add(37)
    assert statements() == with_three
    assert with_three <= 16


def test_one_learner_is_shown_lesson_by_lesson(client, course, event, trainer):
    enrolment = registered(event)
    first, second = course.lessons.all()
    done(enrolment, first)
    StudyTime.objects.create(
        uuid="7e1f6a6c-3f0a-4b58-9a55-55c52e6a1b6e", enrolment=enrolment, lesson=first, seconds=300, language="uk"
    )
    assessment = AssessmentFactory(course=course, lesson=second, questions=[QuestionFactory()])
    attempt = actions.start_attempt(enrolment=enrolment, assessment=assessment, language="en")
    actions.submit_attempt(attempt=attempt, language="en")
    client.force_login(trainer)
    rows = client.get(address(course, "learner", enrolment.uuid)).context["lessons"]
    assert [(row["tag"], row["attempts"]) for row in rows] == [
        ("Completed", []),
        ("Not opened", ["Final assessment, try 1: not passed, 0 of 1 points"]),
    ]
    assert rows[0]["more"].endswith(" · Ukrainian · 5 minutes spent")


def test_the_page_of_a_learner_takes_as_many_statements_with_thirty_lessons(client, course, event, trainer):
    enrolment = registered(event)
    client.force_login(trainer)

    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(course, "learner", enrolment.uuid)).status_code == 200
        return len(captured)

    def add(count):
        for _n in range(count):
            lesson = LessonFactory(course=course)
            LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, language="en")
            AssessmentFactory(course=course, lesson=lesson)

    add(3)
    statements()
    with_three = statements()
    add(27)
    assert statements() == with_three
    assert with_three <= 21


def test_staff_confirm_give_time_and_a_date(client, course, event, trainer):
    enrolment = registered(event)
    page = address(course, "learner", enrolment.uuid)
    lesson = course.lessons.first()
    client.force_login(trainer)
    client.post(
        page,
        {
            "do": "confirm",
            "lesson": str(lesson.pk),
            "on": "2022-08-01",
            "language": "en",
            "reason": "Signed list of August",
        },
    )
    client.post(page, {"do": "due", "due_on": "2030-01-31"})
    client.post(page, {"do": "extra", "percent": "50"})
    enrolment.refresh_from_db()
    assert (enrolment.due_on, enrolment.extra_time_percent) == (dt.date(2030, 1, 31), 50)
    assert enrolment.confirmations.get().lesson == lesson
    assert (
        client.get(page)
        .context["lessons"][0]["more"]
        .endswith("confirmed by a trainer for 1 August 2022: Signed list of August")
    )
    assert client.post(page, {"do": "extra", "percent": "500"}).status_code == 400
    assert client.post(page, {"do": "nonsense"}).status_code == 400


def test_the_start_lists_courses_without_names(client, course, four, trainer, charlie):
    page = reverse("oberih_courses:taught")
    client.force_login(trainer)
    shown = client.get(page)
    assert [(one, one.learner_count, one.done_count) for one in shown.context["page"]] == [(course, 4, 1)]
    assert "Anna" not in shown.content.decode()
    client.force_login(charlie)
    assert course not in list(client.get(page).context["page"])


def test_the_menu_marks_where_staff_stand_and_is_offered_to_those_who_accompany(client, trainer):
    client.force_login(trainer)
    page = client.get(reverse("oberih_courses:taught")).content.decode()
    # On a phone the menu stands in a dialog of its own.
    assert set(re.findall(r'aria-current="true">([^<]+)<', page)) == {"Learners"}
    learning = client.get(reverse("oberih_courses:learning")).content.decode()
    assert reverse("oberih_courses:taught") not in learning
    client.force_login(staff(Role.EDITOR))
    assert reverse("oberih_courses:taught") not in client.get(reverse("oberih_courses:learning")).content.decode()
