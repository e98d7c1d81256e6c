"""What would happen to each row of a list: worked out anew whenever it is asked, in a bounded number of statements."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from courses import access
from courses.importing.columns import NAMES
from courses.models import Enrolment, GroupMember
from participants.cells import Cells
from participants.codes import Sex
from participants.headings import SHORT_SEX, by_name, folded
from participants.matching import Listed, Matches
from participants.models import Organisation, Participant, person_of
from participants.names import fold
from participants.sheets import Row

NEW, KNOWN, ENROLLED, WRONG = "new", "known", "enrolled", "wrong"
_OLDEST = 1900


@dataclass
class Planned:
    """One row: what it says, what is wrong with it, and what will happen."""

    line: int
    cells: dict
    attributes: dict = field(default_factory=dict)
    """As `participants.actions.create_participants` takes them."""
    errors: list = field(default_factory=list)
    state: str = WRONG
    participant: object = None

    @property
    def name(self):
        return self.cells.get("full_name", "")

    @property
    def said(self):
        """The other cells, as they were given."""
        return [value for column, value in self.cells.items() if column != "full_name"]


class Plan:
    def __init__(self, batch):
        """`batch`: an EnrolmentImport."""
        self.course, self.group = batch.course, batch.group
        self.overrides = bool(batch.reason)
        self.rows = [Planned(line, cells) for line, cells in batch.rows]
        self._organisations = by_name(Organisation.objects.filter(is_active=True))
        self._read()
        self._find_twice()
        self._match()

    @property
    def counts(self):
        return {state: sum(row.state == state for row in self.rows) for state in (NEW, KNOWN, ENROLLED, WRONG)}

    @property
    def good(self):
        """Those who will be enrolled."""
        return [row for row in self.rows if row.state in {NEW, KNOWN}]

    def _read(self):
        for row in self.rows:
            row.attributes = _Reader(row, self._organisations).attributes()

    def _find_twice(self):
        """Somebody who stands in the list twice is enrolled once, by their first line."""
        seen = {}
        for row in self.rows:
            if row.errors:
                continue
            for key in _keys(row):
                if key in seen and seen[key] != row.line:
                    message = _("This person stands in line %(line)d already.") % {"line": seen[key]}
                    row.errors.append((NAMES["full_name"], message))
                    break
                seen[key] = row.line

    def _match(self):
        asked = {row.line: _listed(row) for row in self.rows if not row.errors}
        matches = Matches(list(asked.values()), among=self._near())
        for row in self.rows:
            if not row.errors:
                row.participant = matches.find(asked[row.line])
        taking, lacking = self._taking(), self._lacking()
        met = {}
        for row in self.rows:
            if row.errors:
                continue
            who = row.participant
            if who is not None and who.erased_at:
                row.errors.append(
                    (NAMES["external_ref"], _("This person’s data was erased. They are not enrolled."))
                )
            elif who is not None and who.root_id in met:
                message = _("This person stands in line %(line)d already.") % {"line": met[who.root_id]}
                row.errors.append((NAMES["full_name"], message))
            elif who is not None and who.root_id in taking:
                row.state = ENROLLED
            elif lacking and not self.overrides and (who is None or who.root_id not in lacking["done"]):
                row.errors.append(
                    (
                        NAMES["full_name"],
                        _("Other courses come first: %(titles)s. To enrol them all the same, give a reason.")
                        % {"titles": lacking["titles"]},
                    )
                )
            else:
                row.state = NEW if who is None else KNOWN
            if who is not None:
                met.setdefault(who.root_id, row.line)

    def _near(self):
        """The people among whom an unproved contact is enough: those whom a list brought here before, or an invitation."""
        if self.group is not None:
            return GroupMember.objects.filter(group=self.group).values("participant")
        return Participant.objects.filter(
            Q(enrolments__course=self.course) | Q(course_invitations__course=self.course)
        ).values("pk")

    def _taking(self):
        """Keys of the persons who are where the list would put them."""
        people = [row.participant.root_id for row in self.rows if row.participant is not None]
        if self.group is not None:
            rows = GroupMember.objects.filter(group=self.group)
        else:
            rows = Enrolment.objects.active().filter(course=self.course)
        return set(
            rows.annotate(person=person_of("participant"))
            .filter(person__in=people)
            .values_list("person", flat=True)
        )

    def _lacking(self):
        """What comes before the course, and the persons who have done all of it; empty where nothing does."""
        required = list(access.required(self.course.pk)) if self.course is not None else []
        if not required:
            return {}
        people = [row.participant.root_id for row in self.rows if row.participant is not None]
        done = {}
        rows = Enrolment.objects.filter(course__in=required, completed_at__isnull=False)
        for person, course in (
            rows.annotate(person=person_of("participant"))
            .filter(person__in=people)
            .values_list("person", "course_id")
        ):
            done.setdefault(person, set()).add(course)
        return {
            "titles": "; ".join(str(one) for one in required),
            "done": {person for person, courses in done.items() if len(courses) == len(required)},
        }


def _listed(row):
    given = row.attributes
    return Listed(given["full_name"], given["email"], given["phone"], given["external_ref"] or "")


def _keys(row):
    given = row.attributes
    name = fold(given["full_name"])
    keys = [("contact", given[kind], name) for kind in ("email", "phone") if given[kind]]
    return [*keys, ("reference", given["external_ref"])] if given["external_ref"] else keys


class _Reader:
    """Reads one row's cells; what is wrong goes into `row.errors` as (heading, message)."""

    def __init__(self, row, organisations):
        self.row, self.organisations = row, organisations
        self.found = []
        self.cells = Cells(Row("", row.line, row.cells), self.found)

    def attributes(self):
        given = {
            "full_name": " ".join(self.cells.plain("full_name", needed=True, longest=200).split()),
            "email": self.cells.email("email"),
            "phone": self.cells.phone("phone"),
            "external_ref": self.cells.plain("external_ref", longest=200) or None,
            "language": self.cells.word("language", _languages()),
            "sex": self.cells.word("sex", tuple(Sex.choices), short=SHORT_SEX) or Sex.UNKNOWN.value,
            "organisation": self._organisation(),
            "birth_year": self.cells.number("birth_year", smallest=_OLDEST, largest=timezone.localdate().year),
        }
        if self.cells.ok and not (given["email"] or given["phone"] or given["external_ref"]):
            self.cells.fail(
                "email",
                _(
                    "Give an e-mail, a phone or a reference: without any, this person could not be reached or known again."
                ),
            )
        self.row.errors = [(NAMES[error.column], error.message) for error in self.found]
        return given

    def _organisation(self):
        value = self.cells.text("organisation")
        if not value:
            return None
        found = self.organisations.get(folded(value))
        if found is None:
            self.cells.fail(
                "organisation",
                _("No organisation has this code or name. Correct it, or leave the cell empty."),
            )
        return found


def _languages():
    """The site's languages by code and by what their speakers call them."""
    return tuple((code, get_language_info(code)["name_local"]) for code, _label in settings.LANGUAGES) + tuple(
        (code, label) for code, label in settings.LANGUAGES
    )
