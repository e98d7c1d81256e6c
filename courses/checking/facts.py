"""What the checks are told, as plain values: the newest drafts of a course's pages and what they rest on."""

import json
import re
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.apps import apps
from wagtail.models import Locale

from courses import reports, trees
from courses.models import Assessment, AssessmentQuestion, Course, Package, Question
from courses.pages import CoursePageMixin, LessonPageMixin, ModulePageMixin
from safeguarding.models import Role, RoleGrant

PAGE_LINK = re.compile(r'<a\b[^>]*\blinktype="page"[^>]*\bid="(\d+)"|<a\b[^>]*\bid="(\d+)"[^>]*\blinktype="page"')


@dataclass
class Version:
    """The newest draft of a page in one language."""

    pk: int
    language: str
    title: str
    live: bool = True
    path: str = ""
    values: dict = field(default_factory=dict)
    body: list = field(default_factory=list)
    # Since when readers see it, and translators know its text (None: it is translated by hand).
    published_at: datetime | None = None
    known_at: datetime | None = None
    has_waiting_texts: bool = False


@dataclass
class Part:
    """A module or a lesson with its versions by language."""

    key: uuid.UUID
    versions: dict

    def source(self, language):
        """The version that the others were translated from."""
        return self.versions.get(language) or next(iter(self.versions.values()))


@dataclass
class Asked:
    """An assessment with its questions: {language: row} for each that was chosen."""

    row: Assessment
    questions: list


@dataclass
class CourseFacts:
    key: uuid.UUID
    source_language: str
    page: Part
    modules: list = field(default_factory=list)
    lessons: list = field(default_factory=list)
    assessments: dict = field(default_factory=dict)
    packages: dict = field(default_factory=dict)
    # Pages that texts of the course link to and that readers can open.
    live_pages: frozenset = frozenset()
    archived_requirements: list = field(default_factory=list)
    has_trainers: bool = True

    @property
    def source(self):
        return self.page.source(self.source_language)

    @property
    def languages(self):
        return list(self.page.versions)


def gather(keys):
    """The facts of the courses with these keys, in the order of the site's tree."""
    rank = {locale.pk: locale.language_code for locale in Locale.objects.all()}
    stale = reports.stale_translations()
    courses = _by_key(CoursePageMixin, {"translation_key__in": list(keys)}, rank, stale)
    if not courses:
        return []
    pages = [version for versions in courses.values() for version in versions.values()]
    below = trees.below_paths([version.path for version in pages])
    modules, lessons = (
        _by_key(mixin, below, rank, stale, with_body=mixin is LessonPageMixin)
        for mixin in (ModulePageMixin, LessonPageMixin)
    )
    first = Locale.get_default().language_code
    found = [
        CourseFacts(
            key=key,
            source_language=min(versions.values(), key=lambda one: (one.language != first, one.pk)).language,
            page=Part(key, versions),
        )
        for key, versions in courses.items()
    ]
    for course in found:
        course.modules = _parts_of(course, modules)
        course.lessons = _parts_of(course, lessons)
    _add_assessments(found)
    _add_packages(found)
    _add_links(found)
    _add_requirements(found)
    has_trainers = RoleGrant.objects.filter(role__in=[Role.TRAINER, Role.MANAGER]).exists()
    for course in found:
        course.has_trainers = has_trainers
    return sorted(found, key=lambda course: course.source.path)


def _by_key(mixin, condition, languages, stale, *, with_body=False):
    """{key: {language: Version}} of the pages that are no aliases."""
    rows = []
    for model in trees.concrete(mixin):
        pages = model.objects.filter(alias_of=None)
        pages = pages.filter(**condition) if isinstance(condition, dict) else pages.filter(condition)
        rows += pages.select_related("latest_revision")
    found = defaultdict(dict)
    for page in sorted(rows, key=lambda page: page.path):
        known_at, waits = stale.get((page.translation_key, page.locale_id), (None, False))
        draft = page.latest_revision.content if page.latest_revision else {}
        found[page.translation_key][languages[page.locale_id]] = Version(
            pk=page.pk,
            language=languages[page.locale_id],
            title=page.draft_title or page.title,
            live=page.live,
            path=page.path,
            values={
                name: draft.get(name, getattr(page, name))
                for name in ("minutes", "is_required", "completed_by", "summary")
                if hasattr(page, name)
            },
            body=_body(page, draft) if with_body else [],
            published_at=page.last_published_at,
            known_at=known_at,
            has_waiting_texts=waits,
        )
    return found


def _body(page, draft):
    return json.loads(draft["body"]) if "body" in draft else list(page.body.get_prep_value())


def _parts_of(course, parts):
    """Those below the course's pages, in the order of its source language; what exists only in another comes after."""
    above = {version.path for version in course.page.versions.values()}
    mine = [
        Part(key, versions)
        for key, versions in parts.items()
        if any(version.path.startswith(path) for version in versions.values() for path in above)
    ]
    return sorted(
        mine,
        key=lambda part: (
            course.source_language not in part.versions,
            part.source(course.source_language).path,
        ),
    )


def blocks(body, kind):
    return [block for block in body if block.get("type") == kind and isinstance(block.get("value"), dict)]


def _chosen(courses, kind):
    """{course's key: what its lessons chose in the blocks of this kind}."""
    return {
        course.key: {
            str(block["value"][kind])
            for part in course.lessons
            for version in part.versions.values()
            for block in blocks(version.body, kind)
            if block["value"].get(kind)
        }
        for course in courses
    }


def _add_assessments(courses):
    chosen = _chosen(courses, "assessment")
    keys = {key for some in chosen.values() for key in some}
    rows = {
        str(row.key): row
        for row in Assessment.objects.filter(key__in=keys) | Assessment.objects.filter(course__in=chosen)
    }
    bank = defaultdict(list)
    for assessment, question in AssessmentQuestion.objects.filter(assessment__in=list(rows)).values_list(
        "assessment_id", "question_key"
    ):
        bank[str(assessment)].append(question)
    languages = defaultdict(dict)
    wanted = {question for some in bank.values() for question in some}
    for question in Question.objects.filter(translation_key__in=wanted).select_related("locale"):
        languages[question.translation_key][question.locale.language_code] = question
    for course in courses:
        mine = chosen[course.key] | {key for key, row in rows.items() if row.course_id == course.key}
        course.assessments = {
            key: Asked(rows[key], [languages.get(question, {}) for question in bank[key]]) if key in rows else None
            for key in sorted(mine)
        }


def _add_packages(courses):
    chosen = _chosen(courses, "package")
    rows = Package.objects.in_bulk({int(key) for some in chosen.values() for key in some if key.isdigit()})
    for course in courses:
        course.packages = {key: rows.get(int(key)) for key in chosen[course.key] if key.isdigit()}


def links(body):
    """The numbers of the pages that the texts of a body link to."""
    return {int(one or other) for one, other in PAGE_LINK.findall(json.dumps(body).replace('\\"', '"'))}


def _add_links(courses):
    linked = {
        course.key: {
            pk for part in course.lessons for version in part.versions.values() for pk in links(version.body)
        }
        for course in courses
    }
    every = {pk for some in linked.values() for pk in some}
    pages = apps.get_model("wagtailcore", "Page")
    live = set(pages.objects.live().filter(pk__in=every).values_list("pk", flat=True))
    for course in courses:
        course.live_pages = frozenset(linked[course.key] & live)


def _add_requirements(courses):
    rows = Course.objects.filter(archived_at__isnull=False, leads_to__in=[course.key for course in courses])
    archived = defaultdict(list)
    for key, title in rows.values_list("leads_to", "title"):
        archived[key].append(str(title))
    for course in courses:
        course.archived_requirements = archived[course.key]
