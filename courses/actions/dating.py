from django.db import transaction

from courses.models import Enrolment
from safeguarding import audit


@transaction.atomic
def set_due(*, enrolment, due_on, by):
    """Give one person another date, or none."""
    locked = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if locked.due_on != due_on:
        locked.due_on = due_on
        locked.save(update_fields=["due_on"])
        audit.record(by, "due", "enrolment", [locked.uuid])
    return locked
