"""A word that opens a course."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access
from courses.actions import grouping
from courses.actions.enrolling import enrol
from courses.exceptions import WrongKeyError
from courses.models import Enrolment, EnrolmentKey


def spelled(code):
    """A key as it is compared: it is read aloud, so neither capitals nor spaces count."""
    return "".join(code.split()).casefold()


@transaction.atomic
def enrol_with_key(*, participant, course, code, now=None):
    """Let somebody in who knows the word. Each person uses it up once, whoever comes at the same moment.

    A key that is over says so only to whoever knows it.
    """
    now = now or timezone.now()
    wanted = spelled(code)
    found = next((one for one in course.keys.all() if spelled(one.code) == wanted), None)
    if found is None or course.archived_at:
        raise WrongKeyError(_("This key does not open the course. Check each letter."))
    access.need_prerequisites(participant, course)
    key = EnrolmentKey.objects.select_for_update().get(pk=found.pk)
    active = Enrolment.objects.active().of(participant).filter(course=course).furthest_first()
    if (existing := active.first()) is not None:
        return existing
    if key.expires_at is not None and key.expires_at <= now:
        raise WrongKeyError(_("This key is no longer valid. Ask the people who gave it to you for a new one."))
    if key.uses_allowed is not None and key.uses >= key.uses_allowed:
        raise WrongKeyError(
            _(
                "As many people have used this key as were meant to. Ask the people who gave it to you for a new one."
            )
        )
    EnrolmentKey.objects.filter(pk=key.pk).update(uses=F("uses") + 1)
    group = key.group if key.group_id and key.group.archived_at is None else None
    source = f"key:{key.pk}"
    taken = group.courses.filter(course=course).first() if group else None
    enrolment = enrol(
        participant=participant,
        course=course,
        source=source,
        group=group,
        group_date=taken and taken.due_on,
    )
    if group is not None:
        # Whoever joins takes what the group takes; nobody has to be told who has just done it themselves.
        grouping.add_members(group=group, participants=[participant], by=None, tells=False)
    return enrolment
