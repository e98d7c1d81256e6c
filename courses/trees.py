"""The pages that teach a course, whichever concrete types a site made of our mixins."""

import functools
import operator

from django.apps import apps
from django.db.models import Q

from courses import pages as mixins
from courses.languages import first_language


def concrete(mixin):
    return [model for model in apps.get_models() if issubclass(model, mixin)]


def _rows(mixin, condition, *, defer=()):
    """Pages of every concrete type of `mixin`, one statement a type, in the order of the tree."""
    found = []
    for model in concrete(mixin):
        found += model.objects.live().filter(condition).defer(*defer).select_related("locale")
    return sorted(found, key=lambda page: page.path)


def below(pages):
    """The condition that a page stands below one of `pages`."""
    return functools.reduce(operator.or_, [Q(path__startswith=page.path, depth__gt=page.depth) for page in pages])


def below_paths(paths):
    """The same, where only the paths are known."""
    return functools.reduce(operator.or_, [Q(path__startswith=path) & ~Q(path=path) for path in paths])


def course_pages(key):
    """The live pages of a course, one a language."""
    return _rows(mixins.CoursePageMixin, Q(translation_key=key))


def course_pages_of(keys):
    return _rows(mixins.CoursePageMixin, Q(translation_key__in=keys))


def course_pages_with(pks):
    """Course pages by their numbers, with what a list shows of them."""
    found = []
    for model in concrete(mixins.CoursePageMixin):
        found += model.objects.filter(pk__in=pks).select_related("locale", "image")
    return {page.pk: page for page in found}


def public_courses(above=None):
    """(model, condition) of the course pages that everybody may read, below the pages `above` or anywhere."""
    condition = below(above) if above is not None else Q()
    return [model.objects.live().public().filter(condition) for model in concrete(mixins.CoursePageMixin)]


def found_in(mixin, query):
    """Live pages of every concrete type of `mixin` whose words begin as those of the query do, the best first."""
    found = []
    for model in concrete(mixin):
        found += model.objects.live().only("path", "translation_key").autocomplete(query)
    return found


def module_pages(course_pages):
    return _rows(mixins.ModulePageMixin, below(course_pages)) if course_pages else []


def module_versions(key):
    """The live pages of a module, one a language."""
    return _rows(mixins.ModulePageMixin, Q(translation_key=key))


def open_to_all(pages):
    """Those of the pages that everybody may read, in two statements a type."""
    found = set()
    for model in {type(page) for page in pages}:
        rows = model.objects.filter(pk__in=[page.pk for page in pages]).public()
        found.update(rows.values_list("pk", flat=True))
    return [page for page in pages if page.pk in found]


def lesson_pages(course_pages, *, defer=("body",)):
    return _rows(mixins.LessonPageMixin, below(course_pages), defer=defer) if course_pages else []


def lesson_versions(key):
    """The live pages of a lesson, one a language."""
    return _rows(mixins.LessonPageMixin, Q(translation_key=key))


def lesson_versions_of(keys, *, defer=("body",)):
    return _rows(mixins.LessonPageMixin, Q(translation_key__in=keys), defer=defer) if keys else []


def course_page_above(page):
    """The course page above a page of a course, or the page itself; live or not. None outside of any course."""
    if isinstance(page, mixins.CoursePageMixin):
        return page
    paths = [page.path[: page.steplen * depth] for depth in range(1, page.depth)]
    for model in concrete(mixins.CoursePageMixin):
        found = model.objects.filter(path__in=paths).select_related("locale").first()
        if found is not None:
            return found
    return None


def preferred(pages, language):
    """Of the versions of one page: that in `language`, else the one in the site's first language, else any."""
    by_language = {page.locale.language_code: page for page in pages}
    return by_language.get(language) or (source(pages) if pages else None)


def source(pages):
    """The version that the others were translated from: that in the site's first language, or the eldest."""
    return min(pages, key=lambda page: (page.locale.language_code != first_language(), page.pk))
