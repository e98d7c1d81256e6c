"""What *My trainings* and the paths of programmes are told of registers."""

from django.db.models import Count, Q

from attendance.models import Attendance, MarkStatus, Register, ReportedPresence
from events.models import Status
from events.registers import RegisterState


def of_sessions(keys):
    """The state of each register that was begun or closed, by the session's key. Two statements for any number."""
    closed = set(
        Register.objects.filter(session__in=keys, closed_at__isnull=False).values_list("session", flat=True)
    )
    counted = (
        Attendance.objects.filter(session__in=keys, registration__status=Status.CONFIRMED)
        .values("session")
        .annotate(there=Count("pk", filter=Q(status__in=MarkStatus.attended())), marked=Count("pk"))
    )
    begun = {row["session"]: row for row in counted}
    return {
        key: RegisterState(
            there=begun[key]["there"] if key in begun else 0,
            marked=begun[key]["marked"] if key in begun else 0,
            is_closed=key in closed,
        )
        for key in closed | begun.keys()
    }


def attended(keys):
    """Which of these registrations' people were at some session, by a register or by what was reported. Two statements."""
    marked = Attendance.objects.filter(registration__in=keys, status__in=MarkStatus.attended())
    # A list that says "no session" and nothing more says that somebody registered and never came.
    reported = ReportedPresence.objects.filter(registration__in=keys).exclude(
        sessions_present=0, completed_on=None
    )
    return {*marked.values_list("registration", flat=True), *reported.values_list("registration", flat=True)}
