"""What the columns of a list are called, and the words of its cells, in every language of the site."""

import re
from functools import cache, cached_property

from django.conf import settings
from django.utils.translation import override


class Columns:
    """The columns of a kind of list.

    `names` are their headings by column, `also` how such lists are headed besides, wherever they come from; a file
    without one of the columns `needed` is refused.
    """

    def __init__(self, names, also, *, needed=("full_name",)):
        self.names, self.also, self.needed = names, also, needed

    @cached_property
    def headings(self):
        """{folded heading: column}"""
        found = {folded(column): column for column in self.names}
        for code, _label in settings.LANGUAGES:
            with override(code):
                for column, name in self.names.items():
                    found.setdefault(folded(str(name)), column)
        for column, names in self.also.items():
            for name in names:
                found.setdefault(folded(name), column)
        return found

    def of(self, heading):
        """The column that a heading means, or None."""
        return self.headings.get(folded(heading))


def folded(text):
    """A heading or a word of a closed list without capitals, spaces and signs."""
    return re.sub(r"[\W_]+", "", text.casefold())


@cache
def words_of(choices):
    """{folded code or label in any language: code} of a closed list, a tuple of (code, lazy label)."""
    found = {}
    for code, label in choices:
        found[folded(code)] = code
        for language, _name in settings.LANGUAGES:
            with override(language):
                found.setdefault(folded(str(label)), code)
    return found


def by_name(rows):
    """{folded code or label in any language: row} of rows with a `code` and a `label`."""
    found = {}
    for row in rows:
        labels = row.label.data.values() if isinstance(row.label.data, dict) else [str(row.label)]
        for name in [row.code, *labels]:
            if name:
                found.setdefault(folded(name), row)
    return found


# As lists in Ukrainian and Russian write it.
SHORT_SEX = {"ж": "F", "жін": "F", "жінка": "F", "ч": "M", "чол": "M", "чоловік": "M", "woman": "F", "man": "M"}
