from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language

from courses import access, due
from courses.models import Enrolment
from participants.actions import create_participant
from participants.models import Consent, Participant, Purpose
from safeguarding import audit


@transaction.atomic
def learner_for(user):
    """The participant of a logged-in user; made from the account if there is none.

    Joining the user to somebody known by their address is left to the room that proves addresses.
    """
    participant = Participant.objects.select_related("merged_into").filter(user=user).first()
    if participant is None:
        participant = create_participant(
            full_name=user.get_full_name(), email=user.email, user=user, language=get_language() or ""
        )
    return participant.seen_as


SELF = "self"


def enrol(*, participant, course, source=SELF, on=None, group=None, group_date=None):
    """Let the participant take the course; somebody who takes it already gets their enrolment back.

    Whoever comes by themselves (`source` "self") meets what the course's access and the courses before it ask; staff,
    groups, keys, invitations and trainings have decided that themselves. `on` is the day whose age counts; today without
    one. No lock: the partial unique constraint decides between two at once, and everybody who starts a course would wait
    for one row otherwise.
    """
    active = Enrolment.objects.active().of(participant).filter(course=course).furthest_first()
    existing = active.first()
    if existing is not None:
        return existing
    if source == SELF:
        access.need_open(course)
        access.need_prerequisites(participant, course)
    enrolment = new_enrolment(
        participant=participant, course=course, source=source, on=on, group=group, group_date=group_date
    )
    try:
        with transaction.atomic():
            enrolment.save(force_insert=True)
    except IntegrityError:
        return active.first()
    return enrolment


def new_enrolment(*, participant, course, source, on=None, group=None, group_date=None):
    """An enrolment that is not saved yet."""
    today = timezone.localdate()
    enrolment = Enrolment(
        participant=participant,
        course=course,
        source=source,
        group=group,
        due_on=due.date_for(course, begun_on=today, group_date=group_date),
    )
    enrolment.freeze(participant, on=on or today, project=course.project)
    return enrolment


@transaction.atomic
def enrol_by_staff(*, participant, course, by, reason=""):
    """Staff let one person take the course. Where another comes first, it takes a reason, which is logged."""
    if not reason:
        access.need_prerequisites(participant, course)
    enrolment = enrol(participant=participant, course=course, source="staff")
    audit.record(by, "enrol", "enrolment", [enrolment.uuid], reason=reason)
    return enrolment


@transaction.atomic
def set_due(*, enrolment, due_on, by):
    """Give one person another date, or none."""
    locked = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if locked.due_on != due_on:
        locked.due_on = due_on
        locked.save(update_fields=["due_on"])
        audit.record(by, "due", "enrolment", [locked.uuid])
    return locked


def follow_consent(consent_id):
    """Whoever no longer wants their answers counted is counted without them where they have not completed yet.

    Returns how many enrolments that changed; the second time none.
    """
    consent = Consent.objects.select_related("text", "participant").get(pk=consent_id)
    if consent.given or consent.text.purpose != Purpose.STATISTICS or consent.subject_key:
        return 0
    return Enrolment.objects.filter(
        participant__in=Participant.objects.seen_by(consent.participant),
        completed_at=None,
        enrolled_at__lt=consent.at,
    ).forget_answers()
