"""When a lesson and a course are completed: a pure fold over what is recorded, whatever the order it came in.

`EnrolmentQuerySet.fulfilled()` says the same in one statement; a property test holds the two together.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from courses.models.things import CompletionRule


class Mark(NamedTuple):
    """When something happened and in which language."""

    at: datetime
    language: str


@dataclass(frozen=True)
class LessonRule:
    """What a lesson asks today. `media` are block ids, `packages` numbers of packages, `assessments` the required ones."""

    key: UUID
    completed_by: str = CompletionRule.READ
    is_required: bool = True
    media: frozenset = frozenset()
    packages: frozenset = frozenset()
    assessments: frozenset = frozenset()

    @property
    def asks(self):
        """How it is completed. What asks for a video and holds none (any more) is read, so that nobody is stuck."""
        pieces = {CompletionRule.WATCHED: self.media, CompletionRule.PACKAGE: self.packages}
        return self.completed_by if pieces.get(self.completed_by, True) else CompletionRule.READ


@dataclass(frozen=True)
class CourseRule:
    lessons: tuple = ()
    assessments: frozenset = frozenset()

    @property
    def required(self):
        return [lesson for lesson in self.lessons if lesson.is_required]


@dataclass(frozen=True)
class Facts:
    """What is recorded of one enrolment: {key: Mark} of each kind."""

    opened: dict = field(default_factory=dict)
    read: dict = field(default_factory=dict)
    completed: dict = field(default_factory=dict)
    finished: dict = field(default_factory=dict)
    packages: dict = field(default_factory=dict)
    passed: dict = field(default_factory=dict)
    confirmed: dict = field(default_factory=dict)
    course_confirmed: Mark | None = None


def lesson_completed(rule, facts):
    """The mark of what completed the lesson, or None. What was recorded stays, whatever the lesson asks now."""
    if rule.key in facts.completed:
        return facts.completed[rule.key]
    if rule.key in facts.confirmed:
        return facts.confirmed[rule.key]
    marks = _marks(facts.passed, rule.assessments)
    if marks is None:
        return None
    if rule.asks == CompletionRule.READ:
        # Nobody passes the assessment of a lesson that they have to be asked whether they read.
        own = [facts.read[rule.key]] if rule.key in facts.read else [] if marks else None
    elif rule.asks == CompletionRule.WATCHED:
        own = _marks(facts.finished, rule.media)
    elif rule.asks == CompletionRule.PACKAGE:
        own = _marks(facts.packages, rule.packages)
    else:
        own = None
    return None if own is None else max([*marks, *own])


def _marks(known, wanted):
    """The marks of all that is wanted, or None if something is missing."""
    return [known[key] for key in wanted] if wanted <= known.keys() else None


def course_completed(rule, facts):
    """The mark of what completed the course, or None. A course that asks nothing is completed by confirmation alone."""
    if facts.course_confirmed:
        return facts.course_confirmed
    lessons = [lesson_completed(lesson, facts) for lesson in rule.required]
    passed = _marks(facts.passed, rule.assessments)
    if None in lessons or passed is None or not (lessons or passed):
        return None
    return max([*lessons, *passed])


def missing_lessons(rule, facts):
    """The required lessons that are not completed, in their order."""
    return [lesson for lesson in rule.required if lesson_completed(lesson, facts) is None]


def missing_assessments(rule, facts):
    return rule.assessments - facts.passed.keys()


def newly_completed(rule, facts):
    """{lesson's key: mark} of the lessons that the facts complete and that are not recorded as completed."""
    marks = {lesson.key: lesson_completed(lesson, facts) for lesson in rule.lessons}
    return {key: mark for key, mark in marks.items() if mark and key not in facts.completed}


def is_renewed(lesson, seen_at):
    """Whether the lesson holds new material for somebody who was through with it at that time."""
    return lesson.renewed_on is not None and timezone.localdate(seen_at) < lesson.renewed_on


def is_new(lesson, facts, enrolled_at):
    """Whether there is something in the lesson that this learner has not seen: they stay complete all the same."""
    done = facts.completed.get(lesson.key)
    if done is None:
        return lesson.added_at > enrolled_at and lesson.key not in facts.opened
    return is_renewed(lesson, max([done.at, *([facts.read[lesson.key].at] if lesson.key in facts.read else [])]))
