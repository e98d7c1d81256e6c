"""The way through a programme: its steps, how far somebody is, and what comes next.

Whether a programme is completed is written nowhere: it is folded from enrolments and attendance each time it is shown.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses import trees
from courses.languages import reader_url
from courses.models import Enrolment
from courses.progress import minutes_in_words
from events import follow_ups, listing, registers, seats, when
from events.facts import when_and_where
from events.models import Event, EventState, FollowUp, Programme, ProgrammeStep, Registration, RegistrationPolicy
from events.registering import opens

DONE, HERE, AHEAD = "done", "here", "todo"
_INDEX = "oberih_events.programmes"
# Another process with a cache of its own hears of a change no later than this.
_KEPT_SECONDS = 300
_MORE_DATES = 5
_PAST_DATES = 12


@dataclass(frozen=True)
class Way:
    """A public programme with the keys of its steps; in each group one suffices."""

    code: str
    title: object
    groups: tuple

    @property
    def url(self):
        return reverse("oberih_events:programme", kwargs={"code": self.code})

    @property
    def keys(self):
        return {key for group in self.groups for key in group}


def grouped(steps):
    """Steps in groups: an alternative belongs to the step before it."""
    groups = []
    for step in steps:
        if step.is_alternative and groups:
            groups[-1].append(step)
        else:
            groups.append([step])
    return groups


def key(step):
    return ("course", step.course_id) if step.course_id else ("event", step.event_id)


def public_ways():
    """The Ways of all public programmes. Kept, since the page of every course asks whether it is part of one."""
    found = cache.get(_INDEX)
    if found is None:
        steps = defaultdict(list)
        for step in ProgrammeStep.objects.filter(programme__is_public=True):
            steps[step.programme_id].append(step)
        found = [
            Way(row.code, row.title, tuple(tuple(map(key, group)) for group in grouped(steps[row.pk])))
            for row in Programme.objects.filter(is_public=True).order_by("code")
        ]
        cache.set(_INDEX, found, _KEPT_SECONDS)
    return found


def connect():
    for model in (Programme, ProgrammeStep):
        for signal in (post_save, post_delete):
            signal.connect(_forget, sender=model, dispatch_uid=f"oberih_events.programmes.{model.__name__}")


def _forget(**_about):
    cache.delete(_INDEX)
    # Somebody may have read the old rows meanwhile and kept them again.
    transaction.on_commit(lambda: cache.delete(_INDEX), robust=True)


@dataclass(frozen=True)
class Standing:
    """What somebody has done and begun, by the keys of steps."""

    done: frozenset = frozenset()
    begun: frozenset = frozenset()
    # {event: the registration's address}
    registrations: dict = field(default_factory=dict)

    def of(self, group):
        if any(key in self.done for key in group):
            return DONE
        return HERE if any(key in self.begun for key in group) else AHEAD


def standing(participant):
    """How far the person is with everything: three statements, and those of the room that keeps registers."""
    if participant is None:
        return Standing()
    done, begun, addresses = set(), set(), {}
    enrolments = Enrolment.objects.active().of(participant)
    for course, completed_at in enrolments.values_list("course_id", "completed_at"):
        (done if completed_at else begun).add(("course", course))
    registrations = list(Registration.objects.of(participant).active().only("pk", "uuid", "event_id"))
    attended = registers.attended(registrations)
    for row in registrations:
        (done if row.pk in attended else begun).add(("event", row.event_id))
        addresses[row.event_id] = reverse("oberih_events:registration", kwargs={"uuid": row.uuid})
    return Standing(frozenset(done), frozenset(begun - done), addresses)


@dataclass
class Step:
    """One line of the path. Alternatives have one number."""

    key: tuple
    number: int
    label: str
    url: str
    note: str
    state: str = "todo"
    own: str = AHEAD
    is_over: bool = False
    # Where somebody who has no place there yet can register, and the words for it.
    action_url: str = ""
    action: str = ""


@dataclass
class Path:
    """A programme as somebody sees it."""

    programme: Programme
    steps: list
    states: list
    next: Step | None
    more: list
    # Events that are over, the last first, and what their people did afterwards, in sentences.
    held: list = field(default_factory=list)
    afterwards: list = field(default_factory=list)

    @property
    def done(self):
        return self.states.count(DONE)

    @property
    def words(self):
        return _("%(done)d of %(all)d steps") % {"done": self.done, "all": len(self.states)}

    @property
    def is_complete(self):
        return bool(self.states) and self.done == len(self.states)

    @property
    def has_begun(self):
        return any(state != AHEAD for state in self.states)


def path(programme, request, participant):
    """The programme's path for this reader, in a number of statements that does not grow with its steps."""
    now = timezone.now()
    steps = list(programme.steps.all())
    mine = standing(participant)
    pages = _course_pages([step.course_id for step in steps if step.course_id])
    listed = listing.told(Event.objects.filter(pk__in=[step.event_id for step in steps if step.event_id]))
    public = set(Event.objects.public().filter(pk__in=[row.pk for row in listed]).values_list("pk", flat=True))
    events = {row.pk: row for row in listed if row.pk in public or row.pk in mine.registrations}
    shown, states, following = [], [], None
    for group in grouped(steps):
        made = [
            step for step in (_step(one, pages, events, mine, request, now) for one in group) if step is not None
        ]
        if not made:
            continue
        state = mine.of([step.key for step in made])
        states.append(state)
        made = _still_of_use(made)
        _place(made, len(states), is_next=following is None and state != DONE)
        shown += made
        if following is None and state != DONE:
            following = _open_to_take(made, events, now)
    held = _held(programme, now)
    return Path(
        programme,
        shown,
        states,
        following,
        more=_more(programme, events, mine, now),
        held=[_past_entry(event) for event in held[:_PAST_DATES]],
        afterwards=[one.sentence for one in follow_ups.summed(FollowUp.objects.filter(cohort__in=held))],
    )


def _still_of_use(group):
    """Of a step that is held several times those that one can still come to, and the reader's own; otherwise the last.

    Those that are over have a list of their own.
    """
    return [step for step in group if not step.is_over or step.own != AHEAD] or group[-1:]


def _course_pages(keys):
    versions = defaultdict(list)
    for page in trees.course_pages_of(keys):
        versions[page.translation_key].append(page)
    return {key: trees.preferred(pages, get_language()) for key, pages in versions.items()}


def _step(step, pages, events, mine, request, now):
    """What is shown of a step; None for a course without a page and an event that is nobody's business."""
    if step.course_id:
        page = pages.get(step.course_id)
        if page is None:
            return None
        facts = [_("Course")] + ([minutes_in_words(page.minutes)] if page.minutes else [])
        return Step(
            key(step), 0, page.title, reader_url(page, request), " · ".join(facts), own=mine.of([key(step)])
        )
    event = events.get(step.event_id)
    if event is None:
        return None
    own = mine.of([key(step)])
    facts = [event.get_kind_display(), when.begins(event), when.place(event)]
    facts.append(
        _("You are registered") if own == HERE else "" if own == DONE else listing.standing(event, now)[0]
    )
    url, words = _registering(event, mine, now)
    return Step(
        key(step),
        0,
        str(event.title),
        mine.registrations.get(event.pk) or listing.address(event),
        " · ".join(filter(None, facts)),
        own=own,
        is_over=listing.is_over(event, now),
        action_url=url,
        action=words if url else "",
    )


def _registering(event, mine, now):
    """Where and in which words one registers for an event of `listing.told`; "" where one cannot, or has."""
    closed = event.policy == RegistrationPolicy.ORGANISATION or opens(event, now=now)
    has_place = seats.words(event)[1] or event.policy == RegistrationPolicy.APPROVAL
    if closed or event.pk in mine.registrations or not (has_place or event.has_waiting_list):
        return "", ""
    url = reverse("oberih_events:register", kwargs={"code": event.code})
    return url, _("Register") if has_place else _("Join the waiting list")


def _place(group, number, *, is_next):
    for step in group:
        step.number = number
        step.state = "done" if step.own == DONE else "todo"
    if is_next:
        # Where the reader is: what they began, or the first of what they may choose from.
        begun = [step for step in group if step.own == HERE]
        (begun or group)[0].state = "current"
    for step in group[1:]:
        step.note = _("Or instead: %(note)s") % {"note": step.note}


def _open_to_take(group, events, now):
    """What to do next: what was begun, or the first that one can still come to."""
    begun = [step for step in group if step.own == HERE]
    coming = [step for step in group if step.key[0] == "course" or not listing.is_over(events[step.key[1]], now)]
    return next(iter([*begun, *coming]), None)


def _more(programme, events, mine, now):
    """Coming events that name the programme and are no step of it."""
    rows = listing.listed_events().filter(programme=programme).exclude(pk__in=events)
    entries = []
    for event in listing.told_to_come(rows, now)[:_MORE_DATES]:
        url, words = _registering(event, mine, now)
        entries.append({**listing.entry(event, now), "button_url": url, "button": words})
    return entries


def _held(programme, now):
    """The programme's events with a page of their own that took place, the last first."""
    steps = programme.steps.exclude(event=None).values("event")
    rows = Event.objects.public().filter(Q(programme=programme) | Q(pk__in=steps))
    # A day on, since "today" is that of each event's own zone.
    past = rows.exclude(state=EventState.CANCELLED).filter(ends_on__lte=now.date() + dt.timedelta(days=1))
    told = past.with_times().prefetch_related("areas", "venues").order_by("-starts_on", "-pk")
    return [event for event in told if listing.is_over(event, now)]


def _past_entry(event):
    facts = when_and_where(event, days=True)
    return {
        "title": event.title,
        "url": listing.address(event),
        "date": event.starts_on,
        "kind": event.get_kind_display(),
        "facts": facts,
    }


def taken(participant):
    """(Way, its states) of the programmes that the person has begun, the unfinished first."""
    ways = public_ways()
    if not ways or participant is None:
        return []
    mine = standing(participant)
    found = [(way, [mine.of(group) for group in way.groups]) for way in ways]
    begun = [(way, states) for way, states in found if any(state != AHEAD for state in states)]
    return sorted(begun, key=lambda pair: all(state == DONE for state in pair[1]))
