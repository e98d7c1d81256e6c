"""Whose learning a trainer or manager may see, as far as rooms above know of it: an event in which they deliver a course.

    from courses import reach
    reach.register(reach.Reach(courses=…, learners=…, people=…))

Register in `AppConfig.ready()`. What courses themselves know (projects, groups) is said by `Course.objects.for_trainer` and
`Enrolment.objects.for_trainer`, which ask here besides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

_registered = []


@dataclass(frozen=True)
class Reach:
    courses: Callable
    """(user): the keys of the courses that their work delivers, as a query."""
    learners: Callable
    """(user, own): the condition on enrolments that they may see; with `own`, of people whom they train themselves."""
    people: Callable
    """(user): the numbers of the participants whom they meet, as a query."""


def register(reach):
    if reach not in _registered:
        _registered.append(reach)


def _any(conditions):
    return reduce(or_, conditions, Q(pk__in=[]))


def courses(user):
    return _any(Q(pk__in=reach.courses(user)) for reach in _registered)


def learners(user, *, own=False):
    return _any(reach.learners(user, own=own) for reach in _registered)


def people(user):
    return _any(Q(pk__in=reach.people(user)) for reach in _registered)
