"""What is known here of certificates, which a room above gives. Without that room nobody has one, and nothing breaks."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Award:
    title: str
    language: str
    url: str


_givers = []
_rules = []


def keep(function):
    """Register the function that maps a focal point to {key of the counted person: their Awards}, in one statement."""
    if function not in _givers:
        _givers.append(function)


def of_colleagues(user):
    """The Awards of the people whose focal point the user is, by the key of the counted person."""
    found = {}
    for giver in _givers:
        for person, awards in giver(user).items():
            found.setdefault(person, []).extend(awards)
    return found


def keep_rule(function):
    """Register the function that says whether somebody who attends an event can earn a certificate of it."""
    if function not in _rules:
        _rules.append(function)


def is_given(event):
    """Whether the event, or its course with it, gives certificates."""
    return any(rule(event) for rule in _rules)
