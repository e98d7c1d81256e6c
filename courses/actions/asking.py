"""Asking to take a course that is open by approval, and what is answered."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access
from courses.actions.enrolling import enrol
from courses.exceptions import RequestError
from courses.models import Access, Decision, Enrolment, EnrolmentRequest
from notifications.actions import owe
from participants.models import Participant
from safeguarding import audit


def waiting_of(participant, course):
    """The request that somebody made and that nobody has answered, under whichever of their rows."""
    rows = EnrolmentRequest.objects.filter(participant__in=Participant.objects.seen_by(participant), course=course)
    return rows.filter(decision=Decision.WAITING).first()


@transaction.atomic
def ask(*, participant, course, language, motivation=""):
    """Ask to take the course. Asking twice is asking once; after an answer that declined it, one may ask again."""
    if course.archived_at or course.access != Access.APPROVAL:
        raise RequestError(_("Nobody has to be asked for this course."))
    if Enrolment.objects.active().of(participant).filter(course=course).exists():
        raise RequestError(_("You take this course already."))
    access.need_prerequisites(participant, course)
    if (waiting := waiting_of(participant, course)) is not None:
        return waiting
    try:
        with transaction.atomic():
            return EnrolmentRequest.objects.create(
                participant=participant, course=course, motivation=motivation, language=language
            )
    except IntegrityError:
        return waiting_of(participant, course)


def _locked(request):
    locked = EnrolmentRequest.objects.select_for_update().get(pk=request.pk)
    if locked.decision != Decision.WAITING:
        raise RequestError(_("This request was answered or taken back meanwhile."))
    return locked


def _decide(locked, decision, *, by=None, answer=""):
    locked.decision, locked.decided_at, locked.decided_by, locked.answer = decision, timezone.now(), by, answer
    locked.save(update_fields=["decision", "decided_at", "decided_by", "answer"])


@transaction.atomic
def withdraw_request(*, request):
    """The person no longer asks."""
    locked = _locked(request)
    _decide(locked, Decision.WITHDRAWN)
    return locked


@transaction.atomic
def approve_request(*, request, by, answer="", reason=""):
    """Let the person take the course. Where another comes first, it takes a reason, which is logged."""
    locked = _locked(request)
    if not reason:
        access.need_prerequisites(locked.participant, locked.course)
    enrolment = enrol(participant=locked.participant, course=locked.course, source=f"request:{locked.uuid}")
    _decide(locked, Decision.APPROVED, by=by, answer=answer)
    audit.record(by, "approve", "course-request", [locked.uuid], reason=reason)
    _tell(locked)
    return enrolment


@transaction.atomic
def decline_request(*, request, by, answer=""):
    locked = _locked(request)
    _decide(locked, Decision.DECLINED, by=by, answer=answer)
    audit.record(by, "decline", "course-request", [locked.uuid])
    _tell(locked)
    return locked


def _tell(request):
    owe(
        "courses.request_answered",
        participant=request.participant,
        subject_key=str(request.uuid),
        language=request.language,
    )
