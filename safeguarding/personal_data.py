"""The registry of personal data: for every model that holds some, whose it is and what erasing and retention do to it.

Each room registers its models in `ready()`; a test walks all models and fails for one that leads to a person and is
neither registered nor declared free of personal data.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class PersonalData:
    """How one model's personal data is treated.

    `owner` is the look-up path from the model to the participant ("" on the participant itself); `fields` are the
    fields a person is shown and given; `blank` are emptied on erasure, to the values named; `delete` removes the rows
    instead. `retain_days` counts from the end of the activity; None keeps the row as long as its activity is reported.
    """

    model: str
    owner: str
    fields: tuple[str, ...]
    blank: dict = field(default_factory=dict)
    delete: bool = False
    retain_days: int | None = None


_registered: dict[str, PersonalData] = {}
_free: dict[str, str] = {}


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
