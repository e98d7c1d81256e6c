"""My learning: all courses somebody takes, in a number of statements that does not grow with them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import cached_property

from courses import due, trees
from courses.entry import by_others, linked
from courses.languages import direction, reader_url
from courses.models import Assessment, Attempt, Enrolment, Lesson, LessonProgress, LessonState, Prerequisite
from courses.progress import to_pass


@dataclass(frozen=True)
class Taken:
    """A course on *My learning*."""

    enrolment: Enrolment
    title: str
    url: str
    language: str
    done: int
    total: int
    next_url: str
    next_title: str
    missing: list
    touched_at: datetime
    first: list
    """{title, url, language} of courses that come before this one and are not completed."""

    @property
    def due(self):
        return due.said(self.enrolment)

    @property
    def has_started(self):
        return self.done > 0 or self.enrolment.last_lesson_id is not None

    @property
    def direction(self):
        return direction(self.language) if self.language else ""


class Learning:
    def __init__(self, participant, *, request):
        self.participant = participant
        self.request = request
        self.language = request.LANGUAGE_CODE
        furthest = {}
        for one in Enrolment.objects.active().of(participant).select_related("course").furthest_first():
            furthest.setdefault(one.course_id, one)
        self.enrolments = sorted(furthest.values(), key=lambda one: (one.enrolled_at, one.pk), reverse=True)

    @property
    def open(self):
        """Those that are not completed, what was read last first."""
        going = [one for one in self.courses if not one.enrolment.completed_at]
        return sorted(going, key=lambda one: one.touched_at, reverse=True)

    @property
    def completed(self):
        return [one for one in self.courses if one.enrolment.completed_at]

    @cached_property
    def courses(self):
        if not self.enrolments:
            return []
        return [self._taken(enrolment) for enrolment in self.enrolments]

    @property
    def reminders(self):
        """How the switch of reminders stands: "on" while one course has them, "off", or "" where there is nothing to remind of."""
        going = [one.enrolment for one in self.open]
        if not going:
            return ""
        return "off" if all(one.reminders_off_at for one in going) else "on"

    @cached_property
    def _first(self):
        """{course's key: courses that come before it and are not completed}, of what others enrolled the person in."""
        going = [one.course_id for one in self.enrolments if not one.completed_at and by_others(one)]
        if not going:
            return {}
        rows = Prerequisite.objects.filter(course__in=going, required__archived_at=None).exclude(
            required__in=Enrolment.objects.of(self.participant).filter(completed_at__isnull=False).values("course")
        )
        rows = list(rows.select_related("required"))
        links = dict(
            zip(
                [one.required_id for one in rows],
                linked([one.required for one in rows], self.request),
                strict=True,
            )
        )
        first = {}
        for one in rows:
            first.setdefault(one.course_id, []).append(links[one.required_id])
        return first

    @cached_property
    def _keys(self):
        return [enrolment.course_id for enrolment in self.enrolments]

    @cached_property
    def _course_pages(self):
        versions = {}
        for page in trees.course_pages_of(self._keys):
            versions.setdefault(page.translation_key, []).append(page)
        return {key: trees.preferred(pages, self.language) for key, pages in versions.items()}

    @cached_property
    def _lesson_pages(self):
        pages = list(self._course_pages.values())
        by_course = {page.translation_key: [] for page in pages}
        for lesson_page in trees.lesson_pages(pages):
            above = next(page for page in pages if lesson_page.path.startswith(page.path))
            by_course[above.translation_key].append(lesson_page)
        return by_course

    @cached_property
    def _lessons(self):
        lessons = {key: [] for key in self._keys}
        for lesson in Lesson.objects.filter(course__in=self._keys, archived_at=None, is_required=True):
            lessons[lesson.course_id].append(lesson)
        return lessons

    @cached_property
    def _assessments(self):
        assessments = {key: [] for key in self._keys}
        for assessment in Assessment.objects.filter(course__in=self._keys, is_required=True).order_by("key"):
            assessments[assessment.course_id].append(assessment)
        return assessments

    @cached_property
    def _progress(self):
        """{enrolment's number: {lesson's key: its progress}}"""
        by_enrolment = {enrolment.pk: {} for enrolment in self.enrolments}
        for one in LessonProgress.objects.filter(enrolment__in=self.enrolments):
            by_enrolment[one.enrolment_id][one.lesson_id] = one
        return by_enrolment

    @cached_property
    def _passed(self):
        rows = Attempt.objects.filter(enrolment__in=self.enrolments, passed=True)
        return set(rows.values_list("enrolment_id", "assessment_id"))

    def _taken(self, enrolment):
        key = enrolment.course_id
        page = self._course_pages.get(key)
        progress = self._progress[enrolment.pk]
        done = {lesson for lesson, one in progress.items() if one.state == LessonState.COMPLETED}
        undone = [one for one in self._lesson_pages.get(key, []) if one.translation_key not in done]
        last = [one for one in undone if one.translation_key == enrolment.last_lesson_id]
        following = next(iter(last or undone), None)
        lessons = self._lessons[key]
        return Taken(
            enrolment=enrolment,
            title=page.title if page else str(enrolment.course.title),
            url=reader_url(page, self.request) if page else "",
            language=page.locale.language_code if page else "",
            done=sum(lesson.key in done for lesson in lessons),
            total=len(lessons),
            next_url=reader_url(following, self.request) if following else "",
            next_title=following.title if following else "",
            missing=[
                to_pass(one) for one in self._assessments[key] if (enrolment.pk, one.key) not in self._passed
            ],
            touched_at=max(
                [enrolment.enrolled_at, *(one.completed_at or one.opened_at for one in progress.values())]
            ),
            first=self._first.get(key, []),
        )
