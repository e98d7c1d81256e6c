"""Codes as words in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from participants.codes import ActivityType, AgeBand, DeliveryMode, Disability, Displacement, Sex
from participants.models import Area, Category, Project, Topic
from participants.places import country_name, language_name

_CHOICES = {
    "sex": Sex,
    "age_band": AgeBand,
    "displacement": Displacement,
    "disability": Disability,
    "activity_type": ActivityType,
    "delivery_mode": DeliveryMode,
}
_TABLES = {"category": Category, "area": Area, "origin_area": Area, "topic": Topic, "project": Project}


def labels(dimension, codes):
    """{code: words} for codes of one dimension; joined codes ("A14_17+A18_24") as joined words. One statement at most."""
    parts = {part for code in codes if code for part in str(code).split("+")}
    if dimension in _CHOICES:
        words = {code: str(label) for code, label in _CHOICES[dimension].choices}
    elif dimension in _TABLES:
        words = {row.code: str(row.label) for row in _TABLES[dimension].objects.filter(code__in=parts)}
    elif dimension == "country":
        words = {code: country_name(code) for code in parts}
    elif dimension == "language":
        words = {code: language_name(code) for code in parts}
    else:
        words = {}
    named = {}
    for code in codes:
        if code is None:
            named[code] = pgettext("attribute", "Not stated")
        else:
            named[code] = _(", ").join(words.get(part, part) for part in str(code).split("+"))
    return named
