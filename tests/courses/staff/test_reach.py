"""Whose learning trainers and managers may see."""

import pytest

from courses.models import Course, Enrolment, Group, GroupCourse
from events.models import Registration
from participants import sameness
from safeguarding.models import Role
from tests.courses.factories import CourseFactory, EnrolmentFactory, LearnerFactory
from tests.courses.staff.conftest import registered, staff
from tests.events.factories import EventFactory
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def seen(user):
    return set(Enrolment.objects.for_trainer(user))


def test_a_trainer_sees_the_people_of_their_trainings_and_not_whoever_else_takes_the_course(
    course, event, trainer, charlie
):
    mine, stranger = registered(event), EnrolmentFactory(course=course)
    assert (seen(trainer), set(Course.objects.for_trainer(trainer))) == ({mine}, {course})
    assert (seen(charlie) & {mine, stranger}, course in Course.objects.for_trainer(charlie)) == (set(), False)
    assert set(Enrolment.objects.trained_by(trainer)) == {mine}


def test_another_training_that_delivers_the_same_course_opens_its_own_people_only(course, event, trainer, charlie):
    mine = registered(event)
    other = EventFactory(course=course)
    other.trainers.add(charlie)
    theirs = registered(other)
    assert (seen(trainer), seen(charlie)) == ({mine}, {theirs})


def test_who_gave_their_place_back_is_no_longer_seen(event, trainer):
    registered(event)
    Registration.objects.update(status="cancelled")
    assert seen(trainer) == set()


def test_a_person_known_under_two_rows_is_one_person(course, event, trainer):
    mine = registered(event)
    other = EnrolmentFactory(course=course, participant=LearnerFactory())
    sameness.merge(kept=other.participant, other=mine.participant, by=UserFactory())
    assert seen(trainer) == {mine, other}


@pytest.mark.parametrize(
    ("role", "scope", "sees"),
    [
        (Role.MANAGER, {}, True),
        (Role.MANAGER, {"project": "shelter"}, True),
        (Role.MANAGER, {"project": "other"}, False),
        (Role.MANAGER, {"country": "PL"}, False),
        (Role.MANAGER, {"organisation": "one"}, False),
        (Role.MANAGER, {"country": "UA", "project": "shelter"}, False),
        (Role.TRAINER, {"project": "shelter"}, True),
        (Role.TRAINER, {"project": "other"}, False),
        (Role.TRAINER, {}, False),
        (Role.EDITOR, {}, False),
        (Role.FOCAL_POINT, {"organisation": "one"}, False),
        (Role.ADMINISTRATOR, {}, True),
    ],
)
def test_a_project_opens_all_learners_of_its_courses(course, role, scope, sees):
    enrolment = EnrolmentFactory(course=course)
    user = staff(role, **scope)
    assert (enrolment in seen(user), course in Course.objects.for_trainer(user)) == (sees, sees)
    # They manage them; they do not train them, so they say why before they see a name.
    assert not Enrolment.objects.trained_by(user).exists()


def test_a_manager_of_a_country_sees_who_is_trained_in_it(course, event):
    mine = registered(event)
    EnrolmentFactory(course=course)
    assert seen(staff(Role.MANAGER, country="UA")) == {mine}
    assert seen(staff(Role.MANAGER, country="PL")) == set()


def test_whoever_made_a_group_sees_who_learns_in_it(trainer, charlie):
    group = Group.objects.create(name="Evening", made_by=trainer)
    course = CourseFactory()
    GroupCourse.objects.create(group=group, course=course)
    enrolment = EnrolmentFactory(course=course, group=group)
    assert (seen(trainer), course in Course.objects.for_trainer(trainer)) == ({enrolment}, True)
    assert enrolment not in seen(charlie)
