"""The registry of personal data: for every model that holds some, whose it is, how it is shown, erased and retained.

Each room registers its models in `ready()`; a test walks all models and fails for one that leads to a person and is
neither registered nor declared free of personal data. People are named by the keys of all their rows: this room does
not know what a participant is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.apps import apps
from django.db import transaction


@dataclass(frozen=True)
class PersonalData:
    """How one model's personal data is treated.

    `owner` is the look-up path from the model to the participant ("" on the participant itself). `fields` are shown to
    the person and given to them, under the `title`; those among `codes` mean nothing to a reader and are only in the
    file. `labels` name fields whose column has no name for people, and `show` makes words where the value alone would be
    none, from the row and what is `related`. `key` is the field by which the audit log names a row.

    On erasure `blank` are emptied, to the values named (a function is called with each row), the `files` go after the
    commit, and `delete` removes the rows instead; `erase` is called with the rows where a room must do more. What
    `outlives` a person has a time of its own: it is erased at their wish, and not because nothing was heard of them.

    `retain_days` counts from `clock`, the look-up path of a date; without a clock a sweep of the room itself deletes
    the rows, and with neither they are kept as long as the activity is reported.
    """

    model: str
    owner: str
    title: str
    fields: tuple[str, ...]
    codes: tuple[str, ...] = ()
    labels: dict = field(default_factory=dict)
    show: dict = field(default_factory=dict)
    related: tuple[str, ...] = ()
    key: str = ""
    blank: dict = field(default_factory=dict)
    files: tuple[str, ...] = ()
    delete: bool = False
    erase: Callable | None = None
    outlives: bool = False
    retain_days: int | None = None
    clock: str = ""

    def rows(self, people):
        """The rows of the people whose keys these are."""
        path = f"{self.owner}__in" if self.owner else "pk__in"
        return apps.get_model(self.model)._meta.default_manager.filter(**{path: people})


_registered: dict[str, PersonalData] = {}
_free: dict[str, str] = {}
_before_erasing: list[Callable] = []


def register(*entries):
    for entry in entries:
        _registered[entry.model.lower()] = entry


def declare_free(model, reason):
    """Say that a model leads to a person and yet holds nothing about them, and why."""
    _free[model.lower()] = reason


def registered():
    return dict(_registered)


def declared_free():
    return dict(_free)


def before_erasing(function):
    """Register `function(people, **wishes)` for what must be done while it is still known who the people are.

    It is called in the transaction that erases them; `wishes` are what was said about it, such as `certificates`.
    """
    if function not in _before_erasing:
        _before_erasing.append(function)


def prepare_erasing(people, **wishes):
    for function in _before_erasing:
        function(people, **wishes)


@transaction.atomic
def erase(people, *, spare_what_outlives=False):
    """Take from every row of these people what names them. The rows that are counted stay."""
    # Whoever leads to the people by another row than their own must still find them.
    for entry in sorted(_registered.values(), key=lambda entry: not entry.owner):
        if spare_what_outlives and entry.outlives:
            continue
        empty(entry, entry.rows(people))


def empty(entry, rows):
    """Take from these rows of one model what names anybody."""
    for name in entry.files:
        for pk in rows.exclude(**{name: ""}).values_list("pk", flat=True):
            # The name of the file stays until the file is gone: a row that has one is work that is still owed.
            transaction.on_commit(partial(remove_file, rows.model, pk, name))
    if entry.erase is not None:
        entry.erase(rows)
    elif entry.delete:
        rows.delete()
    elif entry.blank:
        _blank(rows, entry.blank)


def _blank(rows, values):
    by_row = {name: value for name, value in values.items() if callable(value)}
    for row in rows if by_row else ():
        rows.model.objects.filter(pk=row.pk).update(**{name: value(row) for name, value in by_row.items()})
    # Rows that are otherwise only added to have a door of their own for this.
    update = getattr(rows, "blank", rows.update)
    if said := {name: value for name, value in values.items() if name not in by_row}:
        update(**said)


def remove_file(model, pk, name):
    row = model.objects.get(pk=pk)
    if kept := getattr(row, name):
        kept.storage.delete(kept.name)
        model.objects.filter(pk=pk).update(**{name: ""})


def keys_of(people):
    """The keys by which the audit log may name something of these people."""
    return [
        str(key)
        for entry in _registered.values()
        if entry.key
        for key in entry.rows(people).values_list(entry.key, flat=True)
    ]
