"""Every counted presence as one row, from the three places that hold some: marks, imported lists, completed courses.

A person is the root of their merges. Test accounts, and activities where nobody is trained, are left out here, so that
no measure can forget to.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from attendance.models import Attendance, MarkStatus, ReportedPresence
from courses.models import Enrolment
from participants.codes import ActivityType
from participants.models import person_of

PERSON_ATTRIBUTES = ("sex", "age_band", "category", "displacement", "disability", "origin_area", "language")

_DIMENSIONS = {
    "sex": "sex",
    "age_band": "age_band",
    "category": "category__code",
    "displacement": "displacement",
    "disability": "disability",
    "origin_area": "origin_area__code",
    "language": "language",
}


@dataclass(frozen=True, slots=True)
class Presence:
    """One person in one activity on one day (or, for a list without sessions, from that day on)."""

    person: int
    # ("event", key) or ("course", key)
    activity: tuple
    code: str
    day: dt.date
    attendances: int
    minutes: int
    attributes: dict
    organisation: int | None


def _real(prefix):
    return Q(**{f"{prefix}participant__is_test": False}) & (
        Q(**{f"{prefix}participant__merged_into": None})
        | Q(**{f"{prefix}participant__merged_into__is_test": False})
    )


def _dimensions(prefix):
    return [prefix + path for path in _DIMENSIONS.values()] + [f"{prefix}organisation_id"]


def _attributes(values):
    values = dict(zip(_DIMENSIONS, values, strict=True))
    values["category"] = values["category"] or "unknown"
    values["language"] = values["language"] or None
    return values


def marked(filters):
    """Present and late marks, as a queryset of Attendance."""
    return Attendance.objects.filter(
        _real("registration__"), filters.of_event("session__event__"), status__in=MarkStatus.attended()
    )


def reported(filters):
    """Imported participations that count, annotated with `day`: the date of presence, or of completion.

    Zero sessions is registered and never present; a self-paced course counts once it is completed.
    """
    self_paced = Q(registration__event__kind=ActivityType.SELF_PACED)
    completed = Q(completed_on__isnull=False)
    present = Q(sessions_present__gt=0) | Q(sessions_present=None, first_present_on__isnull=False)
    return ReportedPresence.objects.filter(
        present | (completed & (Q(sessions_present=None) | self_paced)),
        _real("registration__"),
        filters.of_event("registration__event__"),
    ).annotate(
        day=Case(
            When(
                present,
                then=Coalesce("first_present_on", "registration__event__starts_on"),
            ),
            default=F("completed_on"),
        )
    )


def completed(filters):
    """Completed enrolments in courses of this site, or None where the filters exclude every course."""
    condition = filters.of_course("course__")
    if condition is None:
        return None
    return Enrolment.objects.filter(_real(""), condition, completed_at__isnull=False)


def instants(window):
    """The window's instants in the site's zone, in which a course has no other."""
    zone = timezone.get_default_timezone()
    start = dt.datetime.combine(window.start, dt.time(), tzinfo=zone)
    return start, dt.datetime.combine(window.end + dt.timedelta(days=1), dt.time(), tzinfo=zone)


def within(window, filters):
    """Every counted presence in the window: a list of Presence, from three statements.

    Somebody who stands in one list under two rows was there once: of two marks in a session the longer counts.
    """
    marks = {}
    for session, person, event, code, day, minutes, *rest in (
        marked(filters)
        .filter(session__date__range=(window.start, window.end))
        .order_by("pk")
        .values_list(
            "session_id", person_of("registration__participant"), "session__event_id", "session__event__code",
            "session__date", "minutes", *_dimensions("registration__"),
        )
    ):  # fmt: skip
        row = Presence(person, ("event", event), code, day, 1, minutes, _attributes(rest[:-1]), rest[-1])
        _keep_longer(marks, (person, session), row)
    lists = {}
    for person, event, code, day, sessions, minutes, *rest in (
        reported(filters)
        .filter(day__range=(window.start, window.end))
        .order_by("pk")
        .values_list(
            person_of("registration__participant"), "registration__event_id", "registration__event__code", "day",
            "sessions_present", "minutes", *_dimensions("registration__"),
        )
    ):  # fmt: skip
        # Somebody who was there attended at least one session, also where the list does not say how many.
        attendances = 1 if sessions is None else sessions
        row = Presence(
            person, ("event", event), code, day, attendances, minutes or 0, _attributes(rest[:-1]), rest[-1]
        )
        _keep_longer(lists, (person, event), row)
    rows = [*marks.values(), *lists.values()]
    enrolments = completed(filters)
    if enrolments is not None:
        start, end = instants(window)
        zone = timezone.get_default_timezone()
        for person, course, code, at, *rest in enrolments.filter(
            completed_at__gte=start, completed_at__lt=end
        ).values_list(person_of("participant"), "course_id", "course__code", "completed_at", *_dimensions("")):
            rows.append(
                Presence(
                    person,
                    ("course", course),
                    code,
                    at.astimezone(zone).date(),
                    0,
                    0,
                    _attributes(rest[:-1]),
                    rest[-1],
                )
            )
    return rows


def _keep_longer(rows, key, row):
    held = rows.get(key)
    if held is None or (row.attendances, row.minutes) > (held.attendances, held.minutes):
        rows[key] = row


def persons(window, filters):
    """(person, day) of every counted presence in the window, each once: all that counting heads by time needs."""
    days = (window.start, window.end)
    pairs = set(
        marked(filters)
        .filter(session__date__range=days)
        .values_list(person_of("registration__participant"), "session__date")
        .distinct()
    )
    pairs |= set(
        reported(filters)
        .filter(day__range=days)
        .values_list(person_of("registration__participant"), "day")
        .distinct()
    )
    enrolments = completed(filters)
    if enrolments is not None:
        start, end = instants(window)
        zone = timezone.get_default_timezone()
        ended = enrolments.filter(completed_at__gte=start, completed_at__lt=end)
        pairs |= {
            (person, at.astimezone(zone).date())
            for person, at in ended.values_list(person_of("participant"), "completed_at")
        }
    return pairs


def known_before(window, filters):
    """The persons counted in the same scope before the window began."""
    start, _end = instants(window)
    persons = set(
        marked(filters)
        .filter(session__date__lt=window.start)
        .values_list(person_of("registration__participant"), flat=True)
        .distinct()
    )
    persons |= set(
        reported(filters)
        .filter(day__lt=window.start)
        .values_list(person_of("registration__participant"), flat=True)
        .distinct()
    )
    enrolments = completed(filters)
    if enrolments is not None:
        persons |= set(
            enrolments.filter(completed_at__lt=start).values_list(person_of("participant"), flat=True).distinct()
        )
    return persons
