"""One person, Zzyzx, who has done everything that is kept of anybody: what is left after erasing them is a fault."""

import datetime as dt
import io
import uuid
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from attendance import actions as attendance
from attendance.models import MarkSource, ReportedPresence
from certificates.models import Certificate, CertificateState
from courses.models import (
    Answer,
    Attempt,
    Confirmation,
    EnrolmentInvitation,
    EnrolmentRequest,
    Group,
    GroupMember,
    LessonProgress,
    MediaProgress,
    Package,
    PackageRun,
    Statement,
    StudyTime,
)
from events import questions
from events.models import Confidential, Registration, RegistrationQuestion, Status
from events.people import Person, Reply
from notifications.models import Message
from participants import actions
from participants.models import Consent, ConsentText, ContactKey, Merge, Organisation, Participant
from safeguarding import audit
from tests.attendance.factories import EventFactory, SessionFactory
from tests.certificates.factories import AwardRuleFactory, a_snapshot
from tests.courses.factories import AssessmentFactory, EnrolmentFactory, LessonFactory
from tests.events.factories import EventFactory as ComingEventFactory
from tests.factories import StaffFactory, UserFactory

MARK = "zzyzx"
NAME, LATIN = "Zzyzx Коваль", "Zzyzx Koval"
EMAIL, PHONE, REFERENCE = "zzyzx@example.org", "+380670000000", "list-zzyzx-7"


@dataclass
class Marked:
    participant: Participant
    other_row: Participant
    user: object
    registration: Registration
    coming: Registration
    certificate: Certificate
    staff: object


def a_marked_person():
    """The person with a row in each table that holds something of them, another row merged into theirs, and an account."""
    staff = StaffFactory(role="manager", email="staff@example.org")
    user = UserFactory(email=EMAIL, first_name=NAME)
    organisation = Organisation.objects.create(code="police", label={"en": "Police"})
    who = actions.create_participant(
        full_name=NAME, latin_name=LATIN, email=EMAIL, phone=PHONE, birth_year=1990, sex="F", language="en",
        organisation=organisation, external_ref=REFERENCE, user=user,
    )  # fmt: skip
    other = actions.create_participant(full_name=NAME, email=f"second-{EMAIL}", phone=PHONE, language="uk")
    Merge.objects.create(kept=who, other=other, decided_by=staff)
    Participant.objects.filter(pk=other.pk).update(merged_into=who)
    ContactKey.objects.update(verified_at=timezone.now())
    text = ConsentText.objects.add_version(purpose="register", text={"en": "We keep your name."})
    Consent.objects.create(participant=who, text=text, given=True, language="en")
    registration = _took_part(who, staff)
    _learned(other)
    coming = Registration.objects.create(
        event=ComingEventFactory(capacity=1),
        participant=who,
        status=Status.CONFIRMED,
        confirmed_at=timezone.now(),
        language="en",
    )
    certificate = _certified(who)
    for key in (registration.uuid, certificate.uuid):
        Message.objects.create(
            purpose="events.changed", subject_key=str(key), recipient=EMAIL, channel="email", language="en",
            participant=who,
        )  # fmt: skip
    # What was written to somebody else about them, as to a parent.
    Message.objects.create(
        purpose="events.guardian", subject_key=str(registration.uuid), recipient=f"mother-of-{EMAIL}",
        channel="email", language="en",
    )  # fmt: skip
    audit.record(staff, "view", "registration", [registration.uuid], reason="Zzyzx’s teacher asked for her")
    audit.record(staff, "view", "registration", [registration.uuid], reason="The register was incomplete")
    who.refresh_from_db()
    return Marked(who, other, user, registration, coming, certificate, staff)


def _took_part(who, staff):
    event = EventFactory(attendance_threshold=None)
    session = SessionFactory(event=event)
    person = Person(full_name=NAME, email=EMAIL)
    registration = Registration.objects.create(
        event=event,
        participant=who,
        status=Status.CONFIRMED,
        confirmed_at=timezone.now(),
        contact_digest=person.contact_digests()[0],
        name_digest=person.name_digest(),
        declined_reason="Zzyzx is not of the police",
        language="en",
        sex="F",
    )
    Confidential.objects.create(
        registration=registration,
        access_needs="Zzyzx needs a ramp",
        guardian_name="Mother of Zzyzx",
        guardian_email=f"mother-of-{EMAIL}",
        relative_name="Aunt of Zzyzx",
        relative_relation="aunt of Zzyzx",
    )
    question = RegistrationQuestion.objects.create(
        event=registration.event, kind="file", text="Your letter", purpose="To know who sends you"
    )
    questions.keep(
        [(registration, question, Reply("Zzyzx sends this", (), ContentFile(b"Zzyzx", name="zzyzx.pdf")))]
    )
    attendance.mark(
        session=session, registration=registration, status="present", by=staff, source=MarkSource.TRAINER,
        reason="Zzyzx came late by bus",
    )  # fmt: skip
    ReportedPresence.objects.create(registration=registration, sessions_present=1, minutes=180)
    return registration


def _learned(who):
    enrolment = EnrolmentFactory(participant=who, language="uk")
    LessonProgress.objects.create(
        enrolment=enrolment, lesson=LessonFactory(course=enrolment.course), language="uk"
    )
    assessment = AssessmentFactory(course=enrolment.course)
    attempt = Attempt.objects.create(
        enrolment=enrolment, assessment=assessment, number=1, pass_percent=80, language="uk", drawn=[{"key": MARK}]
    )
    Answer.objects.create(
        enrolment=enrolment,
        attempt=attempt,
        item=assessment.pk,
        chosen=[MARK],
        correct=True,
        language="uk",
        points=1,
        marked_at=timezone.now(),
        comment=MARK,
    )
    lesson = LessonFactory(course=enrolment.course)
    MediaProgress.objects.create(enrolment=enrolment, lesson=lesson, block=uuid.uuid4(), language="uk")
    StudyTime.objects.create(uuid=uuid.uuid4(), enrolment=enrolment, lesson=lesson, seconds=60, language="uk")
    Confirmation.objects.create(
        enrolment=enrolment, lesson=lesson, on=timezone.localdate(), language="uk", reason=f"Seen by {MARK}"
    )
    package = Package.objects.create(title="A package", file="packages/uploads/a.zip")
    PackageRun.objects.create(
        enrolment=enrolment, package=package, item="one", language="uk", cmi={"cmi.core.student_name": MARK}
    )
    Statement.objects.create(
        uuid=uuid.uuid4(), enrolment=enrolment, package=package, verb="answered", activity="a", content={"a": MARK}
    )
    GroupMember.objects.create(group=Group.objects.create(name="A class"), participant=who)
    EnrolmentInvitation.objects.create(
        course=enrolment.course, participant=who, token_hash=uuid.uuid4().hex, expires_at=timezone.now()
    )
    EnrolmentRequest.objects.create(
        course=enrolment.course, participant=who, motivation=MARK, language="uk", answer=MARK
    )


def _certified(who):
    rule = AwardRuleFactory(event=EventFactory(attendance_threshold=None))
    certificate = Certificate(
        participant=who,
        rule=rule,
        event=rule.event,
        achievement_key=rule.achievement_key,
        language="en",
        snapshot=a_snapshot(name=NAME, latin_name=LATIN),
        state=CertificateState.ISSUED,
        earned_at=dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC),
        issued_at=dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC),
        pdf_sha256="0" * 64,
        revoked_reason="",
        last_error="Zzyzx: no room for the name",
    )
    certificate.pdf.save(f"{certificate.uuid}.pdf", ContentFile(b"%PDF made out to Zzyzx"), save=False)
    certificate.save()
    return certificate


def everything_stored():
    """Every row of every table as text, as somebody with a copy of the database would read it."""
    out = io.StringIO()
    for table in sorted(connection.introspection.table_names()):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                out.write(f"{table}: {row}\n")
    return out.getvalue()


def traces():
    """The lines that still name the person."""
    return [line for line in everything_stored().splitlines() if MARK in line.casefold()]
