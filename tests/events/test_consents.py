"""What follows in registrations, enrolments and certificates when somebody changes their mind."""

import datetime as dt

import pytest
from django.utils import timezone

from attendance import actions as attendance
from certificates import actions as certificates
from certificates.models import Certificate
from courses import actions as courses
from courses.models import Enrolment
from events import consents
from events.models import Registration, Status
from notifications import work
from participants import actions as participants
from participants.models import ConsentText, Participant, Purpose
from tests.attendance.factories import ParticipantFactory, a_training
from tests.events.factories import CourseFactory, EventFactory, known, register
from tests.events.test_pages import remember

pytestmark = pytest.mark.django_db


def change(participant, purpose, given, subject_key=""):
    text = ConsentText.objects.filter(purpose=purpose).order_by("version").last()
    return participants.change_consent(
        participant=participant, text=text, given=given, language="en", subject_key=subject_key
    )


def agreed(participant, purpose, given=True, event=None):
    participants.record_consents(
        participant, {purpose: given}, language="en", subject_key=event.subject_key if event else ""
    )


def placed(event, who):
    return register(event, participant=who, full_name=who.full_name, email=who.email, sex="F").registration


def test_the_place_is_given_back_and_offered_to_the_next(client, django_capture_on_commit_callbacks):
    event, olena = EventFactory(capacity=1), known()
    mine, waiting = placed(event, olena), register(event, 2).registration
    other = placed(EventFactory(), olena)
    participants.record_consents(olena, {Purpose.REGISTER: True}, language="en", subject_key=event.subject_key)
    remember(client, olena)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            "/en/my-consents/",
            {"purpose": "register", "given": "no", "version": 1, "subject": event.subject_key},
        )
    assert [Registration.objects.get(pk=one.pk).status for one in (mine, waiting, other)] == [
        Status.CANCELLED,
        Status.OFFERED,
        Status.CONFIRMED,
    ]


def test_a_place_at_an_event_that_began_is_not_given_back(client):
    event, olena = EventFactory(), known()
    mine = placed(event, olena)
    agreed(olena, Purpose.REGISTER, event=event)
    event.sessions.update(starts_at=timezone.now() - dt.timedelta(hours=1))
    remember(client, olena)
    (register_of,) = [
        one for one in client.get("/en/my-consents/").context["agreements"] if one.purpose == Purpose.REGISTER
    ]
    assert [answer.may_withdraw for answer in register_of.answers if answer.subject] == [False]
    assert consents.follow(change(olena, Purpose.REGISTER, False, event.subject_key).pk) == 0
    mine.refresh_from_db()
    assert mine.status == Status.CONFIRMED


def test_a_withdrawal_whose_news_was_lost_is_found_by_the_sweep():
    event, olena = EventFactory(), known()
    mine = placed(event, olena)
    change(olena, Purpose.REGISTER, False, event.subject_key)
    assert (work.run_sweeps()["events.consents"], work.run_sweeps()["events.consents"]) == (1, 0)
    mine.refresh_from_db()
    assert mine.status == Status.CANCELLED


def test_whoever_registers_again_keeps_the_new_place():
    event, olena = EventFactory(), known()
    placed(event, olena)
    change(olena, Purpose.REGISTER, False, event.subject_key)
    work.run_sweeps()
    again = placed(event, olena)
    assert work.run_sweeps()["events.consents"] == 0
    again.refresh_from_db()
    assert again.status == Status.CONFIRMED


def test_answers_are_no_longer_counted_where_the_books_are_still_open():
    olena, course = known(), CourseFactory()
    soon, closed = EventFactory(course=course), EventFactory()
    placed(soon, olena)
    placed(closed, olena)
    closed.state, closed.counted_by = "closed", "attendance"
    closed.save()
    Enrolment.objects.update(sex="F", age_band="A25_35")
    done = courses.enrol(participant=olena, course=CourseFactory())
    Enrolment.objects.filter(pk=done.pk).update(sex="F", completed_at=timezone.now(), completed_language="en")
    change(olena, Purpose.STATISTICS, False)
    for expected in (1, 0):
        done = work.run_sweeps()
        assert (done["events.consents"], done["courses.consents"]) == (expected, expected)
    counted = Registration.objects.order_by("pk").values_list("event", "sex", "status")
    assert list(counted) == [(soon.pk, "U", "confirmed"), (closed.pk, "F", "confirmed")]
    assert list(Enrolment.objects.order_by("pk").values_list("sex", "age_band")) == [("U", "AUNK"), ("F", "AUNK")]


def test_a_later_registration_in_which_answers_may_be_counted_is_counted_by_them():
    olena = known()
    change(olena, Purpose.STATISTICS, False)
    made = placed(EventFactory(), olena)
    work.run_sweeps()
    made.refresh_from_db()
    assert made.sex == "F"


@pytest.fixture
def attended():
    """One who attended all of an event whose register is closed, and nothing was weighed yet."""
    event, session, (first, *_), trainer = a_training(people=1)
    attendance.mark_all_present(session=session, by=trainer)
    attendance.close_register(session=session, by=trainer)
    return event, first.participant


def test_no_certificate_is_made_until_somebody_agrees_again(attended):
    event, who = attended
    agreed(who, Purpose.CERTIFICATE, False, event)
    assert certificates.evaluate_lost() == 0
    assert certificates.evaluate_lost() == 0
    change(who, Purpose.CERTIFICATE, True)
    assert certificates.evaluate_lost() == 1
    assert certificates.evaluate_lost() == 0


def test_agreeing_again_is_heard_at_once(attended, django_capture_on_commit_callbacks):
    event, who = attended
    agreed(who, Purpose.CERTIFICATE, False, event)
    certificates.evaluate_lost()
    with django_capture_on_commit_callbacks(execute=True):
        change(who, Purpose.CERTIFICATE, True)
    assert list(Certificate.objects.values_list("participant", "state")) == [(who.pk, "issued")]


def test_a_certificate_that_is_being_prepared_stops_and_goes_on(attended):
    _event, who = attended
    certificates.evaluate_lost()
    change(who, Purpose.CERTIFICATE, False)
    pending = Certificate.objects.get()
    assert (certificates.issue(pending.pk), certificates.issue_owed()) == (False, 0)
    change(who, Purpose.CERTIFICATE, True)
    assert certificates.issue_owed() == 1


def test_an_issued_certificate_stays(attended):
    _event, who = attended
    certificates.evaluate_lost()
    certificates.issue_owed()
    change(who, Purpose.CERTIFICATE, False)
    work.run_sweeps()
    assert Certificate.objects.get().state == "issued"


def test_the_answer_of_one_event_says_nothing_about_another(attended):
    event, who = attended
    agreed(who, Purpose.CERTIFICATE, True, event)
    agreed(who, Purpose.CERTIFICATE, False, EventFactory())
    assert certificates.evaluate_lost() == 1


def test_the_root_answers_for_a_row_that_was_merged(attended):
    _event, who = attended
    root = ParticipantFactory()
    Participant.objects.filter(pk=who.pk).update(merged_into=root)
    change(root, Purpose.CERTIFICATE, False)
    assert certificates.evaluate_lost() == 0
    change(root, Purpose.CERTIFICATE, True)
    assert certificates.evaluate_lost() == 1
