"""What the pages of courses show of a person's way through them, in a constant number of statements.

The pages give titles and order in the reader's language; enrolments, progress and attempts know no language.
"""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import trees
from courses.languages import reader_url
from courses.models import Answer, Assessment, Attempt, Enrolment, Lesson, LessonProgress, LessonState


def minutes_in_words(count):
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


def wait_in_words(minutes):
    """A wait in the largest unit that says it exactly."""
    if minutes % 1440 == 0:
        return ngettext("%(count)d day", "%(count)d days", minutes // 1440) % {"count": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("%(count)d hour", "%(count)d hours", minutes // 60) % {"count": minutes // 60}
    return minutes_in_words(minutes)


def enrolment_of(participant, course_key):
    if participant is None:
        return None
    return Enrolment.objects.active().of(participant).filter(course_id=course_key).furthest_first().first()


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
        said = [] if self.page.is_required else [_("optional")]
        if self.page.minutes:
            said.insert(0, minutes_in_words(self.page.minutes))
        return " · ".join(said)

    @property
    def is_done(self):
        return self.state == "done"


@dataclass
class Part:
    """A module and its lessons. Lessons that stand in no module have a part without a page."""

    page: object
    url: str
    steps: list = field(default_factory=list)


@dataclass(frozen=True)
class Missing:
    """What is still to do before a course is completed."""

    lessons: int
    elsewhere: list
    """(page, address) of lessons among them that exist only in another language."""
    assessments: list


def to_pass(assessment):
    return {"title": str(assessment.title), "url": reverse("oberih_courses:assessment", args=[assessment.key])}


class CourseProgress:
    """One course in one language, as `participant` (or a stranger: None) goes through it."""

    def __init__(self, course_page, *, request, participant=None):
        self.page = course_page
        self.request = request
        self.participant = participant
        self.enrolment = enrolment_of(participant, course_page.translation_key)
        self.url = reader_url(course_page, request)

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
                reader_url(page, self.request),
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
        parts = [Part(page, reader_url(page, self.request)) for page in trees.module_pages(self.page)]
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

    @property
    def required_assessments(self):
        return Assessment.objects.filter(course=self.page.translation_key, is_required=True).order_by("key")

    @cached_property
    def ends_with_assessment(self):
        return self.required_assessments.exists()

    @cached_property
    def missing(self):
        """What the course still asks of this learner, whatever the language it is written in."""
        asked = Lesson.objects.filter(course=self.page.translation_key, archived_at=None, is_required=True)
        keys = [key for key in asked.values_list("key", flat=True) if key not in self.completed]
        here = {page.translation_key for page in self.lesson_pages}
        elsewhere = {}
        for page in trees.lesson_versions_of([key for key in keys if key not in here]):
            elsewhere.setdefault(page.translation_key, page)
        passed = Attempt.objects.filter(enrolment=self.enrolment, passed=True).values("assessment")
        return Missing(
            lessons=len(keys),
            elsewhere=[(page, reader_url(page, self.request)) for page in elsewhere.values()],
            assessments=[to_pass(one) for one in self.required_assessments.exclude(key__in=passed)],
        )

    def minutes_from(self, step):
        """How long the lessons take that are still to read, this one and those after it."""
        return sum(
            one.page.minutes or 0 for one in self.steps[step.number - 1 :] if not one.is_done or one is step
        )

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
    def is_asked_for(self):
        """Whether its lesson is done by it. A survey that nobody has to answer stands beside what is read."""
        return self.assessment.is_required or not self.assessment.is_survey

    @property
    def awaits_mark(self):
        """The attempt that a trainer still has to mark."""
        return self.last if self.last and self.last.scored_at is None else None

    @property
    def again_at(self):
        """From when somebody may try again; None where the clock is not what they wait for."""
        if self.last is None or self.unfinished or self.passed or self.awaits_mark or self.attempts_left == 0:
            return None
        again_at = self.assessment.again_at(self.last)
        return again_at if again_at > timezone.now() else None

    @property
    def may_start(self):
        if self.passed or self.awaits_mark or self.again_at:
            return False
        return self.unfinished is not None or self.attempts_left != 0


def standing(enrolment, assessment):
    if enrolment is None:
        return Standing(assessment, [])
    return Standing(assessment, list(Attempt.objects.filter(enrolment=enrolment, assessment=assessment)))
