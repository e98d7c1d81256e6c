import datetime as dt
import hashlib
import threading
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from attendance import actions as attendance
from attendance.models import MarkSource
from certificates import actions, rendering
from certificates.actions import earning
from certificates.exceptions import CertificateError, NotValidError
from certificates.models import MAX_ATTEMPTS, AwardRule, Certificate, Evaluation
from certificates.sweeps import owed
from events.models import CountBasis, Event, EventState, Registration, Session, Venue
from notifications.models import Message
from participants.models import Area, Consent, ConsentText, Purpose
from safeguarding.models import AuditEntry
from tests.attendance.factories import (
    ParticipantFactory,
    RegistrationFactory,
    SessionFactory,
    UserFactory,
    a_training,
)
from tests.certificates.factories import (
    AssessmentFactory,
    CertificateFactory,
    EnrolmentFactory,
    PassedAttemptFactory,
    an_issued_certificate,
)

pytestmark = pytest.mark.django_db


def mark(session, registration, status, by, **more):
    attendance.mark(
        session=session, registration=registration, status=status, by=by, source=MarkSource.TRAINER, **more
    )


def holders():
    return {one.participant.full_name: one.state for one in Certificate.objects.select_related("participant")}


@pytest.fixture
def two_days():
    """Two sessions of three hours; the second is half the time, and 80 % is asked for."""
    event, first, people, trainer = a_training(people=4)
    second = SessionFactory(
        event=event,
        date=dt.date(2026, 3, 3),
        starts_at=dt.datetime(2026, 3, 3, 7, tzinfo=dt.UTC),
        ends_at=dt.datetime(2026, 3, 3, 10, tzinfo=dt.UTC),
    )
    return event, (first, second), people, trainer


def test_whoever_attended_enough_of_the_minutes_is_awarded(two_days):
    event, (first, second), (full, late, half, excused), trainer = two_days
    for person in (full, late, half, excused):
        mark(first, person, "present", trainer)
    mark(second, full, "present", trainer)
    mark(second, late, "late", trainer, minutes=108)  # 288 of 360 is 80 %
    mark(second, half, "late", trainer, minutes=107)
    mark(second, excused, "excused", trainer)
    for session in (first, second):
        attendance.close_register(session=session, by=trainer)
    made = actions.evaluate_event(event.pk)
    assert {one.participant for one in made} == {full.participant, late.participant}
    assert holders() == {full.participant.full_name: "pending", late.participant.full_name: "pending"}


def test_sessions_of_another_parallel_group_are_asked_of_nobody(two_days):
    event, (first, second), (red, blue, lazy, free), trainer = two_days
    third = SessionFactory(event=event, date=second.date, starts_at=second.starts_at, ends_at=second.ends_at)
    groups = [event.groups.create(title=title) for title in ("Red", "Blue")]
    for group, session, people in zip(groups, (second, third), ([red, lazy], [blue]), strict=True):
        Session.objects.filter(pk=session.pk).update(group=group)
        Registration.objects.filter(pk__in=[one.pk for one in people]).update(group=group)
    for session, people in ((first, [red, blue, lazy, free]), (second, [red]), (third, [blue, free])):
        for person in people:
            mark(session, person, "present", trainer)
        attendance.close_register(session=Session.objects.get(pk=session.pk), by=trainer)
    made = actions.evaluate_event(event.pk)
    assert {one.participant for one in made} == {red.participant, blue.participant, free.participant}
    assert {one.snapshot["minutes"] for one in made} == {360}


def test_nobody_is_awarded_while_a_register_is_open(two_days):
    event, (first, second), _people, trainer = two_days
    for session in (first, second):
        attendance.mark_all_present(session=session, by=trainer)
    attendance.close_register(session=first, by=trainer)
    assert actions.evaluate_event(event.pk) == []
    Event.objects.filter(pk=event.pk).update(state=EventState.CLOSED, counted_by=CountBasis.ATTENDANCE)
    assert len(actions.evaluate_event(event.pk)) == 4


@pytest.mark.parametrize("change", [{"attendance_threshold": None}, {"state": EventState.CANCELLED}])
def test_event_that_gives_no_certificate(change):
    event, session, _people, trainer = a_training()
    attendance.mark_all_present(session=session, by=trainer)
    attendance.close_register(session=session, by=trainer)
    Event.objects.filter(pk=event.pk).update(**change)
    assert actions.evaluate_event(event.pk) == []
    assert Certificate.objects.count() == 0


def a_finished_training(people=3, **event):
    event, session, registrations, trainer = a_training(people=people, **event)
    attendance.mark_all_present(session=session, by=trainer)
    attendance.close_register(session=session, by=trainer)
    return event, session, registrations, trainer


def test_evaluating_again_awards_nothing_twice():
    event, *_rest = a_finished_training()
    assert [len(actions.evaluate_event(event.pk)) for _ in range(3)] == [3, 0, 0]


def test_a_revoked_certificate_is_not_awarded_again():
    event, _session, (first, *_), trainer = a_finished_training(people=1)
    (certificate,) = actions.evaluate_event(event.pk)
    actions.revoke(certificate=certificate, by=trainer, reason="Somebody else sat there.")
    assert actions.evaluate_event(event.pk) == []
    assert holders() == {first.participant.full_name: "revoked"}


def test_correction_after_closing_awards_whoever_it_helps():
    event, session, (first, *_), trainer = a_training(people=1)
    attendance.close_register(session=session, by=trainer)
    assert actions.evaluate_event(event.pk) == []
    mark(session, first, "present", trainer, reason="Signed the paper list.")
    assert len(actions.evaluate_event(event.pk)) == 1


def test_whoever_refused_certificates_gets_none_until_they_agree():
    event, _session, (first, *_), _trainer = a_finished_training(people=1)
    text = ConsentText.objects.create(purpose=Purpose.CERTIFICATE, version=99, text="…")
    Consent.objects.create(participant=first.participant, text=text, given=False, language="en")
    assert actions.evaluate_event(event.pk) == []
    Consent.objects.create(participant=first.participant, text=text, given=True, language="en")
    assert len(actions.evaluate_event(event.pk)) == 1


def test_an_erased_person_is_awarded_nothing():
    event, _session, (first, *_), _trainer = a_finished_training(people=1)
    nobody = first.participant
    for field in ("full_name", "latin_name", "name_key", "email"):
        setattr(nobody, field, "")
    nobody.erased_at = timezone.now()
    nobody.save()
    assert actions.evaluate_event(event.pk) == []


def test_threshold_that_changes_makes_a_new_version_of_the_rule():
    event, *_rest = a_finished_training()
    first = actions.rule_for_event(event)
    assert actions.rule_for_event(event) == first
    Event.objects.filter(pk=event.pk).update(attendance_threshold=50)
    actions.rule_for_event(event)
    rules = AwardRule.objects.filter(event=event).order_by("version").values_list("version", "attendance_percent")
    assert list(rules) == [(1, 80), (2, 50)]


def test_the_snapshot_keeps_what_was_true():
    event, _session, (first, *_), _trainer = a_finished_training(people=1, mode="online")
    (certificate,) = actions.evaluate_event(event.pk, now=dt.datetime(2026, 3, 3, 22, 30, tzinfo=dt.UTC))
    person = first.participant
    said = certificate.snapshot
    person.full_name = "Another Name"
    person.save()
    assert {key: said[key] for key in said if key != "paper"} == {
        "language": "en",
        "number": certificate.number,
        "verify_url": f"http://localhost:8000/v/{certificate.token}/",
        "name": "Олена Коваль " + said["name"].rsplit(" ", 1)[1],
        "latin_name": "Olena Koval " + said["name"].rsplit(" ", 1)[1],
        "title": "Counter-trafficking",
        "title_en": "Counter-trafficking",
        "issuer": "Oberih",
        # Half past midnight in Kyiv.
        "issued_on": "2026-03-04",
        "kind": "training",
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-03",
        "minutes": 180,
        "place": "Online",
        "organisers": [],
        "required": {"attendance_percent": 80},
    }
    assert said["paper"]["facts"] == [["Held", "2–3 March 2026"], ["Place", "Online"], ["Duration", "3 hours"]]


def test_the_paper_names_the_region_and_never_the_venue():
    event, *_rest = a_finished_training(people=1)
    event.areas.add(Area.objects.create(code="UA-46-X", label={"en": "Lviv oblast"}, country="UA"))
    event.venues.add(Venue.objects.create(name="Shelter, 5 Quiet Street", country="UA"))
    (certificate,) = actions.evaluate_event(event.pk)
    assert certificate.snapshot["place"] == "Lviv oblast, Ukraine"
    assert "Quiet Street" not in str(certificate.snapshot)


def test_certificate_speaks_the_language_of_the_registration():
    event, session, _people, trainer = a_training(people=0)
    registration = RegistrationFactory(event=event, language="uk")
    other = RegistrationFactory(event=event, language="xx", participant__language="zz")
    attendance.mark_all_present(session=session, by=trainer)
    attendance.close_register(session=session, by=trainer)
    made = {one.participant: one for one in actions.evaluate_event(event.pk)}
    assert (made[registration.participant].language, made[other.participant].language) == ("uk", "en")
    assert made[registration.participant].snapshot["title"] == "Протидія торгівлі людьми"


def test_evaluating_takes_as_many_statements_for_three_as_for_thirty():
    taken = []
    for people in (3, 30):
        event, *_rest = a_finished_training(people=people)
        with CaptureQueriesContext(connection) as statements:
            assert len(actions.evaluate_event(event.pk)) == people
        taken.append(len(statements))
    assert taken[0] == taken[1]


def a_passed_course(**attempt):
    enrolment = EnrolmentFactory()
    assessment = AssessmentFactory(course=enrolment.course)
    PassedAttemptFactory(enrolment=enrolment, assessment=assessment, **attempt)
    return enrolment


def test_a_passed_assessment_gives_the_courses_certificate():
    enrolment = a_passed_course(language="uk")
    (certificate,) = actions.evaluate_enrolment(enrolment.pk)
    assert (certificate.course, certificate.participant, certificate.language) == (
        enrolment.course,
        enrolment.participant,
        "uk",
    )
    assert certificate.achievement_key == f"course:{enrolment.course_id}"
    assert actions.evaluate_enrolment(enrolment.pk) == []


def test_each_required_assessment_has_to_be_passed():
    enrolment = a_passed_course()
    AssessmentFactory(course=enrolment.course)
    AssessmentFactory(course=enrolment.course, is_required=False)
    assert actions.evaluate_enrolment(enrolment.pk) == []


def test_a_failed_or_withdrawn_course_gives_nothing():
    failed = a_passed_course(passed=False, points=1)
    withdrawn = a_passed_course()
    withdrawn.withdrawn_at = timezone.now()
    withdrawn.save()
    assert [actions.evaluate_enrolment(one.pk) for one in (failed, withdrawn)] == [[], []]


def test_issuing_keeps_the_file_and_tells_the_person_once(django_capture_on_commit_callbacks):
    certificate = CertificateFactory()
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.issue(certificate.pk)
    assert not actions.issue(certificate.pk)
    certificate.refresh_from_db()
    with certificate.pdf.open() as file:
        pdf = file.read()
    assert (certificate.state, certificate.pdf_sha256) == ("issued", hashlib.sha256(pdf).hexdigest())
    assert pdf == rendering.render(certificate.snapshot)
    assert [(message.purpose, message.state) for message in Message.objects.all()] == [
        ("certificates.issued", "sent")
    ]
    assert mail.outbox[0].subject == "Your certificate is ready"
    assert mail.outbox[0].attachments == []
    assert "/verify/" in mail.outbox[0].body


def test_what_cannot_be_printed_goes_to_the_staffs_list_at_once():
    certificate = CertificateFactory(participant=ParticipantFactory(full_name="王小明"))
    assert not actions.issue(certificate.pk)
    certificate.refresh_from_db()
    assert (certificate.state, certificate.attempts) == ("pending", MAX_ATTEMPTS)
    assert "U+738B" in certificate.last_error
    assert list(Certificate.objects.given_up()) == [certificate]


def test_what_was_mended_is_issued_on_retry(django_capture_on_commit_callbacks):
    certificate = CertificateFactory(participant=ParticipantFactory(full_name="王小明"))
    actions.issue(certificate.pk)
    certificate.participant.full_name = certificate.participant.latin_name = "Wang Xiaoming"
    certificate.participant.save()
    with django_capture_on_commit_callbacks(execute=True):
        actions.retry(certificate=certificate, by=UserFactory())
    certificate.refresh_from_db()
    assert (certificate.state, certificate.snapshot["name"]) == ("issued", "Wang Xiaoming")


def test_a_storage_that_fails_is_tried_again_later_and_given_up_at_last(monkeypatch):
    certificate = CertificateFactory()
    now = timezone.now()

    def full(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(Certificate.pdf.field.storage, "save", full, raising=False)
    tries = []
    for minutes in range(120):
        before = Certificate.objects.get().attempts
        actions.issue(certificate.pk, now=now + dt.timedelta(minutes=minutes))
        if Certificate.objects.get().attempts > before:
            tries.append(minutes)
    certificate.refresh_from_db()
    assert (len(tries), certificate.state, certificate.last_error) == (MAX_ATTEMPTS, "pending", "OSError")
    assert tries == sorted(tries)
    assert tries[-1] - tries[-2] > tries[1] - tries[0]


def test_a_storage_that_keeps_something_else_is_found_out(monkeypatch):
    certificate = CertificateFactory()
    storage = Certificate.pdf.field.storage
    keep = type(storage._wrapped).save if hasattr(storage, "_wrapped") else type(storage).save

    def cut_short(name, content, **kwargs):
        return keep(storage, name, ContentFile(content.read()[:100]), **kwargs)

    monkeypatch.setattr(storage, "save", cut_short, raising=False)
    assert not actions.issue(certificate.pk)
    certificate.refresh_from_db()
    assert (certificate.state, certificate.last_error) == ("pending", "OSError")


def test_a_lost_file_is_drawn_again_to_the_same_bytes():
    certificate = an_issued_certificate()
    before = actions.paper(certificate)
    certificate.pdf.storage.delete(certificate.pdf.name)
    assert actions.paper(certificate) == before


def test_a_damaged_file_is_not_handed_out():
    certificate = an_issued_certificate()
    with Path(certificate.pdf.path).open("ab") as file:
        file.write(b" ")
    with pytest.raises(CertificateError):
        actions.paper(certificate)


def test_revoking_keeps_the_row_and_says_when_and_why():
    certificate = an_issued_certificate()
    user = UserFactory()
    with pytest.raises(CertificateError):
        actions.revoke(certificate=certificate, by=user, reason=" ")
    actions.revoke(certificate=certificate, by=user, reason="Issued to the wrong person.")
    certificate.refresh_from_db()
    assert (certificate.state, certificate.revoked_reason) == ("revoked", "Issued to the wrong person.")
    assert certificate.revoked_at is not None
    entry = AuditEntry.objects.get(action="revoke")
    assert (entry.actor, entry.keys) == (user, [certificate.number])
    with pytest.raises(NotValidError):
        actions.revoke(certificate=certificate, by=user, reason="Again.")


def test_revoking_what_is_being_prepared_stops_it():
    certificate = CertificateFactory()
    actions.revoke(certificate=certificate, by=UserFactory(), reason="A mistake.")
    assert not actions.issue(certificate.pk)
    certificate.refresh_from_db()
    assert certificate.state == "revoked"


def test_replacing_gives_another_number_and_keeps_the_old_one_on_record():
    old = an_issued_certificate()
    new = actions.replace(certificate=old, by=UserFactory(), full_name="Олена Ковальчук", reason="Misspelt.")
    actions.issue(new.pk)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == ("replaced", "issued")
    assert old.number != new.number
    assert (new.snapshot["name"], new.snapshot["latin_name"]) == ("Олена Ковальчук", "Olena Kovalchuk")
    assert (new.snapshot["replaces"], new.snapshot["number"]) == (old.snapshot["number"], new.number)
    assert [fact[1] for fact in new.snapshot["paper"]["foot"]][1] == new.number


def test_the_sweep_finds_what_signals_lost():
    a_finished_training(people=2)
    a_passed_course()
    assert owed() == 6  # three awarded, three issued
    assert set(Certificate.objects.values_list("state", flat=True)) == {"issued"}
    assert owed() == 0


def test_the_sweep_weighs_an_event_again_only_after_a_new_mark():
    event, session, (first, *_), trainer = a_training(people=1)
    attendance.close_register(session=session, by=trainer)
    owed()
    assert list(earning._unweighed_events()) == []
    assert Evaluation.objects.get().marks == 1
    mark(session, first, "present", trainer, reason="Came late.")
    assert list(earning._unweighed_events()) == [event.pk]
    assert owed() == 2


def test_the_command_does_the_same_and_says_so(capsys):
    a_finished_training(people=2)
    CertificateFactory(participant=ParticipantFactory(full_name="王小明"))
    call_command("issue_certificates")
    call_command("issue_certificates")
    assert capsys.readouterr().out.splitlines() == [
        "awarded: 2, issued: 2, need attention: 1",
        "awarded: 0, issued: 0, need attention: 1",
    ]


def test_closing_the_last_register_leads_to_a_certificate_by_itself(django_capture_on_commit_callbacks):
    _event, session, (first, *_), trainer = a_training(people=1)
    with django_capture_on_commit_callbacks(execute=True):
        mark(session, first, "present", trainer)
        attendance.close_register(session=session, by=trainer)
    assert holders() == {first.participant.full_name: "issued"}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_issue_one():
    certificate = CertificateFactory()
    results = []
    together = threading.Barrier(2)

    def run():
        together.wait()
        try:
            results.append(actions.issue(certificate.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    certificate.refresh_from_db()
    assert (sorted(results), certificate.state, certificate.attempts) == ([False, True], "issued", 1)
    assert Message.objects.count() == 1
