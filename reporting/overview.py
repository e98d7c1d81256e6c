"""What a manager's day begins with: the quarter beside earlier ones, what makes its figures wrong, and what is coming.

Everything is read in a constant number of statements. Trainings are those of the manager's whole scope; figures are those of
one country and project, since persons of two scopes cannot be added.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.models import Attendance, Headcount, MarkStatus, ReportedPresence
from certificates.models import Certificate
from events import when
from events.models import Event, EventState, Registration, Session
from participants.codes import HeadcountMethod, Unit, qualified
from reporting import figures, measures, periods, sentences
from reporting.scope import Window

QUARTERS = 8
_ROWS_OF_A_KIND = 5
_COMING = 5


@dataclass(frozen=True)
class Row:
    """Something to do, with what to do and where."""

    title: str
    text: str
    url: str = ""
    label: str = ""


def address(name, *args):
    """The address of a page, or "" where its room is installed without its pages."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


class Quarter:
    """This quarter so far, under some filters, beside the one before and the same one a year ago."""

    def __init__(self, filters, today):
        self.filters, self.today = filters, today
        self.window = periods.quarter_of(today)
        self.people = measures.People(self.window, filters)
        self.earlier = [measures.People(periods.quarter_before(self.window, count), filters) for count in (1, 4)]

    @property
    def until(self):
        return periods.label(Window(self.window.start, self.today))

    @cached_property
    def compared(self):
        """Earlier quarters in which anything is recorded. Before the first record a nought would be a statement."""
        return [people for people in self.earlier if people.rows or people.events]

    @property
    def has_persons(self):
        """Whether anybody was counted, in courses too, which are held by nobody."""
        return any(people.rows for people in [self.people, *self.earlier])

    def figures(self):
        """The four figures, each with those of earlier quarters below it."""
        beside = [(periods.label(people.window), figures.headline(people.headline)) for people in self.compared]
        return [
            {
                **figure,
                "beside": [
                    {"window": window, "value": _said(earlier[position]["value"])} for window, earlier in beside
                ],
            }
            for position, figure in enumerate(figures.headline(self.people.headline))
        ]

    def trend(self):
        """Different persons in each of the last quarters, from the first that has any; [] where that is one alone."""
        windows = [periods.quarter_before(self.window, count) for count in reversed(range(QUARTERS))]
        counts = measures.persons_in_each(windows, self.filters)
        first = next((position for position, count in enumerate(counts) if count), QUARTERS)
        rows = [
            {"label": periods.label(window, brief=True), "value": count}
            for window, count in zip(windows[first:], counts[first:], strict=True)
        ]
        if len(rows) < 2:
            return []
        rows[-1]["text"] = _("%(count)s so far") % {"count": sentences.number(counts[-1])}
        return rows

    def missing(self):
        """One row for each quarter in which something was closed and nobody was counted: a report still waits for it."""
        rows = []
        for people in [self.people, self.earlier[0]]:
            count = sum(event.state == EventState.CLOSED for event in people.missing_events())
            if count:
                text = ngettext(
                    "%(count)s activity is closed and has no number.",
                    "%(count)s activities are closed and have no number.",
                    count,
                )
                rows.append(
                    Row(
                        periods.label(people.window),
                        text % {"count": sentences.number(count)},
                        f"{people_trained(people.window, self.filters)}#missing",
                        _("See which"),
                    )
                )
        return rows


def _said(value):
    return sentences.number(value) if isinstance(value, int) else value


def people_trained(window, filters):
    """The address of People trained for a window, with these filters."""
    return reverse(
        "oberih_reporting:people_trained", query={"from": window.start, "to": window.end, **filters.given()}
    )


def attention(user, since, now=None):
    """What makes figures wrong or keeps certificates back, of the manager's trainings. Four statements."""
    now = now or timezone.now()
    mine = Event.objects.for_staff(user)
    return [
        *_not_closed(mine, now),
        *_open_registers(mine, now),
        *_without_method(mine, since),
        *_not_issued(user),
    ]


def _over(mine, now):
    return mine.filter(state=EventState.SCHEDULED).with_times().filter(
        Q(last_end__lt=now) | Q(last_end=None, ends_on__lt=timezone.localdate(now))
    )  # fmt: skip


def _not_closed(mine, now):
    present = Attendance.objects.filter(session__event=OuterRef("pk"), status__in=MarkStatus.attended())
    listed = ReportedPresence.objects.filter(registration__event=OuterRef("pk"), first_present_on__isnull=False)
    counted = Headcount.objects.filter(event=OuterRef("pk"), unit=Unit.PERSONS)
    events = _over(mine, now).annotate(is_counted=Exists(present) | Exists(listed) | Exists(counted))
    found = list(events.order_by("ends_on", "code")[: _ROWS_OF_A_KIND + 1])
    rows = []
    for event in found[:_ROWS_OF_A_KIND]:
        if event.is_counted:
            text = _("Over since %(day)s and not closed. People were counted: check the number and close it.")
        else:
            text = _(
                "Over since %(day)s, and nobody was counted. Take the register, enter a headcount or say why not."
            )
        url = address("oberih_attendance:close_event", event.uuid)
        rows.append(Row(event.title, text % {"day": when.day(event.ends_on)}, url, _("Close it")))
    if len(found) > _ROWS_OF_A_KIND:
        text = _("More trainings are over and not closed.")
        rows.append(Row(_("And others"), text, address("oberih_events:trainings"), _("See all")))
    return rows


def _open_registers(mine, now):
    """Registers of trainings that go on; those of one that is over are closed with it."""
    expected = Registration.objects.confirmed().filter(event=OuterRef("event"))
    sessions = (
        Session.objects.filter(
            Exists(expected),
            event__in=mine.filter(state=EventState.SCHEDULED).with_times().filter(last_end__gte=now).values("pk"),
            ends_at__lt=now,
            register__closed_at=None,
        )
        .select_related("event")
        .order_by("ends_at", "pk")
    )
    return [
        Row(
            session.event.title,
            _("The register of %(session)s is still open.") % {"session": when.session_line(session)},
            address("oberih_attendance:register", session.pk),
            _("Open the register"),
        )
        for session in sessions[:_ROWS_OF_A_KIND]
    ]


def _without_method(mine, since):
    counts = (
        Headcount.objects.filter(
            event__in=mine.filter(ends_on__gte=since, is_imported=False).values("pk"),
            unit=Unit.PERSONS,
            part_of=None,
            method=HeadcountMethod.NOT_STATED,
        )
        .select_related("event")
        .order_by("event__ends_on", "pk")
    )
    return [
        Row(
            count.event.title,
            _("%(figure)s without names, and it is not said how they were counted.")
            % {"figure": qualified(count.qualifier, sentences.number(count.value))},
            address("oberih_attendance:headcount", count.event.uuid),
            _("Say how"),
        )
        for count in counts[:_ROWS_OF_A_KIND]
    ]


def _not_issued(user):
    count = Certificate.objects.for_staff(user).given_up().count()
    if not count:
        return []
    text = ngettext(
        "%(count)s certificate was earned and could not be issued.",
        "%(count)s certificates were earned and could not be issued.",
        count,
    )
    return [
        Row(
            _("Certificates"),
            text % {"count": sentences.number(count)},
            address("oberih_certificates:attention"),
            _("Mend and try again"),
        )
    ]


def coming(user, today):
    """The next trainings of the manager's scope."""
    events = Event.objects.for_staff(user).filter(state=EventState.SCHEDULED, starts_on__gte=today)
    return [entry(event) for event in _drawn(events).order_by("starts_on", "code")[:_COMING]]


def matching(user, text):
    """Keys of the manager's trainings whose code or title, in any language, holds every word; the newest first.

    Titles are kept as escaped JSON, in which SQL finds no letter beyond ASCII, so that they are compared here.
    """
    words = text.casefold().split()
    events = Event.objects.for_staff(user).order_by("-starts_on", "-pk")
    if not words:
        return list(events.values_list("pk", flat=True))
    found = []
    for key, code, title in events.values_list("pk", "code", "title"):
        titles = title.data.values() if isinstance(title.data, dict) else [title.data]
        said = " ".join([code, *titles]).casefold()
        if all(word in said for word in words):
            found.append(key)
    return found


def entries(keys):
    """The trainings of these keys, in their order, ready to be drawn."""
    events = {event.pk: event for event in _drawn(Event.objects.filter(pk__in=keys))}
    return [entry(events[key]) for key in keys]


def _drawn(events):
    return events.with_seats().prefetch_related("areas", "venues")


def entry(event):
    looks = {EventState.CANCELLED: "error", EventState.CLOSED: "success"}
    facts = [{"icon": "calendar", "text": when.days(event)}]
    if place := when.place(event):
        facts.append({"icon": "place", "text": place})
    facts.append({"icon": "people", "text": _seats(event)})
    return {
        "title": event.title,
        "url": address("oberih_events:training", event.uuid),
        "date": event.starts_on,
        "kind": event.get_kind_display(),
        "facts": facts,
        "tag": "" if event.state == EventState.SCHEDULED else event.get_state_display(),
        "tag_kind": looks.get(event.state, "neutral"),
    }


def _seats(event):
    count = sentences.number(event.confirmed_count)
    if event.capacity is None:
        return ngettext("%(count)s registered", "%(count)s registered", event.confirmed_count) % {"count": count}
    return _("%(taken)s of %(seats)s seats") % {"taken": count, "seats": sentences.number(event.capacity)}
