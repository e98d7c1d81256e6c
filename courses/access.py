"""How somebody may come to take a course: what stands in their way, asked by the actions and shown by the pages."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.exceptions import AccessError, ApprovalNeededError, KeyNeededError, PrerequisiteMissingError
from courses.models import Access, Course, Enrolment


def required(course_key):
    """The courses to complete before this one. One that was archived nobody can complete any more, and it is not asked."""
    return Course.objects.filter(leads_to=course_key, archived_at=None).order_by("code")


def missing(participant, course_key):
    """Those of them that this person has not completed under any row that they may see; a stranger none."""
    asked = required(course_key)
    if participant is None:
        return asked
    done = Enrolment.objects.of(participant).filter(completed_at__isnull=False)
    return asked.exclude(pk__in=done.values("course"))


def need_prerequisites(participant, course):
    if courses := list(missing(participant, course.pk)):
        titles = "; ".join(str(one) for one in courses)
        message = ngettext(
            "Another course comes first: %(titles)s.", "Other courses come first: %(titles)s.", len(courses)
        )
        raise PrerequisiteMissingError(message % {"titles": titles}, courses)


def need_open(course):
    """Refuse whoever comes by themselves where the course is not open to everybody."""
    if course.archived_at:
        raise AccessError(_("This course is no longer offered."))
    if course.access == Access.APPROVAL:
        raise ApprovalNeededError(_("Ask to take this course; the people who run it decide."))
    if course.access == Access.KEY:
        raise KeyNeededError(_("This course needs a key. You get it from the people who run it."))
    if course.access == Access.CLOSED:
        raise AccessError(_("People are invited to this course, or take it in a group. Ask your organisation."))
