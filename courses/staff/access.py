"""Who may see whom: whoever trains somebody knows their name, everybody else of the staff says why first."""

from courses.models import Course, Enrolment
from safeguarding import audit, reasons
from safeguarding.rights import right_required

learners_right = right_required("oberih_courses.see_learners")
marking_right = right_required("oberih_courses.mark_answers")


def courses_of(user):
    return Course.objects.for_trainer(user)


def learners_of(user, course):
    """The active enrolments in the course that the user may see."""
    return Enrolment.objects.for_trainer(user).active().filter(course=course)


def subject_key(course):
    return f"course:{course.pk}"


def need_names(request, course, enrolments, *, keys, deed="see", kind="enrolment", always=False):
    """Ask why, where one of `enrolments` is of somebody whom the user does not train, and write down what is seen.

    With `always`, as for a file that leaves the site, everybody says why.
    """
    reason = ""
    own = Enrolment.objects.trained_by(request.user).values("pk")
    if always or enrolments.exclude(pk__in=own).exists():
        reason = reasons.need(request, subject_key(course), course.title)
    if request.method in {"GET", "HEAD"}:
        audit.record(request.user, deed, kind, keys or [subject_key(course)], reason=reason)
    return reason
