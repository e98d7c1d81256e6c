"""Enrolling the people of a list. Nothing is written before somebody has seen what will happen, and said so."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.actions import grouping
from courses.actions.enrolling import new_enrolment
from courses.exceptions import ImportDoneError
from courses.importing.planning import NEW, Plan
from courses.models import Course, Enrolment, EnrolmentImport, Group
from notifications.actions import owe_many
from participants.actions import create_participants
from safeguarding import audit


@transaction.atomic
def import_people(*, batch, by):
    """Enrol everybody whose row is right. Returns what was done, by the states of the rows.

    What each row means is worked out once more under a lock: whoever came in meanwhile is met, and the same list sent
    twice at once enrols everybody once.
    """
    batch = EnrolmentImport.objects.select_for_update().get(pk=batch.pk)
    if batch.done_at is not None:
        raise ImportDoneError(_("These people have been enrolled already."))
    # Two lists for one course wait for one another; the row is otherwise only read.
    if batch.course_id:
        Course.objects.select_for_update().get(pk=batch.course_id)
    else:
        Group.objects.select_for_update().get(pk=batch.group_id)
    plan = Plan(batch)
    fresh = [row for row in plan.good if row.state == NEW]
    for row, participant in zip(fresh, create_participants([row.attributes for row in fresh]), strict=True):
        row.participant = participant
    people = [row.participant for row in plan.good]
    if batch.group_id:
        grouping.add_members(group=batch.group, participants=people, by=by, tells=batch.tells)
    else:
        new = [
            new_enrolment(participant=one, course=batch.course, source=f"import:{batch.uuid}") for one in people
        ]
        Enrolment.objects.bulk_create(new, ignore_conflicts=True)
        if batch.tells:
            owe_many("courses.enrolled", [(one.participant, str(one.uuid), "1") for one in new])
    if people:
        audit.record(
            by,
            "import",
            "enrolment",
            [batch.course_id or batch.group.uuid, *(one.uuid for one in people)],
            reason=batch.reason,
        )
    batch.rows, batch.reason, batch.counts, batch.done_at = [], "", plan.counts, timezone.now()
    batch.save(update_fields=["rows", "reason", "counts", "done_at"])
    return batch.counts
