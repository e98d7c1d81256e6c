from datetime import timedelta

from django.utils import timezone

from courses import actions, reminders
from courses.exchange import importing
from courses.models import GRACE, Attempt, Enrolment, Package, PackageState
from notifications import work
from participants.models import Consent, Purpose


@work.sweep("courses.completions")
def completions():
    """Completions that became due without anybody's doing, as when a lesson was taken out of the course."""
    due = Enrolment.objects.active().filter(completed_at=None).fulfilled()
    return sum(actions.fold_completion(enrolment) for enrolment in due[:500])


@work.sweep("courses.attempts")
def attempts():
    """Attempts whose time is up and whose learner did not come back."""
    due = Attempt.objects.filter(submitted_at=None, due_at__lt=timezone.now() - GRACE)
    return sum(
        actions.submit_overdue(attempt=one).submitted_at is not None for one in due.order_by("due_at")[:500]
    )


@work.sweep("courses.consents")
def consents():
    refused = Consent.objects.lately_refused(Purpose.STATISTICS).filter(subject_key="")
    return sum(actions.follow_consent(pk) for pk in refused.values_list("pk", flat=True))


@work.sweep("courses.reminders")
def remind():
    return reminders.send_due()


@work.sweep("courses.packages")
def packages():
    """Uploads whose hint was lost, and what replaced packages left."""
    # One that was uploaded this minute is most likely being looked at.
    before = timezone.now() - timedelta(minutes=2)
    waiting = Package.objects.filter(state=PackageState.UPLOADED, uploaded_at__lt=before).order_by("pk")
    checked = sum(actions.check_package(pk) for pk in waiting.values_list("pk", flat=True)[:5])
    return checked + actions.delete_retired()


@work.sweep("courses.imports")
def imports():
    return importing.sweep()
