"""The outline of a course in one language: what all its pages show of the way through it, the same for everybody.

It is made in a number of statements that grows neither with the lessons nor with the courses, and kept in the process
until something of it changes (`ui.kept`).
"""

from dataclasses import dataclass, field

from django.utils.functional import cached_property

from courses import facts, trees
from courses.completion import CourseRule
from courses.languages import name, reader, reader_url
from courses.models import Assessment, Lesson
from ui import kept

_outlines = kept.Store(most=256)
_homes = kept.Store(most=2048)


@dataclass(frozen=True)
class Place:
    """A lesson in the order of the course. `part` is the number of its module among the course's, None without one."""

    page: object
    url: str
    number: int
    part: int | None

    @property
    def key(self):
        return self.page.translation_key


@dataclass(frozen=True)
class Elsewhere:
    """A lesson that the course asks and that exists in other languages only."""

    title: str
    url: str
    language: str

    @property
    def language_name(self):
        return name(self.language).capitalize()


@dataclass
class Outline:
    page: object
    url: str
    modules: tuple = ()
    """(page, address) of each."""
    places: tuple = ()
    lessons: dict = field(default_factory=dict)
    """{key: Lesson}, whatever the language."""
    assessments: tuple = ()
    """The required ones."""
    rule: CourseRule = field(default_factory=CourseRule)
    elsewhere: dict = field(default_factory=dict)
    """{lesson's key: Elsewhere}"""

    @cached_property
    def place_of(self):
        """{lesson page's number: its place}"""
        return {place.page.pk: place for place in self.places}

    @cached_property
    def by_key(self):
        return {place.key: place for place in self.places}


def outline_of(course_page, request):
    return outlines_of([course_page], request)[course_page.pk]


def outlines_of(course_pages, request):
    """{course page's number: Outline}"""
    pages = {(page.pk, *reader(request)): page for page in course_pages}
    found = _outlines.get_many(
        request, list(pages), lambda keys: _make({key: pages[key] for key in keys}, request)
    )
    return {page.pk: found[key] for key, page in pages.items()}


def _make(course_pages, request):
    pages = list(course_pages.values())
    keys = [page.translation_key for page in pages]
    modules, lessons = trees.module_pages(pages), trees.lesson_pages(pages)
    known, asked = {key: [] for key in keys}, {key: [] for key in keys}
    for lesson in Lesson.objects.filter(course__in=keys, archived_at=None):
        known[lesson.course_id].append(lesson)
    for assessment in Assessment.objects.filter(course__in=keys, is_required=True).order_by("key"):
        asked[assessment.course_id].append(assessment)
    made = {}
    for key, page in course_pages.items():
        course_key = page.translation_key
        below = [one for one in modules if one.path.startswith(page.path)]
        outline = Outline(
            page=page,
            url=reader_url(page, request),
            modules=tuple((one, reader_url(one, request)) for one in below),
            places=tuple(_places([one for one in lessons if one.path.startswith(page.path)], below, request)),
            lessons={lesson.key: lesson for lesson in known[course_key]},
            assessments=tuple(asked[course_key]),
            rule=facts.rule(known[course_key], asked[course_key]),
        )
        made[key] = outline
    _find_elsewhere(list(made.values()), request)
    return made


def _places(lesson_pages, modules, request):
    for number, page in enumerate(lesson_pages, start=1):
        part = next((i for i, one in enumerate(modules) if page.path.startswith(one.path)), None)
        yield Place(page, reader_url(page, request), number, part)


def _find_elsewhere(outlines, request):
    wanted = {
        lesson.key: outline
        for outline in outlines
        for lesson in outline.rule.required
        if lesson.key not in outline.by_key
    }
    for page in trees.lesson_versions_of(list(wanted)):
        found = Elsewhere(page.title, reader_url(page, request), page.locale.language_code)
        wanted[page.translation_key].elsewhere.setdefault(page.translation_key, found)


def course_page_above(page, request):
    """As `trees.course_page_above`, kept: None outside of any course."""
    found = _homes.get(request, (page.pk, page.path), lambda: (trees.course_page_above(page),))
    return found[0]
