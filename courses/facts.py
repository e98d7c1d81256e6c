"""Reading what is recorded of an enrolment: all of it in one statement, for one learner or for many."""

import datetime as dt
import json
import uuid
from dataclasses import dataclass, field

from django.db.models import JSONField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, JSONArray
from django.utils import timezone

from courses.completion import CourseRule, Facts, LessonRule, Mark
from courses.models import (
    Assessment,
    Attempt,
    Confirmation,
    Enrolment,
    Lesson,
    LessonProgress,
    LessonState,
    MediaProgress,
    PackageRun,
    StudyTime,
)
from participants.models import Participant
from participants.prepared import Prepared


class Rows(Subquery):
    """The rows of a queryset with one column of JSON, as one list."""

    output_field = JSONField()
    template = "(SELECT COALESCE(JSONB_AGG(one), '[]') FROM (%(subquery)s) AS told)"

    def as_sqlite(self, compiler, connection, **extra):
        template = "(SELECT JSON_GROUP_ARRAY(JSON(one)) FROM (%(subquery)s) AS told)"
        return self.as_sql(compiler, connection, template=template, **extra)


def _rows(queryset, *columns):
    return Rows(queryset.filter(enrolment=OuterRef("pk")).order_by().values(one=JSONArray(*columns)))


def with_facts(enrolments):
    """The enrolments with what `learner_facts` reads of each."""
    seconds = StudyTime.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    return enrolments.annotate(
        told_progress=_rows(
            LessonProgress.objects.all(), "lesson_id", "state", "language", "opened_at", "read_at", "completed_at"
        ),
        told_media=_rows(MediaProgress.objects.all(), "block", "language", "position", "seconds", "finished_at"),
        told_packages=_rows(PackageRun.objects.all(), "package_id", "language", "completed_at"),
        told_passed=_rows(Attempt.objects.filter(passed=True), "assessment_id", "language", "submitted_at"),
        told_confirmed=_rows(Confirmation.objects.all(), "lesson_id", "language", "on"),
        told_seconds=Coalesce(Subquery(seconds.annotate(n=Sum("seconds")).values("n")), 0),
    )


@dataclass(frozen=True)
class Learnt:
    """An enrolment with all that is recorded of it."""

    enrolment: Enrolment
    facts: Facts
    played: dict = field(default_factory=dict)
    """{block id: (second at which a video or an audio was left, how many different seconds were played)}"""
    seconds: int = 0
    """Time spent with its lessons."""

    @property
    def touched_at(self):
        """When something was last done in the course."""
        known = [self.facts.opened, self.facts.completed, self.facts.finished, self.facts.passed]
        return max([self.enrolment.enrolled_at, *(mark.at for marks in known for mark in marks.values())])


def learnt(enrolment):
    """`Learnt` from a row of `with_facts`."""
    opened, read, completed = {}, {}, {}
    for key, state, language, opened_at, read_at, completed_at in _told(enrolment.told_progress):
        lesson = uuid.UUID(key)
        opened[lesson] = Mark(_moment(opened_at), language)
        if read_at:
            read[lesson] = Mark(_moment(read_at), language)
        if state == LessonState.COMPLETED:
            completed[lesson] = Mark(_moment(completed_at), language)
    finished, played = {}, {}
    for key, language, position, seconds, finished_at in _told(enrolment.told_media):
        block = uuid.UUID(key)
        played[str(block)] = position, seconds
        if finished_at:
            finished[block] = Mark(_moment(finished_at), language)
    confirmed = {
        lesson and uuid.UUID(lesson): Mark(_noon(day), language)
        for lesson, language, day in _told(enrolment.told_confirmed)
    }
    facts = Facts(
        opened=opened,
        read=read,
        completed=completed,
        finished=finished,
        packages=_packages(_told(enrolment.told_packages)),
        passed={uuid.UUID(key): Mark(_moment(at), code) for key, code, at in _told(enrolment.told_passed)},
        course_confirmed=confirmed.pop(None, None),
        confirmed=confirmed,
    )
    return Learnt(enrolment, facts, played, enrolment.told_seconds)


def _told(value):
    return json.loads(value) if isinstance(value, str) else value


def _moment(text):
    moment = dt.datetime.fromisoformat(text)
    # SQLite keeps UTC without saying so.
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _noon(day):
    """The moment of what is known by its day alone."""
    return timezone.make_aware(dt.datetime.combine(dt.date.fromisoformat(day), dt.time(12)))


def _packages(rows):
    """Packages that are completed: then each run of them says so, and what said it once is not asked again."""
    done = {}
    for package, language, completed_at in rows:
        if completed_at:
            mark = Mark(_moment(completed_at), language)
            done[package] = min(done.get(package, mark), mark)
    return done


def _of_person(person, root, course):
    row = Participant(pk=person, merged_into_id=root)
    return with_facts(Enrolment.objects.active().of(row).filter(course_id=course))


_by_person = Prepared(Enrolment, _of_person, int, int, uuid.UUID)
_by_number = Prepared(Enrolment, lambda pk: with_facts(Enrolment.objects.filter(pk=pk)), int)


def learnt_by(participant, course_key):
    """What the person has learnt in the course as far as they got furthest; None if they do not take it."""
    found = [learnt(row) for row in _by_person.rows(participant.pk, participant.root_id, course_key)]
    return min(found, key=_furthest, default=None)


def learnt_in(enrolment):
    """The same of an enrolment that is at hand, as it is now."""
    (row,) = _by_number.rows(enrolment.pk)
    return learnt(row)


def _furthest(one):
    """Somebody known under two rows may take a course twice: as `EnrolmentQuerySet.furthest_first` orders them."""
    row = one.enrolment
    at = row.completed_at
    return (at is None, at or row.enrolled_at, -len(one.facts.completed), -row.enrolled_at.timestamp(), -row.pk)


def course_rules(keys):
    """{course's key: CourseRule} of what these courses ask today, in two statements."""
    lessons, assessments = {key: [] for key in keys}, {key: [] for key in keys}
    for lesson in Lesson.objects.filter(course__in=keys, archived_at=None):
        lessons[lesson.course_id].append(lesson)
    for assessment in Assessment.objects.filter(course__in=keys, is_required=True).order_by("key"):
        assessments[assessment.course_id].append(assessment)
    return {key: rule(lessons[key], assessments[key]) for key in keys}


def rule(lessons, assessments):
    """The rule of one course from its lessons and its required assessments."""
    return CourseRule(
        lessons=tuple(
            LessonRule(
                key=lesson.key,
                completed_by=lesson.completed_by,
                is_required=lesson.is_required,
                media=frozenset(uuid.UUID(block) for block in lesson.media),
                packages=frozenset(int(package) for package in lesson.packages),
                assessments=frozenset(one.key for one in assessments if one.lesson_id == lesson.key),
            )
            for lesson in lessons
        ),
        assessments=frozenset(one.key for one in assessments),
    )
