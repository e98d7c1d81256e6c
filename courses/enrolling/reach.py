"""Who of the staff may enrol whom, and whose names they see.

A group belongs to whoever made it: they see who is in it. Everybody else within whose scope it lies says why first.
A course's requests and invitations are a manager's, within the scope of the course's project.
"""

from django.db.models import Q

from courses.models import Course, Enrolment, Group
from safeguarding import audit, reasons
from safeguarding.rights import may, right_required

groups_seen = right_required("oberih_courses.see_groups")
groups_led = right_required("oberih_courses.lead_groups")
people_enrolled = right_required("oberih_courses.enrol_people")


def groups_of(user):
    """Those that the user may change."""
    return Group.objects.for_staff(user) if may(user, "oberih_courses.lead_groups") else Group.objects.none()


def groups_seen_by(user):
    """Those that the user may change, and those of an organisation whose focal point they are."""
    return Group.objects.filter(
        Q(pk__in=groups_of(user).values("pk")) | Q(pk__in=Group.objects.for_focal_point(user).values("pk"))
    )


def courses_of(user):
    """Those whose requests the user answers, and into which they enrol people."""
    if not may(user, "oberih_courses.enrol_people"):
        return Course.objects.none()
    return Course.objects.for_staff(user).filter(archived_at=None)


def enrolments_of(user):
    return Enrolment.objects.active().filter(
        Q(group__in=groups_of(user).values("pk")) | Q(course__in=courses_of(user).values("pk"))
    )


def need_names_of_group(request, group, *, keys=()):
    """Ask why, where that is due, and write down that names of the group are seen."""
    reason = ""
    is_own = group.made_by_id == request.user.pk
    if not is_own and groups_of(request.user).filter(pk=group.pk).exists():
        reason = reasons.need(request, group.subject_key, group.name)
    if request.method in {"GET", "HEAD"}:
        audit.saw(request, "group", keys or [group.uuid], reason=reason)


def need_names_of_course(request, course):
    reason = reasons.need(request, f"enrolment:{course.pk}", str(course.title))
    if request.method in {"GET", "HEAD"}:
        audit.saw(request, "course-enrolment", [course.pk], reason=reason)
