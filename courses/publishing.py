"""From pages to what is learned: `Course` and `Lesson` follow the published pages of all languages.

Everything is worked out anew from the tree, so that it does not matter which of many changes is heard of, or twice.
It runs inside the editor's request and not in a task: the moment a page is public somebody may enrol.
"""

import uuid

from django.db import transaction
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from courses import played, trees
from courses.models import Assessment, Course, Lesson
from courses.pages import CoursePageMixin, LessonPageMixin, ModulePageMixin
from ui import page_cache


def publish_page(page):
    """Bring what the page presents up to date; pages that teach nothing are left alone."""
    if not isinstance(page, CoursePageMixin | ModulePageMixin | LessonPageMixin):
        return
    course_page = trees.course_page_above(page)
    if course_page is not None:
        sync_course(course_page.translation_key)
    if isinstance(page, LessonPageMixin):
        # Moved out of its course, or gone: nothing above it says which course that was.
        lesson = Lesson.objects.filter(key=page.translation_key).first()
        if lesson is not None and (course_page is None or lesson.course_id != course_page.translation_key):
            sync_course(lesson.course_id)


@transaction.atomic
def sync_course(key):
    """Make the course and its lessons what the live pages with this key say. Returns the course, or None without one."""
    pages = trees.course_pages(key)
    course = Course.objects.select_for_update().filter(key=key).first()
    if not pages:
        if course is not None:
            Course.objects.filter(key=key, archived_at=None).update(archived_at=timezone.now())
            course.lessons.filter(archived_at=None).update(archived_at=timezone.now())
            page_cache.forget(page_cache.SITE)
        return course
    source = trees.source(pages)
    title = _merged(course and course.title, pages)
    if course is None:
        course = Course.objects.create(key=key, code=_free_code(source.slug), title=title)
    elif course.archived_at or course.title != title:
        course.title, course.archived_at = title, None
        course.save(update_fields=["title", "archived_at"])
    course.topics.set(source.topics.all())
    _sync_lessons(course, pages, source)
    # The pages were forgotten when they were saved, and made anew of the old rows perhaps.
    page_cache.forget(page_cache.SITE)
    return course


def _merged(title, pages):
    """The titles of the live pages by language; a language whose page went keeps its last title."""
    known = getattr(title, "data", None)
    known = known if isinstance(known, dict) else {}
    return LazyI18nString({**known, **{page.locale.language_code: page.title for page in pages}})


def _free_code(slug):
    code, number = slug, 1
    while Course.objects.filter(code=code).exists():
        number += 1
        code = f"{slug}-{number}"
    return code


def _sync_lessons(course, course_pages, source):
    versions = {}
    for page in trees.lesson_pages(course_pages, defer=()):
        versions.setdefault(page.translation_key, []).append(page)
    # The order is that of the source language; what exists in another language only comes after.
    ordered = sorted(
        versions.values(),
        key=lambda pages: (_leading(pages, source).locale_id != source.locale_id, _leading(pages, source).path),
    )
    existing = Lesson.objects.in_bulk(list(versions))
    taken = []
    for pages in ordered:
        leading = _leading(pages, source)
        lesson = existing.get(leading.translation_key)
        elsewhere = lesson is not None and lesson.course_id != course.key
        if elsewhere and lesson.archived_at is None and leading.locale_id != source.locale_id:
            # Moved in one language only: it belongs where its source is.
            continue
        lesson = lesson or Lesson(key=leading.translation_key)
        wanted = {
            "course_id": course.key,
            "title": _merged(lesson.title, pages),
            "position": len(taken),
            "is_required": leading.is_required,
            "completed_by": leading.completed_by,
            "renewed_on": leading.renewed_on,
            "media": sorted(block.hex for block in played.lengths(leading)),
            "packages": sorted(_packages(leading)),
            # To the learners of its new course a lesson that was moved there is as new as any.
            "added_at": timezone.now() if elsewhere else lesson.added_at,
            "archived_at": None,
        }
        if lesson.key not in existing or any(getattr(lesson, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(lesson, name, value)
            lesson.save()
        taken.append((lesson, leading))
    course.lessons.exclude(key__in=[lesson.key for lesson, _page in taken]).filter(archived_at=None).update(
        archived_at=timezone.now()
    )
    _place_assessments(course, taken)


def _leading(pages, source):
    """Of a lesson's versions, that in the language of the course's source, or the eldest."""
    return min(pages, key=lambda page: (page.locale_id != source.locale_id, page.pk))


def _packages(page):
    blocks = [block for block in page.body.raw_data if block["type"] == "package"]
    return {str(block["value"]["package"]) for block in blocks if block["value"].get("package")}


def _place_assessments(course, lessons):
    placed = {}
    for lesson, page in lessons:
        for block in page.body.raw_data:
            if block["type"] == "assessment" and block["value"].get("assessment"):
                placed[uuid.UUID(str(block["value"]["assessment"]))] = lesson.key
    for assessment in Assessment.objects.filter(key__in=placed).select_related("lesson"):
        held = assessment.lesson
        if held is not None and held.archived_at is None and held.course_id != course.key:
            # A copy of its lesson stands here; whoever took it took it there.
            continue
        if (assessment.course_id, assessment.lesson_id) != (course.key, placed[assessment.key]):
            Assessment.objects.filter(key=assessment.key).update(course=course, lesson=placed[assessment.key])
    course.assessments.exclude(key__in=placed).filter(lesson__isnull=False).update(lesson=None)


def sync_all():
    """Heal every course. Returns how many there are."""
    keys = {page_key for model in trees.concrete(CoursePageMixin) for page_key in _keys(model)}
    keys |= set(Course.objects.values_list("key", flat=True))
    for key in sorted(keys):
        sync_course(key)
    return len(keys)


def _keys(model):
    return model.objects.live().values_list("translation_key", flat=True)
