"""What a report is asked about: a window, and filters on activities."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from courses.models import Course
from events.models import Event
from participants.codes import NOT_COUNTED_TYPES
from participants.models import Topic


@dataclass(frozen=True)
class Window:
    """Two dates, both inside."""

    start: dt.date
    end: dt.date

    def __post_init__(self):
        if self.end < self.start:
            raise ValueError("A window ends on or after the day it starts.")

    def holds(self, first, last):
        return self.start <= first and last <= self.end


@dataclass(frozen=True)
class Filters:
    """Codes; empty ones do not filter. A topic includes what lies under it."""

    country: str = ""
    topic: str = ""
    project: str = ""
    activity_type: str = ""

    def given(self):
        return {name: value for name, value in vars(self).items() if value}

    def topic_keys(self):
        """Keys of the topic and of all topics under it, in one statement whatever the depth."""
        children = {}
        root = None
        for key, code, parent in Topic.objects.values_list("pk", "code", "parent_id"):
            children.setdefault(parent, []).append(key)
            if code == self.topic:
                root = key
        found, waiting = set(), [root] if root else []
        while waiting:
            key = waiting.pop()
            found.add(key)
            waiting += children.get(key, [])
        return found

    def of_event(self, prefix=""):
        """The condition on an event reached by the look-up `prefix`: its type counts and it passes the filters."""
        condition = ~Q(**{f"{prefix}kind__in": NOT_COUNTED_TYPES})
        if self.country:
            condition &= Q(**{f"{prefix}country": self.country})
        if self.project:
            condition &= Q(**{f"{prefix}project__code": self.project})
        if self.activity_type:
            condition &= Q(**{f"{prefix}kind": self.activity_type})
        if self.topic:
            # A subquery, because a join would give an event with two such topics twice.
            condition &= Q(**{f"{prefix}pk__in": _events_about(self.topic_keys())})
        return condition

    def of_course(self, prefix=""):
        """The same for a course, which is self-paced and held in no country."""
        if self.country or self.activity_type not in {"", "self_paced_course"}:
            return None
        condition = Q()
        if self.project:
            condition &= Q(**{f"{prefix}project__code": self.project})
        if self.topic:
            condition &= Q(**{f"{prefix}pk__in": _courses_about(self.topic_keys())})
        return condition


def _events_about(topics):
    return Event.topics.through.objects.filter(topic__in=topics).values("event")


def _courses_about(topics):
    return Course.topics.through.objects.filter(topic__in=topics).values("course")
