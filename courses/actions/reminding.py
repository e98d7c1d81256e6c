"""Who wants no reminders, and who wants them again."""

from django.utils import timezone

from courses.models import Enrolment


def stop_reminders(*, enrolment):
    """No more of them about this course. Twice is once."""
    Enrolment.objects.filter(pk=enrolment.pk, reminders_off_at=None).update(reminders_off_at=timezone.now())


def set_reminders(*, participant, wanted):
    """The same for all courses that somebody takes. Returns for how many that changed something."""
    rows = Enrolment.objects.active().of(participant)
    if wanted:
        return rows.exclude(reminders_off_at=None).update(reminders_off_at=None)
    return rows.filter(reminders_off_at=None).update(reminders_off_at=timezone.now())
