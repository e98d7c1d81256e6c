"""Invitations to a course: one person, one use, two weeks."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from courses import actions
from courses.actions.inviting import by_token, hashed
from courses.exceptions import InvitationError, PrerequisiteMissingError
from courses.models import Course, Enrolment, EnrolmentInvitation, Group, Prerequisite
from participants.actions import create_participant
from participants.models import Participant
from safeguarding.models import AuditEntry
from tests.courses import trees
from tests.courses.factories import CourseFactory, LearnerFactory
from tests.courses.test_pages import text_of
from tests.factories import StaffFactory, UserFactory, say_why

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(index):
    page, _module, _lessons = trees.course(index)
    Course.objects.update(access="closed")
    return Course.objects.get(key=page.translation_key)


@pytest.fixture
def manager():
    return StaffFactory(role="manager")


@pytest.fixture
def olena():
    return create_participant(full_name="Olena Koval", email="olena@example.org", language="en")


@pytest.fixture
def invited(course, manager, olena, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return actions.invite(course=course, participant=olena, by=manager)


def link(mail):
    return re.search(r"https?://[^/\s]+(/\S*invitation/\S+)", mail.body)[1]


def test_the_mail_says_little_and_only_its_hash_is_kept(invited, mailoutbox):
    (mail,) = mailoutbox
    token = link(mail).rstrip("/").split("/")[-1]
    invited.refresh_from_db()
    assert (mail.to, mail.subject) == (["olena@example.org"], "You are invited to a course")
    assert invited.token_hash == hashed(token)
    assert by_token(token) == invited


def test_opening_changes_nothing_and_one_click_takes_the_course(client, invited, olena, mailoutbox):
    url = link(mailoutbox[0])
    page = client.get(url)
    assert ("Safe journeys" in text_of(page), Enrolment.objects.count()) == (True, 0)
    assert "Olena" not in text_of(page)
    assert client.post(url).status_code == 302
    enrolment = Enrolment.objects.get()
    assert (enrolment.participant, enrolment.source) == (olena, f"invitation:{invited.pk}")
    assert olena.contact_keys.proved().count() == 1
    # Without an account, this browser knows who they are now.
    assert "Safe journeys" in text_of(client.get(reverse("oberih_courses:learning")))
    assert (client.get(url).status_code, client.post(url).status_code) == (410, 410)
    assert Enrolment.objects.count() == 1


def test_two_weeks_later_it_is_over(client, invited, mailoutbox):
    url = link(mailoutbox[0])
    with time_machine.travel(timezone.now() + dt.timedelta(days=15), tick=False):
        assert (client.get(url).status_code, client.post(url).status_code) == (410, 410)
    assert Enrolment.objects.count() == 0


def test_a_second_mail_ends_the_first_link(
    client, invited, manager, mailoutbox, django_capture_on_commit_callbacks
):
    with time_machine.travel(timezone.now() + dt.timedelta(days=15)):
        with django_capture_on_commit_callbacks(execute=True):
            actions.invite_again(invitation=invited, by=manager)
        first, second = mailoutbox
        assert (client.get(link(first)).status_code, client.get(link(second)).status_code) == (410, 200)


def test_what_was_taken_back_opens_nothing_and_may_be_sent_anew(client, invited, manager, mailoutbox):
    actions.withdraw_invitation(invitation=invited, by=manager)
    assert client.post(link(mailoutbox[0])).status_code == 410
    with pytest.raises(InvitationError):
        actions.invite_again(invitation=invited, by=manager)
    assert actions.invite(course=invited.course, participant=invited.participant, by=manager)


def test_one_person_is_invited_once_and_not_to_what_they_take(invited, course, olena, manager):
    with pytest.raises(InvitationError, match="invited already"):
        actions.invite(course=course, participant=olena, by=manager)
    actions.accept_invitation(invitation=invited)
    with pytest.raises(InvitationError, match="takes this course already"):
        actions.invite(course=course, participant=olena, by=manager)
    with pytest.raises(InvitationError, match="no longer open"):
        actions.accept_invitation(invitation=invited)


def test_without_an_address_nobody_is_invited(course, manager):
    with pytest.raises(InvitationError):
        actions.invite(course=course, participant=LearnerFactory(phone="+380671234567"), by=manager)


def test_before_what_comes_first_it_takes_a_reason(course, olena, manager):
    Prerequisite.objects.create(course=course, required=CourseFactory())
    with pytest.raises(PrerequisiteMissingError):
        actions.invite(course=course, participant=olena, by=manager)
    invitation = actions.invite(course=course, participant=olena, by=manager, reason="Learned it elsewhere")
    assert AuditEntry.objects.get(action="invite").reason == "Learned it elsewhere"
    assert actions.accept_invitation(invitation=invitation).course == course


def test_an_invitation_into_a_group_joins_it(course, olena, manager):
    group = Group.objects.create(name="A class")
    other = CourseFactory()
    actions.add_course(group=group, course=other, by=manager)
    invitation = actions.invite(course=course, participant=olena, by=manager, group=group)
    assert actions.accept_invitation(invitation=invitation).group == group
    assert set(olena.enrolments.values_list("course", flat=True)) == {course.pk, other.pk}


def test_whoever_is_logged_in_as_somebody_else_takes_nothing(client, invited, mailoutbox):
    other = UserFactory(email="other@example.org")
    create_participant(full_name="Other", email="other@example.org", user=other)
    client.force_login(other)
    url = link(mailoutbox[0])
    page = text_of(client.get(url))
    assert ("You are logged in as somebody else" in page, "olena@example.org" in page) == (True, False)
    client.post(url)
    assert Enrolment.objects.count() == 0


def test_whose_account_has_the_address_takes_it_logged_in(client, invited, olena, mailoutbox):
    user = UserFactory(email="olena@example.org")
    client.force_login(user)
    url = link(mailoutbox[0])
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 302
    olena.refresh_from_db()
    assert (olena.user, Enrolment.objects.get().participant) == (user, olena)


def test_an_erased_person_and_an_archived_course_have_no_invitation(client, invited, mailoutbox):
    url = link(mailoutbox[0])
    Course.objects.update(archived_at=timezone.now())
    assert client.get(url).status_code == 410
    assert by_token("nonsense") is None


# The manager's page


def test_a_manager_invites_sends_again_and_withdraws(client, course, manager):
    client.force_login(manager)
    url = reverse("oberih_courses:enrolling", args=[course.pk])
    assert client.get(url).status_code == 302
    say_why(client, f"enrolment:{course.pk}")
    person = {"full_name": "Olena Koval", "email": "olena@example.org", "language": "uk", "how": "invite"}
    assert client.post(reverse("oberih_courses:enrol_person", args=[course.pk]), person).url == url
    twice = client.post(reverse("oberih_courses:enrol_person", args=[course.pk]), person)
    assert (twice.status_code, "invited already" in text_of(twice)) == (400, True)
    # What was refused leaves no second row of the same person.
    assert Participant.objects.count() == 1
    row = EnrolmentInvitation.objects.get()
    assert "Olena Koval" in text_of(client.get(url))
    change = reverse("oberih_courses:change_invitation", args=[row.pk])
    before = row.invited_at
    client.post(change, {"do": "again"})
    row.refresh_from_db()
    assert row.invited_at > before
    client.post(change, {"do": "withdraw"})
    assert EnrolmentInvitation.objects.count() == 0


def test_a_manager_enrols_at_once_and_answers_requests(client, course, manager, olena):
    Course.objects.update(access="approval")
    course.refresh_from_db()
    client.force_login(manager)
    say_why(client, f"enrolment:{course.pk}")
    person = {"full_name": "Petro Bondar", "email": "petro@example.org", "language": "uk", "how": "enrol"}
    client.post(reverse("oberih_courses:enrol_person", args=[course.pk]), person)
    assert Enrolment.objects.get().source == "staff"
    asked = actions.ask(participant=olena, course=course, language="en", motivation="I meet people.")
    url = reverse("oberih_courses:request", args=[asked.uuid])
    assert "I meet people." in text_of(client.get(url))
    assert "1 person asks" in text_of(client.get(reverse("oberih_courses:enrolling_courses")))
    client.post(url, {"do": "approve", "answer": "Welcome"})
    assert olena.enrolments.get().source == f"request:{asked.uuid}"
    again = client.post(url, {"do": "decline"})
    assert (again.status_code, "answered or taken back" in text_of(again)) == (400, True)


def test_a_manager_of_another_project_finds_no_such_course(client, course, manager, olena):
    from participants.models import Project
    from tests.factories import grant

    Course.objects.update(access="approval", project=Project.objects.create(code="one", label="One"))
    course.refresh_from_db()
    asked = actions.ask(participant=olena, course=course, language="en")
    invitation = actions.invite(course=course, participant=LearnerFactory(email="a@example.org"), by=manager)
    charlie = UserFactory()
    grant(charlie, "manager", project="two")
    client.force_login(charlie)
    answers = [
        client.get(reverse("oberih_courses:enrolling", args=[course.pk])),
        client.post(reverse("oberih_courses:enrol_person", args=[course.pk])),
        client.get(reverse("oberih_courses:list_into_course", args=[course.pk])),
        client.post(reverse("oberih_courses:request", args=[asked.uuid]), {"do": "approve"}),
        client.post(reverse("oberih_courses:change_invitation", args=[invitation.pk]), {"do": "withdraw"}),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    asked.refresh_from_db()
    assert asked.decision == "waiting"
