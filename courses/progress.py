"""What the pages of courses show of a person's way through them, in a constant number of statements.

The pages give titles and order in the reader's language; enrolments, progress and attempts know no language.
"""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import ngettext

from courses import trees
from courses.models import Answer, Assessment, Attempt, Enrolment, Lesson, LessonProgress, LessonState


def enrolment_of(participant, course_key):
    if participant is None:
        return None
    return Enrolment.objects.active().filter(participant=participant, course_id=course_key).first()


@dataclass(frozen=True)
class Step:
    """A lesson on the way, with its state for `oberih/ui/_steps.html`."""

    page: object
    url: str
    number: int
    state: str

    @property
    def label(self):
        return self.page.title

    @property
    def note(self):
        if not self.page.minutes:
            return ""
        return ngettext("%(count)d minute", "%(count)d minutes", self.page.minutes) % {"count": self.page.minutes}

    @property
    def is_done(self):
        return self.state == "done"


@dataclass
class Part:
    """A module and its lessons. Lessons that stand in no module have a part without a page."""

    page: object
    url: str
    steps: list = field(default_factory=list)


class CourseProgress:
    """One course in one language, as `participant` (or a stranger: None) goes through it."""

    def __init__(self, course_page, *, request, participant=None):
        self.page = course_page
        self.request = request
        self.participant = participant
        self.enrolment = enrolment_of(participant, course_page.translation_key)
        self.url = course_page.get_url(request)

    @cached_property
    def lesson_pages(self):
        return trees.lesson_pages([self.page])

    @cached_property
    def completed(self):
        """Keys of the lessons that are done."""
        if self.enrolment is None:
            return frozenset()
        rows = LessonProgress.objects.filter(enrolment=self.enrolment, state=LessonState.COMPLETED)
        return frozenset(rows.values_list("lesson_id", flat=True))

    @cached_property
    def steps(self):
        following = self._next_key
        return [
            Step(
                page,
                page.get_url(self.request),
                number,
                "done"
                if page.translation_key in self.completed
                else "current"
                if page.translation_key == following
                else "todo",
            )
            for number, page in enumerate(self.lesson_pages, start=1)
        ]

    @cached_property
    def _next_key(self):
        """Where to go on: the lesson last opened, else the first after it that is not done, else the first of all."""
        if self.enrolment is None:
            return None
        keys = [page.translation_key for page in self.lesson_pages]
        last = keys.index(self.enrolment.last_lesson_id) if self.enrolment.last_lesson_id in keys else 0
        return next((key for key in keys[last:] + keys[:last] if key not in self.completed), None)

    @property
    def next_step(self):
        return next((step for step in self.steps if step.state == "current"), None)

    @property
    def first_step(self):
        return self.steps[0] if self.steps else None

    @cached_property
    def parts(self):
        parts = [Part(page, page.get_url(self.request)) for page in trees.module_pages(self.page)]
        loose = Part(None, "")
        for step in self.steps:
            home = next((part for part in parts if step.page.path.startswith(part.page.path)), loose)
            home.steps.append(step)
        return [*([loose] if loose.steps else []), *(part for part in parts if part.steps)]

    @property
    def done(self):
        return sum(step.is_done for step in self.steps)

    @property
    def total(self):
        return len(self.steps)

    def place_of(self, lesson_page):
        """(step, the one before, the one after) of a lesson page."""
        index = next((i for i, step in enumerate(self.steps) if step.page.pk == lesson_page.pk), None)
        if index is None:
            return None, None, None
        before = self.steps[index - 1] if index else None
        after = self.steps[index + 1] if index + 1 < len(self.steps) else None
        return self.steps[index], before, after


def chosen_in_checks(enrolment, items):
    """{block id: options chosen} of a lesson's knowledge checks."""
    if enrolment is None or not items:
        return {}
    rows = Answer.objects.filter(enrolment=enrolment, attempt=None, is_current=True, item__in=items)
    return {str(item): chosen for item, chosen in rows.values_list("item", "chosen")}


@dataclass(frozen=True)
class Standing:
    """How a person stands with one assessment."""

    assessment: Assessment
    attempts: list

    @property
    def unfinished(self):
        return next((attempt for attempt in self.attempts if attempt.submitted_at is None), None)

    @property
    def handed_in(self):
        return [attempt for attempt in self.attempts if attempt.submitted_at]

    @property
    def last(self):
        return self.handed_in[-1] if self.handed_in else None

    @property
    def passed(self):
        return next((attempt for attempt in self.attempts if attempt.passed), None)

    @property
    def attempts_left(self):
        """How many attempts may still be begun; None where nothing limits them."""
        if self.assessment.attempts_allowed is None:
            return None
        return max(0, self.assessment.attempts_allowed - len(self.attempts))

    @property
    def may_start(self):
        return not self.passed and (self.unfinished is not None or self.attempts_left != 0)


def standing(enrolment, assessment):
    if enrolment is None:
        return Standing(assessment, [])
    return Standing(assessment, list(Attempt.objects.filter(enrolment=enrolment, assessment=assessment)))


@dataclass(frozen=True)
class Taken:
    """A course on *My learning*."""

    enrolment: Enrolment
    title: str
    url: str
    done: int
    total: int
    next_url: str
    next_title: str
    missing: list

    @property
    def has_started(self):
        return self.done > 0 or self.enrolment.last_lesson_id is not None


class Learning:
    """All courses somebody takes, in a number of statements that does not grow with them."""

    def __init__(self, participant, *, request):
        self.request = request
        self.language = request.LANGUAGE_CODE
        self.enrolments = list(
            Enrolment.objects.active()
            .filter(participant=participant)
            .select_related("course")
            .order_by("-enrolled_at", "-pk")
        )

    @cached_property
    def courses(self):
        keys = [enrolment.course_id for enrolment in self.enrolments]
        if not keys:
            return []
        pages = self._course_pages(keys)
        by_course = {page.translation_key: [] for page in pages.values()}
        for lesson_page in trees.lesson_pages(list(pages.values())):
            above = next(page for page in pages.values() if lesson_page.path.startswith(page.path))
            by_course[above.translation_key].append(lesson_page)
        lessons = {key: [] for key in keys}
        for lesson in Lesson.objects.filter(course__in=keys, archived_at=None, is_required=True):
            lessons[lesson.course_id].append(lesson)
        assessments = {key: [] for key in keys}
        for assessment in Assessment.objects.filter(course__in=keys, is_required=True).order_by("key"):
            assessments[assessment.course_id].append(assessment)
        completed = self._pairs(LessonProgress.objects.filter(state=LessonState.COMPLETED), "lesson_id")
        passed = self._pairs(Attempt.objects.filter(passed=True), "assessment_id")
        return [
            self._taken(
                enrolment,
                pages.get(enrolment.course_id),
                by_course.get(enrolment.course_id, []),
                lessons[enrolment.course_id],
                assessments[enrolment.course_id],
                completed,
                passed,
            )
            for enrolment in self.enrolments
        ]

    def _course_pages(self, keys):
        versions = {}
        for page in trees.course_pages_of(keys):
            versions.setdefault(page.translation_key, []).append(page)
        return {key: trees.preferred(pages, self.language) for key, pages in versions.items()}

    def _pairs(self, rows, name):
        rows = rows.filter(enrolment__in=self.enrolments)
        return set(rows.values_list("enrolment_id", name))

    def _taken(self, enrolment, page, lesson_pages, lessons, assessments, completed, passed):
        undone = [p for p in lesson_pages if (enrolment.pk, p.translation_key) not in completed]
        last = [p for p in undone if p.translation_key == enrolment.last_lesson_id]
        following = (last or undone or [None])[0]
        missing_lessons = [one for one in lessons if (enrolment.pk, one.key) not in completed]
        missing = [one for one in assessments if (enrolment.pk, one.key) not in passed]
        return Taken(
            enrolment=enrolment,
            title=page.title if page else str(enrolment.course.title),
            url=page.get_url(self.request) if page else "",
            done=len(lessons) - len(missing_lessons),
            total=len(lessons),
            next_url=following.get_url(self.request) if following else "",
            next_title=following.title if following else "",
            missing=[
                {"title": str(one.title), "url": reverse("oberih_courses:assessment", args=[one.key])}
                for one in missing
            ],
        )
