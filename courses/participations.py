"""What this room tells of a person to the pages of participants."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.models import Course, Enrolment
from participants.participations import Participation


def told(keys, user):
    rows = Enrolment.objects.filter(participant__in=keys, course__in=Course.objects.for_staff(user))
    return [
        Participation(
            row.participant_id,
            f"course:{row.course_id}",
            str(row.course.title),
            date_format(timezone.localdate(row.enrolled_at)),
            _state(row),
        )
        for row in rows.select_related("course").order_by("enrolled_at", "pk")
    ]


def _state(enrolment):
    if enrolment.completed_at:
        return _("Completed")
    return _("Given up") if enrolment.withdrawn_at else _("Under way")
