"""What is known here of certificates, which a room above gives. Without that room nobody has one, and nothing breaks."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Award:
    title: str
    language: str
    url: str


_givers = []


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
