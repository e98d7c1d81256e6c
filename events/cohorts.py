"""The events of a programme: which they are, how many people came, and how an event joins one or leaves it."""

from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from events import registers
from events.exceptions import ScheduleError
from events.models import Event, EventState, Programme, ProgrammeStep, Registration, Status
from events.programmes import grouped
from participants.codes import NOT_COUNTED_TYPES
from participants.models import person_of
from safeguarding import audit


def of(programme):
    """The events that name the programme or are steps of it."""
    steps = programme.steps.exclude(event=None).values("event")
    return Event.objects.filter(Q(programme=programme) | Q(pk__in=steps))


def refusal(event):
    """Why an event can neither join a programme nor leave it, as a sentence, or "" if it can."""
    if event.is_imported:
        return _("This event comes from an imported list and cannot be changed here.")
    if event.state == EventState.CANCELLED:
        return _("This event was cancelled.")
    return ""


@transaction.atomic
def join(*, event, programme, by):
    """Make the event one of the programme's, or of none; one that is over, too.

    The steps are an editor's. An event that is of one type with the events of exactly one step, and delivers the same
    course, is that step held again, and so becomes another way to take it.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    if reason := refusal(event):
        raise ScheduleError(reason)
    if event.programme == programme:
        return event
    keys = [event.subject_key]
    if event.programme is not None:
        _leave(event)
        keys.append(f"-programme:{event.programme.code}")
    event.programme = programme
    event.save(update_fields=["programme"])
    if programme is not None:
        _hold_again(event, programme)
        keys.append(f"+programme:{programme.code}")
    audit.record(by, "change_programme", "event", keys)
    return event


def _leave(event):
    step = event.programme.steps.filter(event=event).first()
    if step is None:
        return
    if not step.is_alternative:
        raise ScheduleError(
            _("This event is a step of “%(programme)s”. An editor has to change the steps first.")
            % {"programme": event.programme.title}
        )
    step.delete()


def _hold_again(event, programme):
    # Whoever changes the steps at the same time waits here.
    Programme.objects.select_for_update().get(pk=programme.pk)
    steps = list(programme.steps.select_related("event"))
    if any(step.event_id == event.pk for step in steps):
        return
    held_before = [group for group in grouped(steps) if any(_is_like(event, step.event) for step in group)]
    if len(held_before) != 1:
        return
    place = steps.index(held_before[0][-1]) + 1
    for position, step in enumerate(steps):
        moved = position if position < place else position + 1
        if step.position != moved:
            step.position = moved
            step.save(update_fields=["position"])
    ProgrammeStep.objects.create(programme=programme, event=event, position=place, is_alternative=True)


def _is_like(event, other):
    return other is not None and (other.kind, other.course_id) == (event.kind, event.course_id)


@dataclass(frozen=True)
class Figures:
    """How many people registered for some events and came, by the same rules as the reports on people trained.

    `registered` and `attended` are of each event by its key. A person who came to two events is two participations
    and one person.
    """

    registered: Counter = field(default_factory=Counter)
    attended: Counter = field(default_factory=Counter)
    persons: int = 0

    @property
    def participations(self):
        return self.attended.total()


def figures(events):
    """The Figures of events, in as many statements however many they are."""
    real = Q(participant__is_test=False) & (
        Q(participant__merged_into=None) | Q(participant__merged_into__is_test=False)
    )
    rows = Registration.objects.filter(real, event__in=[event.pk for event in events])
    trained = {event.pk for event in events if event.kind not in NOT_COUNTED_TYPES}
    there = registers.attended_among(rows)
    registered, came = Counter(), set()
    for pk, event, status, person in rows.order_by().values_list(
        "pk", "event", "status", person_of("participant")
    ):
        registered[event] += status == Status.CONFIRMED
        if event in trained and pk in there:
            came.add((event, person))
    return Figures(registered, Counter(event for event, _person in came), len({person for _event, person in came}))
