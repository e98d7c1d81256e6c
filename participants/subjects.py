"""What a consent is about, in words. The rooms above say it, since they know what their keys name."""

from dataclasses import dataclass

_namers = {}


@dataclass(frozen=True)
class Subject:
    words: str
    is_to_come: bool = False
    """Whether withdrawing the place in its register still gives a place back."""


def register(kind, function):
    """Register `function(keys) -> {key: Subject}` for the subjects `kind:…`, in a constant number of statements."""
    _namers[kind] = function


def named(keys):
    """The Subject of each key that somebody can name."""
    by_kind = {}
    for key in keys:
        by_kind.setdefault(key.partition(":")[0], set()).add(key)
    return {
        key: subject
        for kind, ours in by_kind.items()
        if kind in _namers
        for key, subject in _namers[kind](ours).items()
    }
