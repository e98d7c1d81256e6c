"""The columns of a list of colleagues, and one row of it read: typed into a form or sent as a file, it is the same."""

import re

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import localize
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.strings import LazyI18nString

from events import question_fields
from events.models import QuestionKind
from events.people import Person, Reply, is_surely_young, may_be_young
from participants.cells import Cells
from participants.codes import Sex
from participants.conf import adult_age
from participants.fields import LatinNameField
from participants.headings import SHORT_SEX, Columns, by_name, folded
from participants.models import Category
from participants.sheets import Row

MOST_ROWS = 200
_OLDEST = 1900
NAMES = {
    "full_name": gettext_lazy("Name"),
    "latin_name": gettext_lazy("Name in Latin letters"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "of_age": gettext_lazy("Of age"),
    "birth_year": gettext_lazy("Year of birth"),
    "sex": gettext_lazy("Sex"),
    "category": gettext_lazy("Category"),
    "group": gettext_lazy("Group"),
}
_ALSO = {
    "full_name": ["full name", "surname and name", "піб", "п.і.б.", "прізвище та ім’я", "фио", "الاسم الكامل"],
    "latin_name": ["latin name", "name latin", "латиницею"],
    "email": ["email", "mail", "email address", "електронна пошта", "пошта", "електронна адреса"],
    "phone": ["telephone", "mobile", "phone number", "номер телефону", "моб. телефон", "мобільний"],
    "of_age": ["18", "18+", "adult", "повнолітній", "повноліття", "18 років"],
    "birth_year": ["birth year", "year", "р.н."],
    "sex": ["gender"],
    "category": ["profession", "посада", "фах"],
}
YES, NO = "yes", "no"
_ANSWERS = ((YES, gettext_lazy("Yes")), (NO, gettext_lazy("No")))
_SHORT_ANSWERS = {"y": YES, "x": YES, "х": YES, "1": YES, "true": YES, "n": NO, "0": NO, "false": NO}


def _columns(*left_out, needed):
    shown = {column: name for column, name in NAMES.items() if column not in left_out}
    return Columns(shown, {column: _ALSO.get(column, []) for column in shown}, needed=needed)


COLUMNS = _columns("group", needed=("full_name",))
COLUMNS_WITH_GROUP = _columns(needed=("full_name", "group"))


class Reader:
    """Reads rows of people for an event: what the lists say that are looked up is fetched once for all of them."""

    def __init__(self, event, groups):
        self.event = event
        self.age = adult_age(event.country)
        self.groups = _by_title(groups)
        self.group_titles = [str(group) for group in groups]
        self._categories = list(Category.objects.filter(is_active=True))
        self.categories = by_name(self._categories)
        asked = list(event.questions.all())
        # A file cannot stand in a cell: each person adds it by their own link.
        self.files = [question for question in asked if question.kind == QuestionKind.FILE]
        self.questions = {
            question_fields.name_of(question): question for question in asked if question.kind != QuestionKind.FILE
        }
        self._options = {column: _by_option(question) for column, question in self.questions.items()}

    @property
    def columns(self):
        """Those that a list for the event may have."""
        known = COLUMNS_WITH_GROUP if self.groups else COLUMNS
        if not self.questions:
            return known
        required = [column for column, question in self.questions.items() if question.is_required]
        return Columns({**known.names, **self._headings(known)}, known.also, needed=(*known.needed, *required))

    def _headings(self, known):
        """The questions as headings. One that is worded as another column is has its number behind it."""
        taken, found = {"", *known.headings}, {}
        for number, (column, question) in enumerate(self.questions.items(), start=1):
            words = {folded(text) for text in _texts(question.text)}
            found[column] = format_lazy("{} ({})", question.text, number) if words & taken else question.text
            taken |= words
        return found

    @property
    def file_names(self):
        """What the event asks for that each of them has to send by themselves."""
        return ", ".join(str(question) for question in self.files)

    @property
    def category_choices(self):
        return [(one.code, str(one)) for one in self._categories]

    def read(self, line, cells):
        """(Person, errors): the errors are [(column, message)], and only without any there is a Person."""
        found = []
        said = Cells(Row("", line, cells), found)
        given = {
            "full_name": " ".join(said.plain("full_name", needed=True, longest=200).split()),
            "latin_name": self._latin(said),
            "email": said.email("email"),
            "phone": said.phone("phone", self.event.country or "UA"),
            "birth_year": said.number("birth_year", smallest=_OLDEST, largest=timezone.localdate().year),
            "sex": said.word("sex", tuple(Sex.choices), short=SHORT_SEX) or Sex.UNKNOWN.value,
            "category": self._category(said),
            "group": self._group(said),
            "is_of_age": self._of_age(said),
            "replies": self._replies(said),
        }
        if not any(cells.get(kind) for kind in ("email", "phone")):
            said.fail("email", _("Give an e-mail or a phone number, one of them: each gets a link of their own."))
        return (Person(**given) if said.ok else None), [(error.column, error.message) for error in found]

    def _latin(self, said):
        value = said.plain("latin_name", longest=200)
        try:
            return LatinNameField().clean(value)
        except ValidationError as error:
            said.fail("latin_name", error.messages[0])
            return ""

    def _of_age(self, said):
        """Whether it is said that they are of age. Whoever is not, or may not be, is refused: a guardian is asked first."""
        answer = said.word("of_age", _ANSWERS, short=_SHORT_ANSWERS)
        year = said.row.cells.get("birth_year", "")
        year = int(year) if year.isascii() and year.isdecimal() else None
        age = {"age": localize(self.age)}
        if answer == NO or is_surely_young(year, self.event):
            said.fail(
                "of_age" if answer == NO else "birth_year",
                _(
                    "Somebody under %(age)s registers on the event’s own page, where a parent or guardian is asked to "
                    "agree. Leave them out here."
                )
                % age,
            )
        elif answer != YES and may_be_young(year, self.event):
            said.fail(
                "of_age",
                _("By this year they may still be under %(age)s. If they are not, say that they are of age.")
                % age,
            )
        elif answer != YES and year is None and not said.row.cells.get("of_age"):
            said.fail("of_age", _("Say that they are %(age)s or older, or give the year of birth.") % age)
        return answer == YES

    def _category(self, said):
        return self._one_of(said, "category", self.categories, [one.code for one in self._categories])

    def _group(self, said):
        if not self.groups:
            return None
        if not said.row.cells.get("group"):
            said.fail("group", _("Say which group they take part in: %(known)s.") % {"known": self._titles()})
            return None
        return self._one_of(said, "group", self.groups, self.group_titles)

    def _one_of(self, said, column, known, names):
        value = said.text(column)
        found = known.get(folded(value)) if value else None
        if value and found is None:
            listed = ", ".join(dict.fromkeys(map(str, names)))
            said.fail(column, _("This is not known; known are %(known)s.") % {"known": listed})
        return found

    def _titles(self):
        return ", ".join(self.group_titles)

    def _replies(self, said):
        found = {question: self._reply(said, column, question) for column, question in self.questions.items()}
        return {question: reply for question, reply in found.items() if reply}

    def _reply(self, said, column, question):
        value = said.text(column, longest=question_fields.LONGEST_TEXT)
        if not value:
            if question.is_required:
                said.fail(column, _("This question has to be answered."))
            return Reply()
        if question.kind == QuestionKind.TEXT:
            return Reply(text=value)
        chosen = _chosen(value, self._options[column], several=question.kind == QuestionKind.SEVERAL)
        if not chosen:
            listed = ", ".join(text for _key, text in question_fields.options(question))
            said.fail(column, _("This is not known; known are %(known)s.") % {"known": listed})
        return Reply(chosen=chosen)


def _by_option(question):
    """{key, or text in any language, as it is and folded: key} of a question's options."""
    named = [(option["key"], option["key"]) for option in question.options]
    named += [(text, option["key"]) for option in question.options for text in _texts(option["text"])]
    found = {}
    for name, key in [*named, *((folded(name), key) for name, key in named)]:
        if name:
            found.setdefault(name.casefold(), key)
    return found


def _chosen(value, known, *, several):
    """The keys of the options that a cell names; none where one of them is not known."""
    for between in ["", *(["|;\n", "|;\n,،"] if several else [])]:
        parts = re.split(f"[{between}]", value) if between else [value]
        found = [known.get(part.casefold()) or known.get(folded(part)) for part in map(str.strip, parts) if part]
        if found and all(found):
            return tuple(dict.fromkeys(found))
    return ()


def twice(people):
    """(line, error) for each of the [(line, Person)] who stands there a second time."""
    seen = {}
    for line, person in people:
        name = person.folded
        first = min(seen.setdefault((contact, name), line) for contact in (person.email, person.phone) if contact)
        if first != line:
            yield line, _("This person stands in line %(line)d already.") % {"line": first}


def _by_title(groups):
    """{folded title in any language: group}"""
    found = {}
    for group in groups:
        for title in _texts(group.title):
            found.setdefault(folded(title), group)
    return found


def _texts(words):
    """A short text in every language in which there is one."""
    held = LazyI18nString(words).data if isinstance(words, dict) else words.data
    return [text for text in (held.values() if isinstance(held, dict) else [str(words)]) if text]
