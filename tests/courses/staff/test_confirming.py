import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from courses import actions
from courses.actions import Confirmed
from courses.exceptions import ConfirmationRefusedError, NotEnrolledError
from courses.models import Confirmation, Enrolment, LessonProgress, LessonState
from events.models import Registration
from participants.names import fold
from safeguarding.models import AuditEntry, Role
from tests.courses.factories import AssessmentFactory, EnrolmentFactory, LearnerFactory, LessonFactory
from tests.courses.staff.conftest import registered, staff
from tests.factories import say_why

pytestmark = pytest.mark.django_db

DAY = dt.date(2022, 8, 1)
SAID = {"on": DAY, "language": "uk", "reason": "Signed list of the shelter"}
TYPED = {"lesson": "course", "on": "2022-08-01", "language": "uk", "reason": "Signed list of the shelter"}


def noon(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def test_a_confirmed_lesson_is_completed_on_its_day(course, trainer):
    enrolment, lesson = EnrolmentFactory(course=course), course.lessons.first()
    actions.confirm(enrolment=enrolment, lesson=lesson, by=trainer, **SAID)
    progress = LessonProgress.objects.get()
    assert (progress.lesson, progress.state, progress.completed_at, progress.language) == (
        lesson,
        LessonState.COMPLETED,
        noon(DAY),
        "uk",
    )
    enrolment.refresh_from_db()
    assert enrolment.completed_at is None


def test_the_last_lesson_that_is_confirmed_completes_the_course(course, trainer):
    enrolment = EnrolmentFactory(course=course)
    for lesson in course.lessons.all():
        actions.confirm(enrolment=enrolment, lesson=lesson, by=trainer, **SAID)
    enrolment.refresh_from_db()
    assert (enrolment.completed_at is not None, enrolment.completed_language) == (True, "uk")


def test_a_confirmed_course_is_completed_whatever_it_asks(
    course, trainer, heard, django_capture_on_commit_callbacks
):
    AssessmentFactory(course=course)
    enrolment = EnrolmentFactory(course=course)
    with django_capture_on_commit_callbacks(execute=True):
        first = actions.confirm(enrolment=enrolment, by=trainer, **SAID)
        again = actions.confirm(enrolment=enrolment, by=trainer, **{**SAID, "reason": "Another reason"})
    assert first == again
    enrolment.refresh_from_db()
    assert (enrolment.completed_at, enrolment.completed_language) == (noon(DAY), "uk")
    assert Confirmation.objects.values_list("reason", "by").get() == ("Signed list of the shelter", trainer.pk)
    assert heard == [("course_completed", enrolment.pk)]
    assert AuditEntry.objects.filter(action="confirm").count() == 1


def test_what_cannot_be_confirmed_is_refused(course, trainer):
    enrolment = EnrolmentFactory(course=course)
    with pytest.raises(ConfirmationRefusedError):
        actions.confirm(enrolment=enrolment, lesson=LessonFactory(), by=trainer, **SAID)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    with pytest.raises(ConfirmationRefusedError):
        actions.confirm(enrolment=enrolment, by=trainer, **{**SAID, "on": tomorrow})
    with pytest.raises(NotEnrolledError):
        actions.confirm(enrolment=EnrolmentFactory(withdrawn_at=timezone.now()), by=trainer, **SAID)
    assert not Confirmation.objects.exists()


def test_many_are_confirmed_at_once_or_nobody(course, trainer):
    before, now = EnrolmentFactory(course=course), EnrolmentFactory(course=course)
    actions.confirm(enrolment=before, by=trainer, **SAID)
    person = LearnerFactory(birth_year=2004)
    done = actions.confirm_all(course=course, enrolments=[before, now], people=[person], by=trainer, **SAID)
    assert done == Confirmed(confirmed=2, known=1, enrolled=1)
    assert Enrolment.objects.exclude(completed_at=None).count() == 3
    # Counted by the age of the day on which they learned, not of the day on which it is typed.
    assert Enrolment.objects.get(participant=person).age_band == "A18_24"
    with pytest.raises(ConfirmationRefusedError):
        actions.confirm_all(
            course=course,
            enrolments=[],
            people=[LearnerFactory()],
            by=trainer,
            **{**SAID, "on": timezone.localdate() + dt.timedelta(days=1)},
        )
    assert Enrolment.objects.count() == 3


def address(course):
    return reverse("oberih_courses:confirm", args=[course.pk])


def test_a_trainer_confirms_from_the_list_and_by_name(client, course, event, trainer):
    enrolment = registered(event, "Olena Koval")
    other = LearnerFactory(full_name="Наталія Мельник")
    other.name_key = fold(other.full_name)
    other.save()
    Registration.objects.create(
        event=event, participant=other, status="confirmed", confirmed_at=timezone.now(), language="uk"
    )
    client.force_login(trainer)
    assert "Olena Koval" in client.get(address(course)).content.decode()
    response = client.post(
        address(course), {**TYPED, "learners": [str(enrolment.uuid)], "others": "Мельник Наталія\n"}, follow=True
    )
    assert [str(one) for one in response.context["messages"]] == [
        "2 people are confirmed. 1 of them was enrolled."
    ]
    assert set(Enrolment.objects.exclude(completed_at=None).values_list("participant__full_name", flat=True)) == {
        "Olena Koval",
        "Наталія Мельник",
    }


def test_whoever_is_not_of_their_trainings_is_not_found(client, course, event, trainer):
    stranger = EnrolmentFactory(
        course=course, participant=LearnerFactory(full_name="Petro", email="p@example.org")
    )
    client.force_login(trainer)
    response = client.post(address(course), {**TYPED, "others": "p@example.org\nPetro"})
    assert response.status_code == 400
    assert response.context["form"].errors["others"] == [
        "Nobody of your trainings fits “p@example.org”.",
        "Nobody of your trainings fits “Petro”.",
    ]
    response = client.post(address(course), {**TYPED, "learners": [str(stranger.uuid)]})
    assert response.status_code == 400
    assert not Confirmation.objects.exists()


def test_names_that_several_people_bear_are_asked_about(client, course, event, trainer):
    for _time in range(2):
        person = registered(event, "Olena Koval").participant
        person.name_key = fold("Olena Koval")
        person.save()
    client.force_login(trainer)
    response = client.post(address(course), {**TYPED, "others": "Koval Olena"})
    assert response.context["form"].errors["others"] == [
        "Several people fit “Koval Olena”. Give their e-mail or phone."
    ]


def test_nobody_and_tomorrow_are_said_to_be_wrong(client, course, event, trainer):
    client.force_login(trainer)
    response = client.post(address(course), TYPED)
    assert response.context["form"].non_field_errors() == ["Choose somebody, or write who it was."]
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    response = client.post(address(course), {**TYPED, "on": tomorrow.isoformat()})
    assert response.context["form"].errors["on"] == ["That day is still to come."]


def test_charlie_confirms_nobody(client, course, event, trainer, charlie):
    enrolment = registered(event)
    client.force_login(charlie)
    assert client.post(address(course), {**TYPED, "learners": [str(enrolment.uuid)]}).status_code == 404
    client.force_login(staff(Role.MANAGER, project="other"))
    assert client.get(address(course)).status_code == 404


def test_a_manager_says_why_before_they_see_names_or_find_them(client, course):
    client.force_login(staff(Role.MANAGER, project="shelter"))
    assert "/reason/" in client.get(address(course)).url
    say_why(client, f"course:{course.pk}")
    assert client.get(address(course)).status_code == 200
