"""Reminders: of what, when, how often, and how they are stopped."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses import actions, reminders
from courses.messages import stop_token
from courses.models import Enrolment, LessonProgress
from notifications.actions import send_due
from notifications.models import Message
from participants.actions import create_participants
from tests.courses.factories import CourseFactory, EnrolmentFactory, LearnerFactory, LessonFactory
from tests.courses.test_pages import text_of

pytestmark = pytest.mark.django_db
# Noon in Kathmandu.
START = dt.datetime(2026, 5, 4, 6, 15, tzinfo=dt.UTC)


@pytest.fixture
def enrolment():
    with time_machine.travel(START, tick=False):
        who = LearnerFactory(email="olena@example.org", language="uk")
        return EnrolmentFactory(participant=who, enrolled_at=START)


def days(number):
    return START + dt.timedelta(days=number)


def owed_on(*numbers):
    """The occurrences that each of these days brings."""
    brought = []
    for number in numbers:
        before = set(Message.objects.values_list("pk", flat=True))
        with time_machine.travel(days(number), tick=False):
            reminders.remind()
            new = Message.objects.exclude(pk__in=before).values_list("occurrence", flat=True)
        brought += [(number, occurrence) for occurrence in new]
    return brought


def test_whoever_has_not_begun_is_reminded_once_after_a_week(enrolment):
    assert owed_on(*range(1, 40)) == [(7, "not_started")]


def test_whoever_stopped_is_reminded_after_two_weeks_and_again_when_they_stop_again(enrolment):
    lesson, second = LessonFactory(course=enrolment.course), LessonFactory(course=enrolment.course)
    with time_machine.travel(days(2), tick=False):
        actions.open_lesson(enrolment=enrolment, lesson=lesson, language="uk")
    first = owed_on(*range(3, 25))
    with time_machine.travel(days(25), tick=False):
        actions.read_lesson(enrolment=enrolment, lesson=lesson, language="uk")
    assert second
    assert (first, owed_on(*range(26, 45))) == ([(16, "stalled 2026-05-06")], [(39, "stalled 2026-05-29")])


def test_a_date_is_reminded_of_a_week_and_a_day_before_and_once_after(enrolment):
    due = days(20).date()
    Enrolment.objects.update(due_on=due)
    LessonProgress.objects.create(
        enrolment=enrolment, lesson=LessonFactory(course=enrolment.course), language="uk", opened_at=days(12)
    )
    assert owed_on(*range(1, 60)) == [(13, f"due_7 {due}"), (19, f"due_1 {due}"), (21, f"overdue {due}")]


def test_a_day_on_which_nothing_ran_loses_no_reminder(enrolment):
    due = days(20).date()
    Enrolment.objects.update(due_on=due)
    assert owed_on(15, 20) == [(15, f"due_7 {due}"), (20, f"due_1 {due}")]


def test_others_than_those_about_a_date_wait_a_week(enrolment):
    due = days(8).date()
    Enrolment.objects.update(due_on=due)
    lesson = LessonFactory(course=enrolment.course)
    found = owed_on(1, 7)
    # Moved away: what comes next is not about a date.
    Enrolment.objects.update(due_on=None)
    assert found == [(1, f"due_7 {due}"), (7, f"due_1 {due}")]
    assert lesson
    assert owed_on(8, 9, 10, 11, 12, 13, 14) == [(14, "not_started")]


def test_a_new_date_is_reminded_of_anew(enrolment):
    first, second = days(20).date(), days(40).date()
    Enrolment.objects.update(due_on=first)
    before = owed_on(14)
    Enrolment.objects.update(due_on=second)
    assert (before, owed_on(34)) == ([(14, f"due_7 {first}")], [(34, f"due_7 {second}")])


@pytest.mark.parametrize(
    "changed",
    [
        {"completed_at": START, "completed_language": "uk"},
        {"withdrawn_at": START},
        {"reminders_off_at": START},
        {"participant__email": ""},
        {"course__archived_at": START},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_nobody_is_reminded_who_is_done_gone_or_does_not_want_to_be(enrolment, changed):
    for path, value in changed.items():
        name = path.split("__")[-1]
        row = getattr(enrolment, path.split("__")[0]) if "__" in path else enrolment
        also = {"completed_language": "uk"} if name == "completed_at" else {}
        type(row).objects.filter(pk=row.pk).update(**{name: value}, **also)
    Enrolment.objects.update(due_on=days(9).date())
    assert owed_on(*range(1, 20)) == []


def test_the_sweep_runs_once_a_day_and_never_at_night(enrolment):
    night = dt.datetime(2026, 5, 12, 1, 0, tzinfo=dt.UTC)
    morning = dt.datetime(2026, 5, 12, 3, 0, tzinfo=dt.UTC)
    # 06:45 and 08:45 in Kathmandu.
    assert [reminders.send_due(now=now) for now in (night, morning, morning)] == [0, 1, 0]


def test_the_mail_is_in_the_persons_language_and_can_be_stopped_from_the_mail_program(enrolment, mailoutbox):
    with time_machine.travel(days(7), tick=False):
        reminders.remind()
        assert send_due() == 1
    (mail,) = mailoutbox
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Курс" in mail.body
    # As a mail program does it: without cookies, and checked for what forms need.
    address = mail.extra_headers["List-Unsubscribe"][1:-1].split("/", 3)[3]
    answer = Client(enforce_csrf_checks=True).post(f"/{address}", {"List-Unsubscribe": "One-Click"})
    enrolment.refresh_from_db()
    assert (answer.status_code, enrolment.reminders_off_at is None) == (200, False)


def test_what_no_longer_holds_is_not_sent(enrolment, mailoutbox):
    with time_machine.travel(days(7), tick=False):
        reminders.remind()
        actions.open_lesson(enrolment=enrolment, lesson=LessonFactory(course=enrolment.course), language="uk")
        assert send_due() == 0
    assert (mailoutbox, Message.objects.get().state) == ([], "cancelled")


def test_looking_stops_nothing_and_the_button_does(client, enrolment):
    url = reverse("oberih_courses:stop_reminders", args=[stop_token(enrolment)])
    client.get(url)
    enrolment.refresh_from_db()
    assert enrolment.reminders_off_at is None
    client.post(url)
    first = Enrolment.objects.get().reminders_off_at
    client.post(url)
    assert (first is not None, Enrolment.objects.get().reminders_off_at) == (True, first)
    assert client.get(reverse("oberih_courses:stop_reminders", args=["nonsense"])).status_code == 404


def test_my_learning_stops_all_and_begins_them_again(client, learner):
    other = EnrolmentFactory()
    for _course in range(2):
        EnrolmentFactory(participant=learner)
    url = reverse("oberih_courses:reminders")
    client.post(url, {"wanted": "no"})
    assert learner.enrolments.filter(reminders_off_at=None).count() == 0
    assert "Remind me again" in text_of(client.get(reverse("oberih_courses:learning")))
    client.post(url, {"wanted": "yes"})
    other.refresh_from_db()
    assert (learner.enrolments.filter(reminders_off_at=None).count(), other.reminders_off_at) == (2, None)
    assert client.post(url, {"wanted": "maybe"}).status_code == 400


def test_a_stranger_switches_nothing(client):
    assert client.post(reverse("oberih_courses:reminders"), {"wanted": "no"}).status_code == 403


def test_a_thousand_enrolments_take_few_statements():
    course = CourseFactory()
    people = create_participants(
        [{"full_name": f"L {number}", "email": f"l{number}@example.org"} for number in range(1000)]
    )
    Enrolment.objects.bulk_create(Enrolment(participant=one, course=course, enrolled_at=START) for one in people)
    with time_machine.travel(days(8), tick=False):
        with CaptureQueriesContext(connection) as captured:
            assert reminders.remind() == 1000
        with CaptureQueriesContext(connection) as again:
            assert reminders.remind() == 0
    selects = [one for one in captured.captured_queries if one["sql"].startswith("SELECT")]
    assert (len(selects), len(again)) == (3, 3)
    assert timezone.now()
