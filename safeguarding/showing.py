"""What is held about somebody, in words for them and as data for a file. Everything comes from the registry."""

import datetime as dt
from dataclasses import dataclass
from pathlib import PurePath

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from safeguarding import personal_data

# More do not fit on a phone.
_COLUMNS = 4


@dataclass
class Section:
    """The rows of one model: `lines` are (label, words) of each row, `data` the values by the names of the fields.

    `table` is what `_table.html` draws of several short rows, and empty where a list reads better.
    """

    model: str
    title: str
    labels: dict
    lines: list
    data: list
    table: dict


def sections(people):
    """Everything that the registry knows of the people with these keys, theirs first. One statement a section."""
    found = []
    for entry in reversed(personal_data.registered().values()):
        rows = entry.rows(people)
        meta = rows.model._meta
        fields = {name: meta.get_field(name) for name in entry.fields}
        relations = [*entry.related, *(name for name, field in fields.items() if field.is_relation)]
        held = list(rows.select_related(*relations).order_by("pk") if relations else rows.order_by("pk"))
        if not held:
            continue
        labels = {name: label(entry, field) for name, field in fields.items()}
        lines = [_lines(entry, fields, labels, row) for row in held]
        found.append(
            Section(
                model=entry.model,
                title=str(entry.title),
                labels=labels,
                lines=lines,
                data=[{name: _value(getattr(row, name)) for name in fields} for row in held],
                table=_table(labels, lines),
            )
        )
    return found


def files(people):
    """(name, content) of every stored file of these people; one that the storage has lost is left out."""
    for entry in personal_data.registered().values():
        for row in entry.rows(people) if entry.files else ():
            for name in entry.files:
                kept = getattr(row, name)
                if kept and kept.storage.exists(kept.name):
                    stem = f"{entry.model.split('.')[1].lower()}-{getattr(row, entry.key)}"
                    with kept.open() as file:
                        yield f"{stem}{PurePath(kept.name).suffix}", file.read()


def label(entry, field):
    return str(capfirst(entry.labels.get(field.name, field.verbose_name)))


def _lines(entry, fields, labels, row):
    said = [
        (labels[name], entry.show[name](row) if name in entry.show else words(row, field))
        for name, field in fields.items()
        if name not in entry.codes
    ]
    return [(title, text) for title, text in said if text]


def _table(labels, lines):
    said = {title for line in lines for title, _words in line}
    columns = [title for title in labels.values() if title in said]
    if len(lines) < 2 or len(columns) > _COLUMNS:
        return {}
    return {
        "head": [{"label": title} for title in columns],
        "rows": [[dict(line).get(title, "") for title in columns] for line in lines],
    }


def words(row, field):
    value = getattr(row, field.name)
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    return _WORDS.get(type(value), str)(value)


# None and "" are left out: what is not known needs no line.
_WORDS = {
    type(None): lambda value: "",
    bool: lambda value: _("Yes") if value else _("No"),
    dt.datetime: lambda value: date_format(timezone.localtime(value), "DATETIME_FORMAT"),
    dt.date: lambda value: date_format(value, "DATE_FORMAT"),
    list: lambda value: ", ".join(str(part) for part in value),
}


def _value(value):
    """As JSON has it: a row by what it is called, a file not at all."""
    if isinstance(value, models.fields.files.FieldFile):
        return value.name
    return str(value) if isinstance(value, models.Model | LazyI18nString) else value
