"""Who earns a certificate. Everything here may be done twice, and twice at once: a second pending row is never made."""

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from attendance import actions as attendance
from attendance.models import Mark
from certificates import rules, snapshots
from certificates.models import AwardRule, Certificate, Evaluation
from certificates.tasks import issue_certificate
from courses.models import (
    Assessment,
    AssessmentKind,
    Attempt,
    CompletionRule,
    Confirmation,
    Course,
    Enrolment,
    Lesson,
    LessonProgress,
    LessonState,
)
from events.models import Event, EventState, Registration, Session, Status
from notifications import work
from participants.models import Consent, Participant, Purpose, person_of


@transaction.atomic
def rule_for_event(event):
    """The newest rule of an event, made anew when its threshold was changed; None if it gives no certificate."""
    locked = Event.objects.select_for_update().get(pk=event.pk)
    if locked.attendance_threshold is None:
        return None
    newest = locked.award_rules.order_by("-version").first()
    if newest is not None and newest.attendance_percent == locked.attendance_threshold:
        return newest
    return AwardRule.objects.create(
        event=locked,
        version=newest.version + 1 if newest else 1,
        attendance_percent=locked.attendance_threshold,
    )


@transaction.atomic
def rule_for_course(course):
    """The newest rule of a course; where nobody has made one, the assessment must be passed."""
    locked = Course.objects.select_for_update().get(pk=course.pk)
    newest = locked.award_rules.order_by("-version").first()
    return newest or AwardRule.objects.create(course=locked, needs_assessment=True)


@transaction.atomic
def evaluate_event(event_id, *, now=None):
    """Award certificates to whoever attended enough of an event whose attendance is final. Returns the new ones.

    Final is: each session's register is closed, or the event is. Excused is not attended.
    """
    event = Event.objects.select_for_update().get(pk=event_id)
    if event.attendance_threshold is None or event.state in {EventState.DRAFT, EventState.CANCELLED}:
        return []
    sessions = list(Session.objects.filter(event=event).annotate(closed_at=F("register__closed_at")))
    final = event.state == EventState.CLOSED or all(session.closed_at for session in sessions)
    if not sessions or not final:
        return []
    marks = Mark.objects.filter(session__event=event).count()
    rule = rule_for_event(event)
    requirement = _requirement(rule)
    attended = attendance.attended_minutes(event)
    came = Registration.objects.confirmed().filter(pk__in=attended).select_related("participant").order_by("pk")
    planned = {group: attendance.planned_minutes(sessions, group) for group in {one.group_id for one in came}}
    registrations = [
        one
        for one in came
        if rules.judge(
            requirement,
            rules.Evidence(attended_minutes=attended[one.pk], planned_minutes=planned[one.group_id]),
        ).earned
    ]
    now = now or timezone.now()
    issued_on = timezone.localdate(now, event.tz)
    event = Event.objects.prefetch_related("areas", "organisations__organisation").get(pk=event.pk)

    def certificate(registration):
        made = Certificate(
            participant=registration.participant,
            achievement_key=f"event:{event.uuid}",
            rule=rule,
            event=event,
            language=snapshots.paper_language(registration.language, registration.participant.language),
            earned_at=now,
        )
        made.snapshot = snapshots.for_event(
            made,
            participant=registration.participant,
            sex=registration.sex,
            event=event,
            minutes=planned[registration.group_id],
            percent=rule.attendance_percent,
            issued_on=issued_on,
        )
        return made

    people = {registration.participant: registration for registration in registrations}
    made = award([certificate(people[participant]) for participant in _may_hold(people, f"event:{event.uuid}")])
    Evaluation.objects.update_or_create(
        event=event, defaults={"marks": marks, "percent": rule.attendance_percent, "at": now}
    )
    return made


@transaction.atomic
def evaluate_enrolment(enrolment_id, *, now=None):
    """Award the certificate of a course to whoever fulfilled its rule. Returns the new ones: one or none."""
    enrolment = Enrolment.objects.select_related("participant", "course").get(pk=enrolment_id)
    if enrolment.withdrawn_at is not None:
        return []
    course, participant = enrolment.course, enrolment.participant
    # Somebody known under two rows may take the course twice; two weighings at once must see each other.
    Participant.objects.select_for_update().get(pk=participant.root_id)
    rule = rule_for_course(course)
    required = dict(_required_assessments(course).values_list("pk", "pass_percent"))
    passed = list(
        Attempt.objects.filter(enrolment=enrolment, assessment__in=required, passed=True).order_by("submitted_at")
    )
    lessons = Lesson.objects.filter(course=course, is_required=True, archived_at=None)
    completed = LessonProgress.objects.filter(enrolment=enrolment, lesson__in=lessons, state=LessonState.COMPLETED)
    evidence = rules.Evidence(
        assessments_passed=len({attempt.assessment_id for attempt in passed}),
        assessments_required=len(required),
        lessons_completed=completed.count() if rule.needs_lessons else 0,
        lessons_required=lessons.count() if rule.needs_lessons else 0,
        **(_beside_packages(enrolment, lessons) if rule.needs_lessons else {}),
    )
    if not rules.judge(_requirement(rule), evidence).earned or not _may_hold([participant], rule.achievement_key):
        return []
    now = now or timezone.now()
    language = passed[-1].language if passed else enrolment.completed_language
    made = Certificate(
        participant=participant,
        achievement_key=rule.achievement_key,
        rule=rule,
        course=course,
        language=snapshots.paper_language(language, enrolment.language, participant.language),
        earned_at=now,
    )
    made.snapshot = snapshots.for_course(
        made,
        participant=participant,
        sex=enrolment.sex,
        course=course,
        rule=rule,
        pass_percent=min((attempt.pass_percent for attempt in passed), default=None),
        started_on=timezone.localdate(enrolment.enrolled_at),
        issued_on=timezone.localdate(now),
    )
    return award([made])


def _beside_packages(enrolment, lessons):
    """How much rests on packages, and what stands beside them: scored on the server, or confirmed by a trainer."""
    tests = Attempt.objects.filter(
        enrolment=enrolment,
        assessment__course=enrolment.course_id,
        assessment__kind=AssessmentKind.TEST,
        passed=True,
    )
    confirmed = Confirmation.objects.filter(enrolment=enrolment)
    return {
        "lessons_by_package": lessons.filter(completed_by=CompletionRule.PACKAGE).count(),
        "witnesses": tests.count() + confirmed.count(),
    }


@transaction.atomic
def award(certificates):
    """Write down that these certificates are owed. One that somebody else wrote down meanwhile is not made twice."""
    Certificate.objects.bulk_create(certificates, ignore_conflicts=True)
    # Rows that lost against the unique constraint are not there; the keys of the others are read back.
    made = list(Certificate.objects.filter(uuid__in=[one.uuid for one in certificates]))
    for one in made:
        work.hint(issue_certificate, one.pk)
    return made


def follow_consent(consent_id):
    """Somebody agreed to certificates again: weigh once more what they took part in. Returns the new ones."""
    consent = Consent.objects.select_related("text", "participant").get(pk=consent_id)
    if consent.text.purpose != Purpose.CERTIFICATE or not consent.given:
        return []
    rows = Participant.objects.same_as(consent.participant)
    events = Registration.objects.confirmed().filter(participant__in=rows).values_list("event", flat=True)
    enrolments = Enrolment.objects.active().filter(participant__in=rows).values_list("pk", flat=True)
    return [
        *(made for pk in list(events) for made in evaluate_event(pk)),
        *(made for pk in list(enrolments) for made in evaluate_enrolment(pk)),
    ]


def evaluate_lost(limit=200):
    """Weigh what a lost signal left unweighed. Returns how many certificates that gave."""
    made = sum(len(evaluate_event(pk)) for pk in _unweighed_events()[:limit])
    return made + sum(len(evaluate_enrolment(pk)) for pk in _unweighed_enrolments()[:limit])


def _unweighed_events():
    marks = (
        Mark.objects.filter(session__event=OuterRef("pk"))
        .order_by()
        .values("session__event")
        .annotate(n=Count("pk"))
        .values("n")
    )
    open_sessions = Session.objects.filter(event=OuterRef("pk"), register__closed_at=None)
    known = Evaluation.objects.filter(
        event=OuterRef("pk"), marks=OuterRef("marks_now"), percent=OuterRef("attendance_threshold")
    ).exclude(Exists(_agreed_since("participant")) | Exists(_agreed_since("participant__merged")))
    return (
        Event.objects.filter(
            state__in=[EventState.SCHEDULED, EventState.CLOSED], attendance_threshold__isnull=False
        )
        .annotate(marks_now=Subquery(marks))
        .filter(marks_now__gt=0)
        .filter(Q(state=EventState.CLOSED) | ~Exists(open_sessions))
        .exclude(Exists(known))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _agreed_since(row):
    """Answers by which somebody of the event agreed to certificates after it was weighed."""
    return Consent.objects.filter(
        **{f"{row}__registrations__event": OuterRef("event"), f"{row}__registrations__status": Status.CONFIRMED},
        text__purpose=Purpose.CERTIFICATE,
        given=True,
        at__gt=OuterRef("at"),
    )


def _unweighed_enrolments():
    """Whoever passed all that their course asks for, or completed it, and has no certificate of it."""
    required = (
        Assessment.objects.filter(course=OuterRef("course"), is_required=True)
        .order_by()
        .values("course")
        .annotate(n=Count("pk"))
        .values("n")
    )
    passed = Count(
        "attempts__assessment",
        filter=Q(attempts__passed=True, attempts__assessment__is_required=True),
        distinct=True,
    )
    # Under this row, under the one who is counted, and under others that were merged into that one: an index finds each.
    of_course = Certificate.objects.filter(course=OuterRef("course"))
    held = (
        Exists(of_course.filter(participant=OuterRef("participant")))
        | Exists(of_course.filter(participant=OuterRef("person")))
        | Exists(
            Participant.objects.filter(merged_into=OuterRef("person"), certificates__course=OuterRef("course"))
        )
    )
    return (
        Enrolment.objects.active()
        .filter(participant__erased_at=None)
        .exclude(participant__full_name="")
        .annotate(required=Coalesce(Subquery(required), 0), passed=passed, person=person_of("participant"))
        .filter(Q(required__gt=0, passed__gte=F("required")) | Exists(_confirmed_lessons()))
        .exclude(held)
        .exclude(person__in=refusing().values("person"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _confirmed_lessons():
    """What a trainer confirmed in a completed course whose rule asks for lessons and no assessment."""
    rules_of_lessons = AwardRule.objects.filter(
        course=OuterRef("enrolment__course"), needs_lessons=True, needs_assessment=False
    )
    return Confirmation.objects.filter(
        Exists(rules_of_lessons), enrolment=OuterRef("pk"), enrolment__completed_at__isnull=False
    )


def refusing(key=""):
    """The answers, one a person, by which somebody does not want the certificate of this achievement."""
    return Consent.objects.standing(Purpose.CERTIFICATE, key).filter(given=False)


def _may_hold(participants, key):
    """Of these, who can be given the certificate: named, not refusing it, and never given it before.

    Whoever was given it before has it, or had it revoked: weighing again must not undo that. What counts is the person:
    of several rows the first is given it, and none if one of them has it.
    """
    persons = {one.root_id for one in participants}
    rows = Participant.objects.filter(Q(pk__in=persons) | Q(merged_into__in=persons)).values("pk")
    held = Certificate.objects.filter(achievement_key=key, participant__in=rows)
    excluded = set(held.values_list(person_of("participant"), flat=True))
    excluded |= set(refusing(key).filter(person__in=persons).values_list("person", flat=True))
    chosen = {}
    for one in participants:
        if one.root_id not in excluded and one.erased_at is None and one.full_name.strip():
            chosen.setdefault(one.root_id, one)
    return list(chosen.values())


def _required_assessments(course):
    return Assessment.objects.filter(course=course, is_required=True)


def _requirement(rule):
    return rules.Requirement(rule.attendance_percent, rule.needs_assessment, rule.needs_lessons)
