"""The columns of a list of people who are to take a course."""

from django.utils.translation import gettext_lazy as _

from participants.headings import Columns

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
COLUMNS = Columns(
    NAMES,
    also={
        "full_name": ["full name", "surname and name", "піб", "п.і.б.", "прізвище та ім’я", "фио", "الاسم الكامل"],
        "email": ["email", "mail", "email address", "електронна пошта", "пошта", "електронна адреса"],
        "phone": ["telephone", "mobile", "phone number", "номер телефону", "моб. телефон", "мобільний"],
        "language": ["lang", "мова"],
        "sex": ["gender"],
        "birth_year": ["birth year", "year", "р.н."],
        "organisation": ["organization", "organisation code", "код організації"],
        "external_ref": ["ref", "external ref", "id", "код особи"],
    },
)
MOST_ROWS = 2000
