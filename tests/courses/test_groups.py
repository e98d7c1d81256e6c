"""Groups: whoever is in one takes its courses."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from courses import actions
from courses.exceptions import GroupError
from courses.models import Enrolment, Group, GroupCourse, GroupMember
from notifications.models import Message
from participants.actions import create_participant, create_participants
from participants.models import Organisation, Participant, Project
from safeguarding.models import AuditEntry
from tests.courses.factories import CourseFactory, LearnerFactory
from tests.courses.test_pages import text_of
from tests.factories import StaffFactory, UserFactory, grant, say_why

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 5, 4)


@pytest.fixture
def trainer():
    return StaffFactory(role="trainer")


@pytest.fixture
def group(trainer):
    return Group.objects.create(name="Border guards", made_by=trainer)


def day(number):
    return timezone.localdate() + dt.timedelta(days=number)


def taking(group):
    rows = Enrolment.objects.filter(group=group).order_by("participant", "course__code")
    return [(row.participant, row.course, row.due_on) for row in rows]


def test_a_member_takes_all_courses_of_the_group_and_a_course_enrols_all_members(group, trainer):
    one, two = LearnerFactory(), LearnerFactory()
    first, second = CourseFactory(code="a"), CourseFactory(code="b", access="closed")
    actions.add_course(group=group, course=first, by=trainer, due_on=day(10))
    actions.add_members(group=group, participants=[one, two], by=trainer)
    assert taking(group) == [(one, first, day(10)), (two, first, day(10))]
    actions.add_course(group=group, course=second, by=trainer)
    assert taking(group) == [
        (one, first, day(10)),
        (one, second, None),
        (two, first, day(10)),
        (two, second, None),
    ]


def test_all_of_it_twice_is_once(group, trainer):
    who, course = LearnerFactory(email="a@example.org"), CourseFactory()
    for _time in range(2):
        actions.add_members(group=group, participants=[who, who], by=trainer)
        actions.add_course(group=group, course=course, by=trainer)
    assert (GroupMember.objects.count(), GroupCourse.objects.count(), Enrolment.objects.count()) == (1, 1, 1)
    assert Message.objects.filter(purpose="courses.enrolled").count() == 1


def test_somebody_who_takes_the_course_keeps_what_they_did_and_an_earlier_date(group, trainer):
    course = CourseFactory()
    early, late = (
        actions.enrol(participant=LearnerFactory(), course=course, group_date=day(number)) for number in (5, 50)
    )
    actions.add_course(group=group, course=course, by=trainer, due_on=day(10))
    actions.add_members(group=group, participants=[early.participant, late.participant], by=trainer)
    early.refresh_from_db()
    late.refresh_from_db()
    assert [(one.group, one.due_on, one.source) for one in (early, late)] == [
        (group, day(5), "self"),
        (group, day(10), "self"),
    ]
    assert Enrolment.objects.count() == 2


def test_two_rows_of_one_person_take_it_once(group, trainer):
    who = LearnerFactory()
    other = LearnerFactory(merged_into=who)
    course = CourseFactory()
    actions.add_course(group=group, course=course, by=trainer)
    actions.add_members(group=group, participants=[who], by=trainer)
    actions.add_members(group=group, participants=[other], by=trainer)
    assert (Enrolment.objects.count(), GroupMember.objects.count()) == (1, 1)


def test_the_groups_date_moves_for_those_who_had_it_from_the_group(group, trainer):
    course = CourseFactory(days_to_complete=30)
    usual, moved = LearnerFactory(), LearnerFactory()
    actions.add_members(group=group, participants=[usual, moved], by=trainer)
    actions.add_course(group=group, course=course, by=trainer, due_on=day(10))
    actions.set_due(enrolment=moved.enrolments.get(), due_on=day(15), by=trainer)
    actions.add_course(group=group, course=course, by=trainer, due_on=day(20))
    assert (usual.enrolments.get().due_on, moved.enrolments.get().due_on) == (day(20), day(15))
    actions.add_course(group=group, course=course, by=trainer, due_on=None)
    assert usual.enrolments.get().due_on == day(30)


def test_leaving_the_group_ends_nothing(group, trainer):
    who, course = LearnerFactory(), CourseFactory()
    actions.add_members(group=group, participants=[who], by=trainer)
    actions.add_course(group=group, course=course, by=trainer)
    assert actions.remove_member(group=group, participant=who, by=trainer)
    assert not actions.remove_member(group=group, participant=who, by=trainer)
    assert (GroupMember.objects.count(), who.enrolments.get().withdrawn_at) == (0, None)
    actions.add_course(group=group, course=CourseFactory(), by=trainer)
    assert who.enrolments.count() == 1


def test_nobody_joins_an_archived_group_until_it_is_open_again(group, trainer):
    actions.archive_group(group=group, by=trainer)
    group.refresh_from_db()
    for deed in (
        lambda: actions.add_members(group=group, participants=[LearnerFactory()], by=trainer),
        lambda: actions.add_course(group=group, course=CourseFactory(), by=trainer),
    ):
        with pytest.raises(GroupError):
            deed()
    actions.restore_group(group=group, by=trainer)
    actions.add_members(group=group, participants=[LearnerFactory()], by=trainer)
    assert GroupMember.objects.count() == 1


def people(count, start=0):
    return create_participants(
        [
            {"full_name": f"Learner {number}", "email": f"l{number}@example.org", "language": "uk"}
            for number in range(start, start + count)
        ]
    )


def test_a_group_of_three_hundred_takes_few_statements_more_than_one_of_three(
    trainer, django_assert_max_num_queries
):
    def statements(count, start):
        group = Group.objects.create(name="A", made_by=trainer)
        actions.add_members(group=group, participants=people(count, start), by=trainer)
        with django_assert_max_num_queries(60) as captured:
            actions.add_course(group=group, course=CourseFactory(), by=trainer, due_on=day(3))
        return [one["sql"].split()[0] for one in captured.captured_queries]

    few, many = statements(3, 0), statements(300, 1000)
    # What grows is only how many rows SQLite takes in one INSERT.
    assert [one for one in few if one != "INSERT"] == [one for one in many if one != "INSERT"]
    assert Message.objects.filter(purpose="courses.enrolled", language="uk").count() == 303


def test_those_whom_staff_enrolled_are_told_with_a_link_of_their_own(
    group, trainer, mailoutbox, django_capture_on_commit_callbacks
):
    from notifications.actions import send_due

    who = create_participant(full_name="Olena Koval", email="olena@example.org", language="uk")
    actions.add_members(group=group, participants=[who], by=trainer)
    actions.add_course(group=group, course=CourseFactory(), by=trainer)
    assert send_due() == 1
    (mail,) = mailoutbox
    assert (mail.to, "/uk/" in mail.body) == (["olena@example.org"], True)
    assert "Курс" in mail.body


# Pages


@pytest.fixture
def at_work(client, trainer):
    client.force_login(trainer)
    return client


def test_a_trainer_makes_a_group_gives_it_a_course_and_adds_somebody(at_work, trainer):
    course = CourseFactory()
    made = at_work.post(reverse("oberih_courses:group_new"), {"name": "Class of May"})
    group = Group.objects.get()
    assert (made.url, group.made_by) == (reverse("oberih_courses:group", args=[group.uuid]), trainer)
    at_work.post(
        reverse("oberih_courses:group_add_course", args=[group.uuid]), {"course": course.pk, "due_on": day(4)}
    )
    person = {"full_name": "Olena Koval", "email": "Olena@example.org", "phone": "", "language": "uk"}
    for _time in range(2):
        at_work.post(reverse("oberih_courses:group_add_member", args=[group.uuid]), person)
    who = Participant.objects.get()
    assert (who.full_name, who.email, who.language) == ("Olena Koval", "olena@example.org", "uk")
    assert taking(group) == [(who, course, day(4))]
    page = text_of(at_work.get(made.url))
    assert ("Olena Koval 0 of 1 course completed" in page, "1 person" in page) == (True, True)


def test_a_person_without_a_contact_is_not_added(at_work, group):
    answer = at_work.post(
        reverse("oberih_courses:group_add_member", args=[group.uuid]),
        {"full_name": "Olena Koval", "language": "uk"},
    )
    assert (answer.status_code, Participant.objects.count()) == (400, 0)
    assert "Give an e-mail or a phone number, one of them." in text_of(answer)


def test_a_member_is_removed_and_their_date_moved(at_work, group, trainer):
    who = LearnerFactory()
    actions.add_members(group=group, participants=[who], by=trainer)
    actions.add_course(group=group, course=CourseFactory(), by=trainer, due_on=day(4))
    page = at_work.get(reverse("oberih_courses:group_member", args=[group.uuid, who.uuid]))
    assert "Due in 4 days" in text_of(page)
    enrolment = who.enrolments.get()
    at_work.post(reverse("oberih_courses:due", args=[enrolment.uuid]), {"due_on": day(9)})
    enrolment.refresh_from_db()
    at_work.post(reverse("oberih_courses:group_remove_member", args=[group.uuid, who.uuid]))
    assert (enrolment.due_on, GroupMember.objects.count(), Enrolment.objects.count()) == (day(9), 0, 1)


def test_another_trainer_finds_no_such_group(client, group, trainer):
    who = LearnerFactory()
    actions.add_members(group=group, participants=[who], by=trainer)
    actions.add_course(group=group, course=CourseFactory(), by=trainer)
    client.force_login(StaffFactory(role="trainer"))
    here, enrolment = [group.uuid], who.enrolments.get()
    answers = [
        client.get(reverse("oberih_courses:group", args=here)),
        client.get(reverse("oberih_courses:group_member", args=[*here, who.uuid])),
        client.post(reverse("oberih_courses:group_add_member", args=here)),
        client.post(reverse("oberih_courses:group_add_course", args=here)),
        client.post(reverse("oberih_courses:group_archive", args=here), {"do": "archive"}),
        client.post(reverse("oberih_courses:group_remove_member", args=[*here, who.uuid])),
        client.get(reverse("oberih_courses:list_into_group", args=here)),
        client.post(reverse("oberih_courses:due", args=[enrolment.uuid]), {"due_on": ""}),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert "Border guards" not in text_of(client.get(reverse("oberih_courses:groups")))


def test_a_manager_sees_names_of_a_group_within_their_scope_after_saying_why(client, group, trainer):
    actions.add_members(group=group, participants=[LearnerFactory(full_name="Olena Koval")], by=trainer)
    Group.objects.update(project=Project.objects.create(code="one", label="One"))
    near, far = UserFactory(), UserFactory()
    grant(near, "manager", project="one")
    grant(far, "manager", project="two")
    url = reverse("oberih_courses:group", args=[group.uuid])
    client.force_login(far)
    assert client.get(url).status_code == 404
    client.force_login(near)
    assert client.get(url).status_code == 302
    say_why(client, group.subject_key)
    assert "Olena Koval" in text_of(client.get(url))
    entry = AuditEntry.objects.filter(action="see", subject="group").latest("pk")
    assert (entry.actor, entry.reason) == (near, "A test looks at the names.")


def test_a_focal_point_sees_the_groups_of_their_organisation_and_changes_nothing(client, group, trainer):
    actions.add_members(group=group, participants=[LearnerFactory(full_name="Olena Koval")], by=trainer)
    Group.objects.update(organisation=Organisation.objects.create(code="police", label="Police"))
    near, far = UserFactory(), UserFactory()
    grant(near, "focal_point", organisation="police")
    grant(far, "focal_point", organisation="school")
    url = reverse("oberih_courses:group", args=[group.uuid])
    client.force_login(far)
    assert client.get(url).status_code == 404
    client.force_login(near)
    page = client.get(url)
    # The form of the menu, to log out, is the only one.
    forms = [part for part in page.content.decode().split("<form")[1:] if "logout" not in part]
    assert ("Olena Koval" in text_of(page), forms) == (True, [])
    refused = client.post(reverse("oberih_courses:group_archive", args=[group.uuid]), {"do": "archive"})
    assert refused.status_code == 403


def test_the_pages_of_groups_take_as_many_statements_for_thirty_as_for_three(
    at_work, trainer, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked(url):
        at_work.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert at_work.get(url).status_code == 200
        return len(captured)

    counts = []
    for number, start in ((3, 0), (30, 100)):
        group = Group.objects.create(name="A", made_by=trainer)
        for _course in range(number // 3):
            actions.add_course(group=group, course=CourseFactory(), by=trainer)
        actions.add_members(group=group, participants=people(number, start), by=trainer)
        member = group.members.first().participant
        counts.append(
            [
                asked(reverse("oberih_courses:groups")),
                asked(reverse("oberih_courses:group", args=[group.uuid])),
                asked(reverse("oberih_courses:group_member", args=[group.uuid, member.uuid])),
            ]
        )
    assert counts[0] == counts[1]
