"""What the pages of courses show of a person's way through them, in a constant number of statements.

The pages give titles and order in the reader's language; enrolments, progress and attempts know no language.
"""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from courses.completion import is_new, missing_assessments, missing_lessons
from courses.facts import learnt_by
from courses.models import Answer, Assessment, Attempt, CompletionRule, Enrolment
from courses.outline import outline_of


def minutes_in_words(count):
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


def wait_in_words(minutes):
    """A wait in the largest unit that says it exactly."""
    if minutes % 1440 == 0:
        return ngettext("%(count)d day", "%(count)d days", minutes // 1440) % {"count": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("%(count)d hour", "%(count)d hours", minutes // 60) % {"count": minutes // 60}
    return minutes_in_words(minutes)


def time_in_words(seconds):
    """How long somebody spent with a course, no finer than it can be known; empty for less than a minute."""
    minutes = seconds // 60
    if minutes < 1:
        return ""
    if minutes < 90:
        about = minutes if minutes < 10 else 5 * round(minutes / 5)
        words = ngettext(
            "You have spent about %(count)d minute.", "You have spent about %(count)d minutes.", about
        )
        return words % {"count": about}
    about = round(minutes / 60)
    return ngettext("You have spent about %(count)d hour.", "You have spent about %(count)d hours.", about) % {
        "count": about
    }


def enrolment_of(participant, course_key):
    if participant is None:
        return None
    return Enrolment.objects.active().of(participant).filter(course_id=course_key).furthest_first().first()


@dataclass(frozen=True, slots=True)
class Step:
    """A lesson on the way, with its state for `oberih/ui/_steps.html`."""

    page: object
    url: str
    number: int
    state: str
    tag: str = ""

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
class Thing:
    """One thing that is still to do, with what it takes and where."""

    title: str
    url: str
    what: str
    language: str = ""


def what_it_takes(asks):
    return {
        CompletionRule.READ: _("Read it to the end and mark it as read"),
        CompletionRule.WATCHED: _("Watch or hear it to the end"),
        CompletionRule.PACKAGE: _("Work through it to the end"),
        CompletionRule.TRAINER: _("A trainer confirms it"),
    }[asks]


@dataclass(frozen=True)
class Missing:
    """What is still to do before a course is completed."""

    lessons: int = 0
    """How many required lessons, whatever they ask."""
    to_read: int = 0
    """Those among them that only have to be read, in this language."""
    things: tuple = ()
    """Each of the others."""
    elsewhere: tuple = ()
    """(title, address, language) of lessons that exist only in another language."""
    assessments: tuple = ()

    def __bool__(self):
        return bool(self.lessons or self.assessments)

    @property
    def short(self):
        """The same in a few words."""
        tests = len(self.assessments)
        if not self:
            return ""
        if not tests:
            return ngettext("%(count)d lesson to go", "%(count)d lessons to go", self.lessons) % {
                "count": self.lessons
            }
        if not self.lessons:
            if tests == 1:
                return _("Only the assessment to go")
            return ngettext("%(count)d assessment to go", "%(count)d assessments to go", tests) % {"count": tests}
        if tests == 1:
            words = ngettext(
                "%(count)d lesson and the assessment to go",
                "%(count)d lessons and the assessment to go",
                self.lessons,
            )
            return words % {"count": self.lessons}
        words = ngettext(
            "%(count)d lesson and %(tests)d assessments to go",
            "%(count)d lessons and %(tests)d assessments to go",
            self.lessons,
        )
        return words % {"count": self.lessons, "tests": tests}


def to_pass(assessment):
    return {"title": str(assessment.title), "url": reverse("oberih_courses:assessment", args=[assessment.key])}


def missing_in(outline, facts):
    """What a course still asks, whatever the language it is written in."""
    lessons, to_read, things, elsewhere = missing_lessons(outline.rule, facts), 0, [], []
    for lesson in lessons:
        place = outline.by_key.get(lesson.key)
        if place is None:
            if lesson.key in outline.elsewhere:
                elsewhere.append(outline.elsewhere[lesson.key])
            continue
        if lesson.assessments - facts.passed.keys():
            # Named as what is to be passed.
            continue
        if lesson.asks == CompletionRule.READ:
            to_read += 1
        else:
            things.append(Thing(place.page.title, place.url, what_it_takes(lesson.asks)))
    wanted = missing_assessments(outline.rule, facts)
    return Missing(
        lessons=len(lessons),
        to_read=to_read,
        things=tuple(things),
        elsewhere=tuple(elsewhere),
        assessments=tuple(to_pass(one) for one in outline.assessments if one.key in wanted),
    )


class CourseProgress:
    """One course in one language, as `participant` (or a stranger: None) goes through it."""

    def __init__(self, course_page, *, request, participant=None):
        self.page = course_page
        self.request = request
        self.participant = participant
        self.outline = outline_of(course_page, request)
        self.learnt = learnt_by(participant, course_page.translation_key) if participant else None
        self.enrolment = self.learnt and self.learnt.enrolment
        self.url = self.outline.url

    @property
    def lesson_pages(self):
        return [place.page for place in self.outline.places]

    @property
    def completed(self):
        """Keys of the lessons that are done."""
        return self.learnt.facts.completed.keys() if self.learnt else frozenset()

    @cached_property
    def steps(self):
        following = self._next_key
        return [
            Step(place.page, place.url, place.number, self._state(place.key, following), self._tag(place.key))
            for place in self.outline.places
        ]

    def _state(self, key, following):
        return "done" if key in self.completed else "current" if key == following else "todo"

    def _tag(self, key):
        lesson = self.outline.lessons.get(key)
        if self.learnt is None or lesson is None:
            return ""
        return (
            pgettext("material of a lesson", "New")
            if is_new(lesson, self.learnt.facts, self.enrolment.enrolled_at)
            else ""
        )

    @cached_property
    def _next_key(self):
        """Where to go on: the lesson last opened, else the first after it that is not done, else the first of all."""
        if self.enrolment is None:
            return None
        keys = [place.key for place in self.outline.places]
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
        parts = [Part(page, url) for page, url in self.outline.modules]
        loose = Part(None, "")
        for place, step in zip(self.outline.places, self.steps, strict=True):
            (loose if place.part is None else parts[place.part]).steps.append(step)
        return [*([loose] if loose.steps else []), *(part for part in parts if part.steps)]

    @property
    def done(self):
        return sum(step.is_done for step in self.steps)

    @property
    def total(self):
        return len(self.steps)

    @property
    def ends_with_assessment(self):
        return bool(self.outline.assessments)

    @cached_property
    def missing(self):
        """What the course still asks of this learner; of a completed course nothing, whatever was added since."""
        if self.learnt is None or self.enrolment.completed_at:
            return Missing()
        return missing_in(self.outline, self.learnt.facts)

    @property
    def time_spent(self):
        return time_in_words(self.learnt.seconds) if self.learnt else ""

    def minutes_from(self, step):
        """How long the lessons take that are still to read, this one and those after it."""
        return sum(
            one.page.minutes or 0 for one in self.steps[step.number - 1 :] if not one.is_done or one is step
        )

    def place_of(self, lesson_page):
        """(step, the one before, the one after) of a lesson page."""
        place = self.outline.place_of.get(lesson_page.pk)
        if place is None:
            return None, None, None
        index = place.number - 1
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
