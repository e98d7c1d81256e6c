"""The columns of a list of people, by their headings in every language of the site."""

import re
from functools import cache

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

NAMES = {
    "full_name": _("Name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "language": _("Language"),
    "sex": _("Sex"),
    "birth_year": _("Year of birth"),
    "organisation": _("Organisation"),
    "external_ref": _("Reference"),
}
# As such lists are headed besides, wherever they come from.
_ALSO = {
    "full_name": ["full name", "surname and name", "піб", "п.і.б.", "прізвище та ім’я", "фио", "الاسم الكامل"],
    "email": ["email", "mail", "email address", "електронна пошта", "пошта", "електронна адреса"],
    "phone": ["telephone", "mobile", "phone number", "номер телефону", "моб. телефон", "мобільний"],
    "language": ["lang", "мова"],
    "sex": ["gender"],
    "birth_year": ["birth year", "year", "р.н."],
    "organisation": ["organization", "organisation code", "код організації"],
    "external_ref": ["ref", "external ref", "id", "код особи"],
}


def folded(text):
    """A heading or a word of a closed list without capitals, spaces and signs."""
    return re.sub(r"[\W_]+", "", text.casefold())


@cache
def headings():
    """{folded heading: column}"""
    found = {folded(column): column for column in NAMES}
    for code, _label in settings.LANGUAGES:
        with override(code):
            for column, name in NAMES.items():
                found.setdefault(folded(str(name)), column)
    for column, names in _ALSO.items():
        for name in names:
            found.setdefault(folded(name), column)
    return found


def column_of(heading):
    return headings().get(folded(heading))


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
