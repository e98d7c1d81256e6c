import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses import actions
from courses.models import Answer, Attempt
from courses.staff.waiting import waiting_for
from notifications.actions import send_due
from notifications.models import Message
from safeguarding.models import AuditEntry, Role
from tests.courses.factories import AssessmentFactory, EnrolmentFactory, QuestionFactory
from tests.courses.staff.conftest import registered, staff

pytestmark = pytest.mark.django_db

QUEUE = "oberih_courses:marking"


@pytest.fixture
def question():
    return QuestionFactory(kind="open", letters="", right="", points=4, text="What would you say first?")


@pytest.fixture
def assessment(course, question):
    return AssessmentFactory(course=course, questions=[question])


def written(enrolment, assessment, text, language="en"):
    """Hand in an attempt with this answer to its only question."""
    attempt = actions.start_attempt(enrolment=enrolment, assessment=assessment, language=language)
    actions.save_answer(attempt=attempt, item=attempt.drawn[0]["key"], chosen=[text], language=language)
    actions.submit_attempt(attempt=attempt, language=language)
    return Answer.objects.get(attempt=attempt, is_current=True)


def address(answer):
    return reverse("oberih_courses:mark", args=[answer.uuid])


def test_the_queue_holds_what_this_trainer_may_mark_the_oldest_first(event, assessment, trainer, charlie):
    answers = [written(registered(event), assessment, f"text {n}") for n in range(3)]
    written(EnrolmentFactory(course=event.course), assessment, "of nobody's training")
    Attempt.objects.filter(pk=answers[2].attempt_id).update(
        submitted_at=timezone.now() - timezone.timedelta(days=3)
    )
    assert [one.answer for one in waiting_for(trainer)] == [answers[2].uuid, answers[0].uuid, answers[1].uuid]
    assert waiting_for(charlie) == []


def test_an_open_attempt_and_an_empty_answer_wait_for_nobody(event, assessment, trainer):
    attempt = actions.start_attempt(enrolment=registered(event), assessment=assessment, language="en")
    actions.save_answer(attempt=attempt, item=attempt.drawn[0]["key"], chosen=["half"], language="en")
    assert waiting_for(trainer) == []


def test_the_page_shows_what_was_written_and_not_who_wrote_it(client, event, assessment, trainer):
    answer = written(registered(event, "Olena Koval"), assessment, "Are you safe?", language="uk")
    client.force_login(trainer)
    page = client.get(address(answer)).content.decode()
    assert "Are you safe?" in page
    assert '<blockquote class="ob-prose" lang="uk" dir="ltr">' in page
    assert "What would you say first?" in page
    assert f"Learner number {answer.enrolment_id}" in page
    assert "Koval" not in page
    assert "From 0 to 4." in page
    assert AuditEntry.objects.filter(actor=trainer, action="see", subject="answer").get().keys == [
        str(answer.uuid)
    ]


def test_marking_leads_to_the_next_answer_and_the_learner_is_told(
    client, event, assessment, trainer, django_capture_on_commit_callbacks
):
    first = registered(event, email="olena@example.org", language="uk")
    answer, following = written(first, assessment, "one"), written(registered(event), assessment, "two")
    client.force_login(trainer)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(address(answer), {"points": "3", "comment": "Good: you ask first."})
    assert (response.status_code, response.url) == (302, address(following))
    answer.refresh_from_db()
    assert (answer.points, answer.comment, answer.marked_by) == (3, "Good: you ask first.", trainer)
    attempt = Attempt.objects.get(pk=answer.attempt_id)
    assert (attempt.points, attempt.points_possible, attempt.passed) == (3, 4, False)
    send_due()
    message = Message.objects.get(purpose="courses.marked")
    assert (message.language, message.subject_key) == ("uk", str(attempt.uuid))
    [sent] = mail.outbox
    # Subjects stand on locked screens: nothing of the course is in it.
    assert str(assessment.title) not in sent.subject
    assert f"/learn/attempts/{attempt.uuid}/result/" in sent.body.replace("%2F", "/")
    response = client.post(address(following), {"points": "4"})
    assert response.url == reverse(QUEUE)


def test_too_many_points_are_refused(client, event, assessment, trainer):
    answer = written(registered(event), assessment, "one")
    client.force_login(trainer)
    assert client.post(address(answer), {"points": "5"}).status_code == 400
    assert client.post(address(answer), {}).status_code == 400
    answer.refresh_from_db()
    assert answer.points is None


def test_what_a_colleague_marked_meanwhile_is_not_marked_again(client, event, assessment, trainer):
    answer = written(registered(event), assessment, "one")
    actions.mark_answer(answer=answer, points=4, comment="", by=trainer)
    client.force_login(trainer)
    response = client.post(address(answer), {"points": "1"})
    assert response.url == reverse(QUEUE)
    answer.refresh_from_db()
    assert answer.points == 4


def test_charlie_marks_nobody_elses_learners(client, event, assessment, trainer, charlie):
    answer = written(registered(event), assessment, "one")
    client.force_login(charlie)
    assert (
        client.get(address(answer)).status_code,
        client.post(address(answer), {"points": "1"}).status_code,
    ) == (
        404,
        404,
    )
    assert "What would you say first?" not in client.get(reverse(QUEUE)).content.decode()
    client.force_login(staff(Role.EDITOR))
    assert client.get(reverse(QUEUE)).status_code == 403


def test_the_queue_takes_as_many_statements_with_thirty_answers(client, event, assessment, trainer):
    client.force_login(trainer)

    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(QUEUE)).status_code == 200
        return len(captured)

    for n in range(3):
        written(registered(event), assessment, f"text {n}")
    statements()
    with_three = statements()
    for n in range(27):
        written(registered(event), assessment, f"more {n}")
    assert statements() == with_three
    assert with_three <= 12
