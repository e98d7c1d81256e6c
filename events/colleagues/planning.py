"""What would come of each row of a list: worked out anew whenever it is asked, in a bounded number of statements."""

from collections import Counter
from dataclasses import dataclass

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from events import recognising, seating, seats
from events.colleagues import reach
from events.colleagues.columns import Reader, twice
from events.models import RegistrationAnswer, RegistrationPolicy, Status
from events.people import Person
from events.questions import words
from events.seating import Unit
from participants.codes import Sex
from participants.conf import contact_keys


class Fate(models.TextChoices):
    """What comes of a row."""

    SEAT = "seat", gettext_lazy("Has a seat")
    WAITS = "waits", gettext_lazy("On the waiting list")
    PENDING = "pending", gettext_lazy("Waiting for approval")
    THERE = "there", gettext_lazy("Registered already")
    REFUSED = "refused", gettext_lazy("Not registered")
    WRONG = "wrong", gettext_lazy("To be corrected")


FATE_OF = {
    Status.CONFIRMED: Fate.SEAT,
    Status.OFFERED: Fate.SEAT,
    Status.WAITLISTED: Fate.WAITS,
    Status.PENDING: Fate.PENDING,
}
LOOKS = {Fate.SEAT: "success", Fate.REFUSED: "error", Fate.WRONG: "error", Fate.THERE: "neutral"}


class Seating:
    """Where those who come next from an organisation would sit: in the seats set aside for them first, then in everybody's.

    Counted under the lock of the event it is so; without it, it was so a moment ago.
    """

    def __init__(self, place, now):
        self.event, self.allocation = place.event, place.allocation
        stock, waits = seats.read(self.event, now)
        self.free = stock.free()
        self.line = seats.line(self.event, stock) if waits else []
        self.needs_approval = self.event.policy == RegistrationPolicy.APPROVAL
        stands = place.allocation is not None and place.allocation.pk in stock.allocations
        self.keys = [place.allocation.pk] if stands else []
        if place.is_for_all or not stands:
            # Seats whose time is over are everybody's.
            self.keys.append(None)
        if self.needs_approval and stands:
            self._set_aside_for_pending()

    def _set_aside_for_pending(self):
        """Those who wait for approval are meant for seats that nobody else is to be meant for."""
        pending = self.event.registrations.filter(status=Status.PENDING, allocation=self.allocation).count()
        key = ("allocation", self.allocation.pk)
        self.free[key] = max(0, self.free[key] - pending)

    def take(self, group):
        """(Status, whether it is of the allocation) of the next one; None for a status where nobody else is admitted."""
        units = [Unit(None, 1, key, group.pk if group else None) for key in self.keys]
        fitting = next((unit for unit in units if seating.admits(self.free, self.line, unit)), None)
        unit = fitting or units[-1]
        if fitting is not None:
            self.free = seating.taken_by(unit, self.free)
            status = Status.CONFIRMED
        else:
            self.line.append(unit)
            status = Status.WAITLISTED if self.event.has_waiting_list else None
        return (Status.PENDING if self.needs_approval else status), unit.allocation is not None


@dataclass
class Planned:
    """One row: what it says, what is wrong with it, and what will come of it."""

    line: int
    cells: dict
    person: Person | None
    errors: list
    fate: Fate = Fate.WRONG
    reason: str = ""

    @property
    def name(self):
        return self.cells.get("full_name", "")

    @property
    def said(self):
        """The rest of the row: as it was understood, or where something is wrong as it was given."""
        one = self.person
        if one is None:
            return [value for column, value in self.cells.items() if column != "full_name"]
        sex = "" if one.sex == Sex.UNKNOWN else Sex(one.sex).label
        told = [one.email, one.phone, one.latin_name, one.birth_year, sex, one.category, one.group]
        return [str(value) for value in told if value]

    @property
    def answers(self):
        """[(question, words)] of what was answered, as it was understood."""
        replies = self.person.replies if self.person else {}
        return [
            (str(asked), reply.text or words(RegistrationAnswer(question=asked, chosen=reply.chosen)))
            for asked, reply in replies.items()
        ]


class Plan:
    """The rows of `[(line, {column: text})]` for a `reach.Place`, as the focal point `user` may know them."""

    def __init__(self, place, rows, user, *, now=None):
        self.place, self.user = place, user
        now = now or timezone.now()
        groups = list(place.event.groups.all()) if place.event.has_groups else []
        reader = Reader(place.event, groups)
        self.names = reader.columns.names
        self.rows = [Planned(line, cells, *reader.read(line, cells)) for line, cells in rows]
        self._find_twice()
        self._seat(now)

    @property
    def counts(self):
        return Counter(row.fate for row in self.rows)

    @property
    def wrong(self):
        return [row for row in self.rows if row.fate == Fate.WRONG]

    @property
    def good(self):
        """Those who will be registered."""
        return [row for row in self.rows if row.fate in {Fate.SEAT, Fate.WAITS, Fate.PENDING}]

    def _find_twice(self):
        by_line = {row.line: row for row in self.rows if row.person is not None}
        for line, message in twice([(line, row.person) for line, row in by_line.items()]):
            by_line[line].errors.append(("full_name", message))

    def _seat(self, now):
        """Those whom the focal point sees are there already; of anybody else it is not said whether they are."""
        there = set(reach.people(self.user, self.place).values_list("contact_digest", "name_digest"))
        free = Seating(self.place, now)
        for row in self.rows:
            if row.errors:
                continue
            if there.intersection(_digests(row.person, self.place.organisation)):
                row.fate = Fate.THERE
                continue
            status, _mine = free.take(row.person.group)
            if status is None:
                row.fate, row.reason = Fate.REFUSED, seats.no_room()
            else:
                row.fate = FATE_OF[status]


def _digests(person, organisation):
    onlooker = recognising.organisation_as_onlooker(organisation.pk)
    return {
        (contact, person.name_digest(version))
        for version in contact_keys()
        for beside in ("", onlooker)
        for contact in person.answered.contact_digests(version, onlooker=beside)
    }
