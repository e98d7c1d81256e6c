"""What people learned on paper or in a room without a line, confirmed by a trainer."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.actions.completing import fold_completion
from courses.actions.enrolling import enrol
from courses.exceptions import ConfirmationRefusedError, NotEnrolledError
from courses.models import Confirmation, Enrolment
from safeguarding import audit

PAPER = "paper"


@transaction.atomic
def confirm(*, enrolment, on, language, reason, by, lesson=None):
    """Write down that somebody did one lesson, or without one all that the course asks. Returns the confirmation.

    Confirmed once it stays as it is: what completes somebody is not reworded afterwards.
    """
    locked = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if locked.withdrawn_at:
        raise NotEnrolledError(_("This person no longer takes the course."))
    if lesson is not None and lesson.course_id != locked.course_id:
        raise ConfirmationRefusedError(_("This lesson belongs to another course."))
    if on > timezone.localdate():
        raise ConfirmationRefusedError(_("That day is still to come."))
    confirmation, is_new = Confirmation.objects.get_or_create(
        enrolment=locked,
        lesson=lesson,
        defaults={"on": on, "language": language, "reason": reason, "by": by},
    )
    if is_new:
        # The reason stays with the confirmation, where it is erased with the person.
        audit.record(by, "confirm", "enrolment", [locked.uuid, *([lesson.key] if lesson else [])])
        fold_completion(locked)
    return confirmation


@dataclass(frozen=True)
class Confirmed:
    """How many were confirmed, were confirmed before, and were enrolled for it."""

    confirmed: int
    known: int
    enrolled: int


@transaction.atomic
def confirm_all(*, course, enrolments, people, on, language, reason, by, lesson=None):
    """Confirm what these did; `people` are those among them who are enrolled for it. All of them, or nobody."""
    known = set(
        Confirmation.objects.filter(enrolment__course=course, lesson=lesson).values_list("enrolment", flat=True)
    )
    taken = {one.pk: one for one in enrolments}
    before = set(Enrolment.objects.active().filter(course=course).values_list("pk", flat=True))
    for person in people:
        enrolment = enrol(participant=person, course=course, source=PAPER, on=on)
        taken[enrolment.pk] = enrolment
    new = [one for pk, one in taken.items() if pk not in before]
    if new:
        audit.record(by, "enrol", "enrolment", [one.uuid for one in new])
    for enrolment in taken.values():
        confirm(enrolment=enrolment, on=on, language=language, reason=reason, by=by, lesson=lesson)
    return Confirmed(confirmed=len(taken.keys() - known), known=len(taken.keys() & known), enrolled=len(new))
