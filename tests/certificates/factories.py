import datetime as dt
import uuid

import factory
from django.utils import timezone

from certificates import actions
from certificates.models import AwardRule, Certificate
from courses.models import Assessment, Attempt, Course, Enrolment
from tests.attendance.factories import EventFactory, ParticipantFactory

ENGLISH = {
    "heading": "Certificate of participation",
    "given_to": "This is to certify that",
    "did": "took part in",
    "facts": [["Held", "2–3 March 2026"], ["Place", "Lviv oblast"], ["Duration", "12 hours"]],
    "took": "At least 80 per cent of the sessions’ time was attended.",
    "foot": [["Issued on", "3 March 2026"], ["Number", "OB-7KQM-4XTP-92HN"]],
    "check": "Check that this certificate is genuine:",
}


def a_snapshot(**said):
    """What a certificate says, complete enough to be printed and shown."""
    return {
        "language": "en",
        "number": "OB-7KQM-4XTP-92HN",
        "verify_url": "https://learn.example.org/v/3vT0yq1mQk2hX8aZbR5dWc1e/",
        "name": "Олена Коваль",
        "latin_name": "Olena Koval",
        "title": "Counter-trafficking",
        "title_en": "Counter-trafficking",
        "issuer": "Oberih",
        "issued_on": "2026-03-03",
        "kind": "training",
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-03",
        "minutes": 720,
        "place": "Lviv oblast",
        "organisers": [],
        "paper": ENGLISH,
        **said,
    }


class AwardRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AwardRule

    event = factory.SubFactory(EventFactory)
    attendance_percent = 80


class CertificateFactory(factory.django.DjangoModelFactory):
    """A certificate that is owed."""

    class Meta:
        model = Certificate

    participant = factory.SubFactory(ParticipantFactory)
    rule = factory.SubFactory(AwardRuleFactory)
    event = factory.SelfAttribute("rule.event")
    achievement_key = factory.LazyAttribute(lambda self: self.rule.achievement_key)
    language = "en"
    snapshot = factory.LazyAttribute(lambda self: a_snapshot(name=self.participant.full_name))


def an_issued_certificate(**fields):
    certificate = CertificateFactory(**fields)
    actions.issue(certificate.pk)
    certificate.refresh_from_db()
    return certificate


class CourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Course

    key = factory.LazyFunction(uuid.uuid4)
    code = factory.Sequence(lambda n: f"course-{n}")
    title = factory.LazyFunction(lambda: {"en": "Counter-trafficking in emergencies"})


class AssessmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Assessment

    course = factory.SubFactory(CourseFactory)
    title = factory.LazyFunction(lambda: {"en": "Final assessment"})


class EnrolmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enrolment

    participant = factory.SubFactory(ParticipantFactory)
    course = factory.SubFactory(CourseFactory)
    language = "en"
    enrolled_at = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


class PassedAttemptFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attempt

    enrolment = factory.SubFactory(EnrolmentFactory)
    assessment = factory.SubFactory(AssessmentFactory)
    number = factory.Sequence(lambda n: n + 1)
    pass_percent = 80
    language = "en"
    submitted_at = factory.LazyFunction(timezone.now)
    scored_at = factory.LazyFunction(timezone.now)
    points = 9
    points_possible = 10
    passed = True
