"""How people come to take a course by themselves: open, by approval, with a key, after another."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from courses import actions, due
from courses.exceptions import (
    AccessError,
    ApprovalNeededError,
    KeyNeededError,
    PrerequisiteMissingError,
    RequestError,
    WrongKeyError,
)
from courses.models import (
    Course,
    Enrolment,
    EnrolmentKey,
    EnrolmentRequest,
    Group,
    GroupCourse,
    GroupMember,
    Prerequisite,
)
from notifications.models import Message
from participants.actions import create_participant
from safeguarding.models import AuditEntry
from tests.courses import trees
from tests.courses.factories import CourseFactory, EnrolmentFactory, LearnerFactory
from tests.courses.racing import race_for_key
from tests.courses.test_pages import text_of
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


def known(name="Olena Koval", email="olena@example.org", **fields):
    return create_participant(full_name=name, email=email, language="en", **fields)


@pytest.mark.parametrize(
    ("access", "error"),
    [("approval", ApprovalNeededError), ("key", KeyNeededError), ("closed", AccessError)],
)
def test_whoever_comes_by_themselves_meets_the_courses_access_and_staff_do_not(access, error):
    course = CourseFactory(access=access)
    with pytest.raises(error):
        actions.enrol(participant=LearnerFactory(), course=course)
    for source in ("staff", "registration:x", "group:x"):
        assert actions.enrol(participant=LearnerFactory(), course=course, source=source).source == source
    assert Enrolment.objects.count() == 3


def test_whoever_takes_a_course_keeps_it_when_it_is_closed():
    enrolment = EnrolmentFactory()
    Course.objects.update(access="closed")
    enrolment.course.refresh_from_db()
    assert actions.enrol(participant=enrolment.participant, course=enrolment.course) == enrolment


def test_an_archived_course_is_not_begun():
    with pytest.raises(AccessError):
        actions.enrol(participant=LearnerFactory(), course=CourseFactory(archived_at=timezone.now()))


def test_a_course_that_comes_first_is_named_until_it_is_completed():
    first, second, learner = CourseFactory(title="First"), CourseFactory(), LearnerFactory()
    Prerequisite.objects.create(course=second, required=first)
    begun = actions.enrol(participant=learner, course=first)
    with pytest.raises(PrerequisiteMissingError) as refused:
        actions.enrol(participant=learner, course=second)
    assert (str(refused.value), refused.value.courses) == ("Another course comes first: First.", [first])
    Enrolment.objects.filter(pk=begun.pk).update(completed_at=timezone.now(), completed_language="en")
    assert actions.enrol(participant=learner, course=second).course == second


def test_somebody_elses_completion_opens_nothing():
    first, second = CourseFactory(), CourseFactory()
    Prerequisite.objects.create(course=second, required=first)
    EnrolmentFactory(course=first, completed_at=timezone.now(), completed_language="en")
    with pytest.raises(PrerequisiteMissingError):
        actions.enrol(participant=LearnerFactory(), course=second)


def test_a_course_that_was_archived_is_asked_of_nobody():
    first, second = CourseFactory(archived_at=timezone.now()), CourseFactory()
    Prerequisite.objects.create(course=second, required=first)
    assert actions.enrol(participant=LearnerFactory(), course=second).course == second


def test_courses_cannot_require_each_other_in_a_circle():
    one, two, three = CourseFactory(), CourseFactory(), CourseFactory()
    Prerequisite.objects.create(course=one, required=two)
    Prerequisite.objects.create(course=two, required=three)
    with pytest.raises(ValidationError) as refused:
        Prerequisite(course=three, required=one).full_clean()
    assert refused.value.message_dict == {
        "required": ["That course requires this one, directly or through others."]
    }


def test_staff_override_what_comes_first_with_a_reason_that_is_logged():
    first, second, who = CourseFactory(), CourseFactory(), LearnerFactory()
    Prerequisite.objects.create(course=second, required=first)
    manager = StaffFactory(role="manager")
    with pytest.raises(PrerequisiteMissingError):
        actions.enrol_by_staff(participant=who, course=second, by=manager)
    enrolment = actions.enrol_by_staff(participant=who, course=second, by=manager, reason="Learned on paper")
    entry = AuditEntry.objects.get(action="enrol")
    assert (entry.actor, entry.keys, entry.reason) == (manager, [str(enrolment.uuid)], "Learned on paper")


# By approval


def test_asking_twice_is_asking_once_and_the_answer_lets_in(django_capture_on_commit_callbacks, mailoutbox):
    course, who, manager = CourseFactory(access="approval"), known(), StaffFactory(role="manager")
    asked = actions.ask(participant=who, course=course, language="en", motivation="I meet people at the border.")
    assert actions.ask(participant=who, course=course, language="en") == asked
    with django_capture_on_commit_callbacks(execute=True):
        enrolment = actions.approve_request(request=asked, by=manager, answer="Welcome")
    asked.refresh_from_db()
    assert (enrolment.participant, enrolment.source) == (who, f"request:{asked.uuid}")
    assert (asked.decision, asked.decided_by, asked.answer) == ("approved", manager, "Welcome")
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["olena@example.org"], "You can begin the course")
    assert "Welcome" in mail.body
    assert str(course.title) in mail.body


def test_a_declined_person_is_told_and_may_ask_again(django_capture_on_commit_callbacks, mailoutbox):
    course, who, manager = CourseFactory(access="approval"), known(), StaffFactory(role="manager")
    asked = actions.ask(participant=who, course=course, language="en")
    with django_capture_on_commit_callbacks(execute=True):
        actions.decline_request(request=asked, by=manager, answer="It is full.")
    assert (mailoutbox[0].subject, "It is full." in mailoutbox[0].body) == ("Your request to take a course", True)
    again = actions.ask(participant=who, course=course, language="en")
    assert (again != asked, again.decision, Enrolment.objects.count()) == (True, "waiting", 0)


def test_what_was_answered_is_not_answered_again():
    course, who, manager = CourseFactory(access="approval"), known(), StaffFactory(role="manager")
    asked = actions.ask(participant=who, course=course, language="en")
    actions.withdraw_request(request=asked)
    for deed in (actions.approve_request, actions.decline_request):
        with pytest.raises(RequestError):
            deed(request=asked, by=manager)
    asked.refresh_from_db()
    assert (asked.decision, Enrolment.objects.count(), Message.objects.count()) == ("withdrawn", 0, 0)


def test_nobody_asks_for_an_open_course_or_before_what_comes_first():
    open_course, first, second = CourseFactory(), CourseFactory(), CourseFactory(access="approval")
    Prerequisite.objects.create(course=second, required=first)
    with pytest.raises(RequestError):
        actions.ask(participant=known(), course=open_course, language="en")
    with pytest.raises(PrerequisiteMissingError):
        actions.ask(participant=LearnerFactory(), course=second, language="en")


# With a key


def test_a_key_lets_in_whatever_capitals_and_spaces_it_is_written_with():
    key = EnrolmentKey.objects.create(course=CourseFactory(access="key"), code="Amber 2026")
    enrolment = actions.enrol_with_key(participant=LearnerFactory(), course=key.course, code=" amber2026")
    key.refresh_from_db()
    assert (enrolment.source, key.uses) == (f"key:{key.pk}", 1)
    again = actions.enrol_with_key(participant=enrolment.participant, course=key.course, code="AMBER 2026")
    key.refresh_from_db()
    assert (again, key.uses) == (enrolment, 1)


def test_a_wrong_used_up_or_old_key_opens_nothing():
    course = CourseFactory(access="key")
    used = EnrolmentKey.objects.create(course=course, code="used-up", uses_allowed=1, uses=1)
    old = EnrolmentKey.objects.create(course=course, code="too-old", expires_at=timezone.now())
    elsewhere = EnrolmentKey.objects.create(course=CourseFactory(access="key"), code="elsewhere")
    for code in ("nonsense", used.code, old.code, elsewhere.code):
        with pytest.raises(WrongKeyError):
            actions.enrol_with_key(participant=LearnerFactory(), course=course, code=code)
    assert Enrolment.objects.count() == 0


def test_a_key_puts_people_into_its_group_and_into_all_that_the_group_takes():
    group = Group.objects.create(name="Border guards")
    keyed, other = CourseFactory(access="key"), CourseFactory()
    day = timezone.localdate() + dt.timedelta(days=10)
    GroupCourse.objects.create(group=group, course=keyed, due_on=day)
    GroupCourse.objects.create(group=group, course=other)
    EnrolmentKey.objects.create(course=keyed, code="border", group=group)
    who = LearnerFactory()
    enrolment = actions.enrol_with_key(participant=who, course=keyed, code="border")
    assert (enrolment.group, enrolment.due_on) == (group, day)
    assert list(GroupMember.objects.values_list("participant", flat=True)) == [who.pk]
    assert set(who.enrolments.values_list("course", flat=True)) == {keyed.pk, other.pk}


@pytest.mark.django_db(transaction=True)
def test_a_key_for_five_lets_in_exactly_five():
    key = EnrolmentKey.objects.create(course=CourseFactory(access="key"), code="for-five", uses_allowed=5)
    refused = race_for_key(key, people=12, threads=6)
    key.refresh_from_db()
    assert (refused, Enrolment.objects.count(), key.uses) == ({"WrongKeyError": 7}, 5, 5)


# Dates


@pytest.mark.parametrize(
    ("days", "group_in", "expected"),
    [(None, None, None), (30, None, 30), (None, 10, 10), (30, 10, 10), (5, 10, 5)],
)
def test_the_earlier_of_the_courses_time_and_the_groups_date_counts(days, group_in, expected):
    today = timezone.localdate()
    course = CourseFactory(days_to_complete=days)
    date = today + dt.timedelta(days=group_in) if group_in else None
    enrolment = actions.enrol(participant=LearnerFactory(), course=course, group_date=date)
    assert enrolment.due_on == (today + dt.timedelta(days=expected) if expected else None)


@pytest.mark.parametrize(
    ("days", "words", "kind"),
    [
        (-2, "Overdue since 1 May 2026", "error"),
        (0, "Due today", "attention"),
        (1, "Due in 1 day", "attention"),
        (3, "Due in 3 days", "attention"),
        (20, "Due in 20 days", "info"),
    ],
)
def test_a_date_is_said_in_words(days, words, kind):
    on = dt.date(2026, 5, 1)
    said = due.said(Enrolment(due_on=on), today=on - dt.timedelta(days=days))
    assert (said.text, said.kind) == (words, kind)


def test_what_is_completed_or_without_a_date_is_not_due():
    assert (due.said(None), due.said(Enrolment())) == (None, None)
    assert due.said(Enrolment(due_on=dt.date(2026, 5, 1), completed_at=timezone.now())) is None


def test_staff_move_one_persons_date_and_the_log_says_so():
    enrolment, manager = EnrolmentFactory(), StaffFactory(role="manager")
    day = timezone.localdate() + dt.timedelta(days=3)
    actions.set_due(enrolment=enrolment, due_on=day, by=manager)
    actions.set_due(enrolment=enrolment, due_on=day, by=manager)
    enrolment.refresh_from_db()
    assert (enrolment.due_on, AuditEntry.objects.filter(action="due").count()) == (day, 1)


# The course's page


@pytest.fixture
def course_page(index):
    page, _module, _lessons = trees.course(index)
    return page


def opened(page, **changes):
    Course.objects.filter(key=page.translation_key).update(**changes)
    return Course.objects.get(key=page.translation_key)


def test_a_stranger_is_told_how_a_course_is_open_and_gets_no_form(client, course_page):
    for access, words in {
        "approval": "Log in to ask them",
        "key": "you need a key",
        "closed": "If you have an invitation",
    }.items():
        opened(course_page, access=access)
        response = client.get(course_page.get_url(), headers={"Authorization": "x"})
        assert words in text_of(response)
        assert b"csrfmiddlewaretoken" not in response.content


def test_a_strangers_page_is_made_anew_when_the_access_or_what_comes_first_changes(client, course_page):
    course = opened(course_page)
    url = course_page.get_url()
    assert "you need a key" not in text_of(client.get(url))
    course.access = "key"
    course.save()
    assert "you need a key" in text_of(client.get(url))
    course.requires.add(CourseFactory(title="The other one"))
    assert "Complete this first The other one" in text_of(client.get(url))


def test_somebody_asks_waits_and_takes_it_back(client, course_page, learner):
    opened(course_page, access="approval")
    url, ask = course_page.get_url(), reverse("oberih_courses:ask", args=[course_page.translation_key])
    assert "Ask to take the course" in text_of(client.get(url))
    assert client.post(reverse("oberih_courses:enrol", args=[course_page.translation_key])).url == ask
    assert client.post(ask, {"motivation": "I would like to."}).url == url
    assert "You have asked to take this course" in text_of(client.get(url))
    assert "Not answered yet" in text_of(client.get(reverse("oberih_courses:learning")))
    asked = EnrolmentRequest.objects.get()
    assert (asked.participant, asked.motivation) == (learner, "I would like to.")
    client.post(reverse("oberih_courses:withdraw_request", args=[asked.uuid]))
    asked.refresh_from_db()
    assert (asked.decision, "Ask to take the course" in text_of(client.get(url))) == ("withdrawn", True)


def test_nobody_takes_back_what_another_asked(client, course_page, learner):
    course = opened(course_page, access="approval")
    asked = actions.ask(participant=LearnerFactory(), course=course, language="en")
    answer = client.post(reverse("oberih_courses:withdraw_request", args=[asked.uuid]))
    asked.refresh_from_db()
    assert (answer.status_code, asked.decision) == (404, "waiting")


def test_a_declined_person_reads_the_answer_and_may_ask_again(client, course_page, learner):
    course = opened(course_page, access="approval")
    asked = actions.ask(participant=learner, course=course, language="en")
    actions.decline_request(request=asked, by=StaffFactory(role="manager"), answer="Next year.")
    shown = text_of(client.get(course_page.get_url()))
    assert ("Next year." in shown, "Ask again" in shown) == (True, True)


def test_a_key_is_written_on_the_courses_page(client, course_page, learner):
    course = opened(course_page, access="key")
    EnrolmentKey.objects.create(course=course, code="amber-2026")
    url = reverse("oberih_courses:key", args=[course.pk])
    assert f'action="{url}"' in client.get(course_page.get_url()).content.decode()
    wrong = client.post(url, {"code": "amber"})
    assert (wrong.status_code, "This key does not open the course" in text_of(wrong)) == (400, True)
    assert client.post(url, {"code": "AMBER-2026"}).status_code == 302
    assert Enrolment.objects.get().participant == learner


def test_keys_are_not_guessed_without_end(client, course_page, learner):
    course = opened(course_page, access="key")
    EnrolmentKey.objects.create(course=course, code="amber-2026")
    url = reverse("oberih_courses:key", args=[course.pk])
    answers = [client.post(url, {"code": f"guess {number}"}).status_code for number in range(11)]
    assert answers == [400] * 10 + [429]
    # Nor does the right one help then.
    assert client.post(url, {"code": "amber-2026"}).status_code == 429
    assert Enrolment.objects.count() == 0


def test_a_stranger_with_a_key_is_asked_to_log_in(client, course_page):
    course = opened(course_page, access="key")
    EnrolmentKey.objects.create(course=course, code="amber-2026")
    answer = client.post(reverse("oberih_courses:key", args=[course.pk]), {"code": "amber-2026"})
    assert ("We do not know yet who you are" in text_of(answer), Enrolment.objects.count()) == (True, 0)


def test_a_closed_course_and_one_that_comes_later_offer_no_start(client, course_page, learner):
    course = opened(course_page, access="closed")
    assert "Start the course" not in text_of(client.get(course_page.get_url()))
    client.post(reverse("oberih_courses:enrol", args=[course.pk]))
    opened(course_page, access="open").requires.add(CourseFactory(title="The other one"))
    shown = text_of(client.get(course_page.get_url()))
    assert ("Complete this first The other one" in shown, "Start the course" in shown) == (True, False)
    client.post(reverse("oberih_courses:enrol", args=[course.pk]))
    assert Enrolment.objects.count() == 0


def test_whom_a_group_enrolled_is_told_what_comes_first_and_until_when(client, course_page, learner):
    course = opened(course_page)
    course.requires.add(CourseFactory(title="The other one"))
    day = timezone.localdate() + dt.timedelta(days=3)
    actions.enrol(participant=learner, course=course, source="group:x", group_date=day)
    for url in (course_page.get_url(), reverse("oberih_courses:learning")):
        shown = text_of(client.get(url))
        assert ("Due in 3 days" in shown, "Complete this first The other one" in shown) == (True, True)
