"""Groups: whoever is in one takes what it takes. All of it in statements whose number does not grow with the people."""

from collections import defaultdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import due
from courses.actions.enrolling import new_enrolment
from courses.exceptions import GroupError
from courses.models import Enrolment, Group, GroupCourse, GroupMember
from notifications.actions import owe_many
from participants.models import Participant, person_of
from safeguarding import audit


def _locked(group):
    locked = Group.objects.select_for_update().get(pk=group.pk)
    if locked.archived_at:
        raise GroupError(_("This group is archived. Take it back before you change it."))
    return locked


@transaction.atomic
def add_members(*, group, participants, by, tells=True):
    """Put people into the group, and let them take its courses. Who is in it already is left where they are.

    Returns the enrolments that are new.
    """
    locked = _locked(group)
    people = list({one.pk: one for one in participants}.values())
    known = set(
        locked.members.annotate(person=person_of("participant"))
        .filter(person__in=[one.root_id for one in people])
        .values_list("person", flat=True)
    )
    joining = [one for one in people if one.root_id not in known]
    GroupMember.objects.bulk_create(
        [GroupMember(group=locked, participant=one) for one in joining], ignore_conflicts=True
    )
    if joining:
        audit.record(by, "add", "group", [locked.uuid, *(one.uuid for one in joining)])
    return _enrol_all(locked, people, list(locked.courses.select_related("course__project")), tells=tells)


@transaction.atomic
def remove_member(*, group, participant, by):
    """Take somebody out of the group. They go on taking its courses: what they learned is theirs."""
    locked = _locked(group)
    gone, _rows = locked.members.filter(participant__in=Participant.objects.same_as(participant)).delete()
    if gone:
        audit.record(by, "remove", "group", [locked.uuid, participant.uuid])
    return bool(gone)


@transaction.atomic
def add_course(*, group, course, by, due_on=None, tells=True):
    """Let the whole group take a course, or give it another date. Returns the enrolments that are new.

    The group's date moves for those who had it from the group; what staff gave to one person stays.
    """
    locked = _locked(group)
    if course.archived_at:
        raise GroupError(_("This course is no longer offered."))
    held = locked.courses.filter(course=course).first()
    if held is None:
        GroupCourse.objects.create(group=locked, course=course, due_on=due_on)
    elif held.due_on != due_on:
        _move_date(locked, course, held.due_on, due_on)
        held.due_on = due_on
        held.save(update_fields=["due_on"])
    audit.record(by, "take", "group", [locked.uuid, course.pk])
    people = list(Participant.objects.filter(learner_groups__group=locked, erased_at=None))
    return _enrol_all(
        locked, people, list(locked.courses.filter(course=course).select_related("course__project")), tells=tells
    )


@transaction.atomic
def remove_course(*, group, course, by):
    """The group no longer takes it, so that nobody who joins later does; who began goes on."""
    locked = _locked(group)
    gone, _rows = locked.courses.filter(course=course).delete()
    if gone:
        audit.record(by, "drop", "group", [locked.uuid, course.pk])
    return bool(gone)


@transaction.atomic
def archive_group(*, group, by):
    """Nobody joins any more; what was begun goes on. Twice is once."""
    if Group.objects.filter(pk=group.pk, archived_at=None).update(archived_at=timezone.now()):
        audit.record(by, "archive", "group", [group.uuid])


@transaction.atomic
def restore_group(*, group, by):
    if Group.objects.filter(pk=group.pk, archived_at__isnull=False).update(archived_at=None):
        audit.record(by, "restore", "group", [group.uuid])


def _move_date(group, course, before, after):
    """Those whose date was the group's, or who had none, get the new one; one who has an earlier date keeps it."""
    moved = []
    for row in group.enrolments.active().filter(course=course, completed_at=None).select_for_update():
        begun_on = timezone.localdate(row.enrolled_at)
        if row.due_on == due.date_for(course, begun_on=begun_on, group_date=before):
            row.due_on = due.date_for(course, begun_on=begun_on, group_date=after)
            moved.append(row)
    Enrolment.objects.bulk_update(moved, ["due_on"], batch_size=200)


def _enrol_all(group, people, taken, *, tells):
    """Every one of `people` takes every GroupCourse of `taken`. Returns the enrolments that are new."""
    if not people or not taken:
        return []
    active = (
        Enrolment.objects.active()
        .filter(course__in=[one.course_id for one in taken])
        .annotate(person=person_of("participant"))
        .filter(person__in={one.root_id for one in people})
    )
    held = defaultdict(list)
    for row in active:
        held[row.course_id, row.person].append(row)
    new, changed = [], []
    for one in taken:
        for participant in people:
            rows = held.get((one.course_id, participant.root_id))
            if rows is None:
                enrolment = new_enrolment(
                    participant=participant,
                    course=one.course,
                    source=f"group:{group.uuid}",
                    group=group,
                    group_date=one.due_on,
                )
                new.append(enrolment)
                held[one.course_id, participant.root_id] = [enrolment]
            else:
                changed += [row for row in rows if row.pk and _joins(row, group, one.due_on)]
    Enrolment.objects.bulk_create(new, ignore_conflicts=True)
    Enrolment.objects.bulk_update(changed, ["group", "due_on"], batch_size=200)
    if tells:
        owe_many("courses.enrolled", [(row.participant, str(row.uuid), "1") for row in new])
    return new


def _joins(row, group, due_on):
    """Let somebody who takes the course already take it with the group. Whether that changed anything."""
    before = row.group_id, row.due_on
    if row.group_id is None:
        row.group = group
    if due_on and not row.completed_at and (row.due_on is None or due_on < row.due_on):
        row.due_on = due_on
    return (row.group_id, row.due_on) != before
