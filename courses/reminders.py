"""Who is to be reminded of a course today, and of what. Once a day, in a few statements for each thousand enrolments.

A reminder is a message of one purpose about one enrolment; its occurrence says the kind and what it is about, so that
each is owed once:

    not_started              a week after somebody was enrolled and has opened nothing
    stalled 2026-05-01       two weeks after the day on which they last did something
    due_7 2026-06-01         a week before the date, and due_1 the day before
    overdue 2026-06-01       once, after it

Those about a date are sent on the day. The others wait until a week has gone by since the last of any kind.
"""

import datetime as dt

from django.db.models import DateTimeField, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from courses.models import Answer, Attempt, Enrolment, LessonProgress, MediaProgress, StudyTime
from notifications.actions import owe_many
from notifications.models import Message
from safeguarding import retention

PURPOSE = "courses.reminder"
NOT_STARTED, STALLED, DUE_7, DUE_1, OVERDUE = "not_started", "stalled", "due_7", "due_1", "overdue"
NOT_STARTED_DAYS, STALLED_DAYS, PAUSE_DAYS = 7, 14, 7
# Nobody is woken by a mail about a course.
_FROM_HOUR = 8
_CHUNK = 1000


def send_due(*, now=None):
    """Owe the reminders of today, at the first tick of the day after eight in the morning. Returns how many."""
    now = now or timezone.now()
    if timezone.localtime(now).hour < _FROM_HOUR:
        return 0
    return retention.once_a_day("oberih_courses.reminders", lambda: remind(now=now), now=now)


def remind(*, now=None):
    """Owe what is due now. Returns how many; the second time none."""
    now = now or timezone.now()
    owed, after = 0, 0
    while chunk := list(_candidates().filter(pk__gt=after)[:_CHUNK]):
        after = chunk[-1].pk
        owed += _remind(chunk, now)
    return owed


def _candidates():
    """Those who may be reminded at all. By e-mail only: text messages cost, and are for what cannot wait."""
    return (
        with_last_deed(Enrolment.objects.active())
        .filter(completed_at=None, reminders_off_at=None, course__archived_at=None, participant__erased_at=None)
        .exclude(participant__email="")
        .select_related("participant")
        .order_by("pk")
    )


def with_last_deed(enrolments):
    """Annotate `last_deed_at`: when the person last did something in the course; None if they never did."""
    sources = {
        "opened": (LessonProgress, "opened_at"),
        "completed": (LessonProgress, "completed_at"),
        "answered": (Answer, "given_at"),
        "tried": (Attempt, "started_at"),
        "played": (MediaProgress, "updated_at"),
        "studied": (StudyTime, "updated_at"),
    }
    latest = {f"last_{name}": _latest(model, field) for name, (model, field) in sources.items()}
    # Greatest of SQLite is nothing where one of them is, so each stands at the beginning of time instead.
    never = dt.datetime(1, 1, 2, tzinfo=dt.UTC)
    return enrolments.annotate(
        **{name: Coalesce(value, never, output_field=DateTimeField()) for name, value in latest.items()}
    ).annotate(last_deed_at=Greatest(*latest))


def _latest(model, field):
    rows = model.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    return Subquery(rows.annotate(latest=Max(field)).values("latest"), output_field=DateTimeField())


def _remind(chunk, now):
    keys = [str(one.uuid) for one in chunk]
    told = {}
    for key, occurrence, at in Message.objects.filter(purpose=PURPOSE, subject_key__in=keys).values_list(
        "subject_key", "occurrence", "queued_at"
    ):
        told.setdefault(key, {})[occurrence] = at
    owed = []
    for enrolment in chunk:
        before = told.get(str(enrolment.uuid), {})
        occurrence = occurrence_for(enrolment, before, now)
        if occurrence:
            owed.append((enrolment.participant, str(enrolment.uuid), occurrence))
    return owe_many(PURPOSE, owed) if owed else 0


def _has_begun(enrolment):
    return enrolment.last_lesson_id is not None or enrolment.last_deed_at.year > 1


def occurrence_for(enrolment, told, now):
    """What this person (with `last_deed_at`) is to be reminded of now, or "". `told` maps earlier ones to their time."""
    today = timezone.localdate(now)
    occurrence = _about_date(enrolment, today)
    if occurrence:
        return "" if occurrence in told else occurrence
    if any(now - at < dt.timedelta(days=PAUSE_DAYS) for at in told.values()):
        return ""
    occurrence = _about_silence(enrolment, today)
    return "" if occurrence in told else occurrence


def _about_date(enrolment, today):
    if enrolment.due_on is None:
        return ""
    days = (enrolment.due_on - today).days
    if days < 0:
        return f"{OVERDUE} {enrolment.due_on}"
    if days <= 1:
        return f"{DUE_1} {enrolment.due_on}"
    # Within the week, so that a day on which nothing ran does not lose it; not to whoever has just begun it.
    if days <= 7 and (today - timezone.localdate(enrolment.enrolled_at)).days >= 1:
        return f"{DUE_7} {enrolment.due_on}"
    return ""


def _about_silence(enrolment, today):
    if not _has_begun(enrolment):
        waited = today - timezone.localdate(enrolment.enrolled_at)
        return NOT_STARTED if waited.days >= NOT_STARTED_DAYS else ""
    last = timezone.localdate(max(enrolment.last_deed_at, enrolment.enrolled_at))
    return f"{STALLED} {last}" if (today - last).days >= STALLED_DAYS else ""


def still_holds(enrolment, occurrence):
    """Whether a reminder that was owed is still true when it is about to be sent."""
    if enrolment.completed_at or enrolment.reminders_off_at:
        return False
    kind, _space, about = occurrence.partition(" ")
    if kind in {DUE_7, DUE_1, OVERDUE}:
        return about == str(enrolment.due_on)
    found = with_last_deed(Enrolment.objects.filter(pk=enrolment.pk)).get()
    if kind == NOT_STARTED:
        return not _has_begun(found)
    return about == str(timezone.localdate(max(found.last_deed_at, found.enrolled_at)))
