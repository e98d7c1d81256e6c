"""One cell at a time: text in, a value out, or an error that says what would have been right."""

import datetime as dt
import difflib
import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from participants.contacts import normal_phone
from participants.headings import folded, words_of
from participants.places import countries, languages

_LARGEST = 2_147_483_647
# Neither a database nor a spreadsheet takes these.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Cells:
    """Reads one row's cells and collects what is wrong with them.

    Each method gives the value, or None (an empty list, the default) where the cell is empty or wrong.
    """

    def __init__(self, row, errors):
        self.row = row
        self.errors = errors
        self.ok = True

    def fail(self, column, message):
        self.ok = False
        self.errors.append(self.row.error(column, message))

    def text(self, column, *, needed=False, longest=500):
        value = self.row.cells.get(column, "")
        if not value and needed:
            self.fail(column, _("This cell must not be empty."))
        elif len(value) > longest:
            self.fail(column, _("This is longer than %(longest)d characters.") % {"longest": longest})
        elif _NO_TEXT.search(value):
            self.fail(column, _("This holds a character that is no text."))
        return value

    def plain(self, column, **limits):
        """Text that no spreadsheet would run, as it is kept and may be written into one again."""
        value = self.text(column, **limits)
        if value and unicodedata.normalize("NFKC", value[:1]) in "=+-@|%":
            self.fail(column, _("This begins like a formula. Write it as plain text."))
        return value

    def word(self, column, choices, *, short=None):
        """A code of a closed list, a tuple of (code, label), that may be given as a word in any language of the site.

        `short` are more words for its codes, folded.
        """
        value = self.text(column, longest=100)
        if not value:
            return ""
        found = words_of(choices).get(folded(value)) or (short or {}).get(folded(value))
        if found is None:
            known = ", ".join(dict.fromkeys(code for code, _label in choices))
            self.fail(column, _("This is not known; known are %(known)s.") % {"known": known})
        return found or ""

    def choice(self, column, choices, *, default="", needed=False):
        value = self.text(column, needed=needed)
        if not value:
            return default
        if value in choices.values:
            return value
        self.fail(column, _unknown(value, choices.values))
        return default

    def code(self, column, known, *, what=None):
        """A code of a list, as its key in `known`."""
        value = self.row.cells.get(column, "")
        if not value:
            return None
        if value in known:
            return known[value]
        self.fail(column, _unknown(value, known, what))
        return None

    def codes(self, column, known):
        return [known[value] for value in self.items(column) if self._is_known(column, value, known)]

    def _is_known(self, column, value, known):
        if value in known:
            return True
        self.fail(column, _("“%(value)s”: %(message)s") % {"value": value, "message": _unknown(value, known)})
        return False

    def items(self, column):
        """The cell as a list: items stand between vertical bars, each once."""
        text = self.text(column, longest=5000)
        found = list(dict.fromkeys(filter(None, map(str.strip, text.split("|")))))
        for item in found:
            if len(item) > 200:
                self.fail(column, _("“%(item)s…” is longer than 200 characters.") % {"item": item[:40]})
        return found

    def country(self, column):
        value = self.row.cells.get(column, "")
        if value and value not in countries():
            self.fail(column, _("This is no country; write two letters of ISO 3166-1, such as UA."))
            return ""
        return value

    def language(self, column):
        value = self.row.cells.get(column, "")
        if value and value not in languages():
            self.fail(column, _("This is no language; write its ISO 639 code, such as uk."))
            return ""
        return value

    def languages(self, column):
        found = self.items(column)
        for value in found:
            if value not in languages():
                self.fail(
                    column, _("“%(value)s” is no language; write its ISO 639 code, such as uk.") % {"value": value}
                )
        return found

    def date(self, column, *, needed=False):
        value = self.text(column, needed=needed)
        if not value:
            return None
        try:
            # strptime, because fromisoformat would take 20220701 and 2022-W26-5 as well.
            return dt.datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007
        except ValueError:
            self.fail(column, _("This is no date; write it as 2022-07-31."))
            return None

    def number(self, column, *, needed=False, largest=_LARGEST, smallest=0):
        value = self.text(column, needed=needed)
        if not value:
            return None
        if value.startswith("-") and value[1:].isdecimal():
            self.fail(column, _("This must not be negative."))
            return None
        if not (value.isascii() and value.isdecimal()):
            self.fail(column, _("This is no whole number."))
            return None
        if not smallest <= int(value) <= largest:
            self.fail(
                column,
                _("This must lie between %(smallest)d and %(largest)d.")
                % {"smallest": smallest, "largest": largest},
            )
            return None
        return int(value)

    def email(self, column):
        value = self.text(column, longest=254).lower()
        if value:
            try:
                validate_email(value)
            except ValidationError:
                self.fail(column, _("This is no e-mail address."))
                return ""
        return value

    def phone(self, column, country="UA"):
        value = self.text(column, longest=40)
        if value:
            try:
                return normal_phone(value, country)
            except ValidationError as error:
                self.fail(column, error.messages[0])
        return ""


def _unknown(value, known, what=None):
    known = sorted(map(str, known))
    close = difflib.get_close_matches(value, known, n=1) if len(known) < 2000 else []
    if what:
        message = what
    elif len(known) <= 30:
        message = _("This code is not known; known are %(known)s.") % {"known": ", ".join(known)}
    else:
        message = _("This code is not known.")
    if close:
        message = f"{message} " + _("Is “%(close)s” meant?") % {"close": close[0]}
    return message
