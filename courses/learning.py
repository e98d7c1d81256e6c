"""My learning: all courses somebody takes, in a number of statements that does not grow with them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import cached_property

from courses import due, facts, trees
from courses.entry import by_others, linked
from courses.languages import direction
from courses.models import Enrolment, Prerequisite
from courses.outline import outlines_of
from courses.progress import Missing, missing_in


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
    missing: Missing
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
        mine = facts.with_facts(Enrolment.objects.active().of(participant).select_related("course"))
        furthest = {}
        for one in mine.furthest_first():
            furthest.setdefault(one.course_id, facts.learnt(one))
        self.learnt = sorted(
            furthest.values(), key=lambda one: (one.enrolment.enrolled_at, one.enrolment.pk), reverse=True
        )

    @property
    def _enrolments(self):
        return [one.enrolment for one in self.learnt]

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
        return [self._taken(one) for one in self.learnt]

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
        going = [one.course_id for one in self._enrolments if not one.completed_at and by_others(one)]
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
    def _outlines(self):
        """{course's key: its outline in the language that suits the reader best}"""
        versions = {}
        for page in trees.course_pages_of([one.enrolment.course_id for one in self.learnt]):
            versions.setdefault(page.translation_key, []).append(page)
        pages = [trees.preferred(pages, self.language) for pages in versions.values()]
        outlines = outlines_of(pages, self.request)
        return {page.translation_key: outlines[page.pk] for page in pages}

    def _taken(self, learnt):
        enrolment = learnt.enrolment
        outline = self._outlines.get(enrolment.course_id)
        if outline is None:
            # Its pages are gone; what was learnt stays.
            return Taken(
                enrolment,
                title=str(enrolment.course.title),
                url="",
                language="",
                done=0,
                total=0,
                next_url="",
                next_title="",
                missing=Missing(),
                touched_at=learnt.touched_at,
                first=[],
            )
        done = learnt.facts.completed
        undone = [place for place in outline.places if place.key not in done]
        last = [place for place in undone if place.key == enrolment.last_lesson_id]
        following = next(iter(last or undone), None)
        required = outline.rule.required
        return Taken(
            enrolment=enrolment,
            title=outline.page.title,
            url=outline.url,
            language=outline.page.locale.language_code,
            done=sum(lesson.key in done for lesson in required),
            total=len(required),
            next_url=following.url if following else "",
            next_title=following.page.title if following else "",
            missing=Missing() if enrolment.completed_at else missing_in(outline, learnt.facts),
            touched_at=learnt.touched_at,
            first=self._first.get(enrolment.course_id, []),
        )
