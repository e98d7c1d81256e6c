"""The catalogue: each course that everybody may read, once, in the reader's language where it exists in it.

Choosing is done in Python over short rows of all courses, so that every filter offers only what the catalogue holds;
what a list shows is read for one page of it. Both in a number of statements that does not grow.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, prefetch_related_objects
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail.search.query import And, PlainText

from courses import pages as mixins
from courses import trees
from courses.forms import CatalogueForm, SearchForm
from courses.languages import direction, first_language, name, reader_url
from courses.models import Course, Lesson
from courses.progress import minutes_in_words
from participants.models import Category, Topic

PER_PAGE = 24
# Nobody writes more words than this into a search field by hand.
_MOST_WORDS = 8
_TOPICS_NAMED = 2
LENGTHS = {"short": range(16), "medium": range(16, 61), "long": range(61, 100_000)}


@dataclass(frozen=True)
class Version:
    """A course's page in one language, as much of it as choosing needs."""

    pk: int
    language: str
    path: str
    minutes: int | None


@dataclass(frozen=True)
class Listed:
    """A course in the version that this reader is shown."""

    key: object
    versions: tuple[Version, ...]
    """The one that is shown comes first."""

    @property
    def shown(self):
        return self.versions[0]

    @property
    def languages(self):
        return sorted(version.language for version in self.versions)

    def holds(self, path):
        """Whether a page with this path stands below one of the course's."""
        return any(path.startswith(version.path) for version in self.versions)


class Catalogue:
    def __init__(self, *, language, above=None):
        """`above`: the pages below which courses are listed; without, all of the site."""
        self.language = language
        self._querysets = trees.public_courses(above)

    @cached_property
    def courses(self):
        """Those in the reader's language first, each group in the order of the tree."""
        versions = {}
        columns = ("translation_key", "pk", "locale__language_code", "path", "minutes")
        for queryset in self._querysets:
            for key, *row in queryset.values_list(*columns):
                versions.setdefault(key, []).append(Version(*row))
        first = first_language()

        def fitness(page):
            return page.language != self.language, page.language != first, page.pk

        listed = [Listed(key, tuple(sorted(pages, key=fitness))) for key, pages in versions.items()]
        return sorted(listed, key=lambda one: (one.shown.language != self.language, one.shown.path))

    @property
    def _keys(self):
        return [one.key for one in self.courses]

    @cached_property
    def _topics(self):
        return {topic.pk: topic for topic in Topic.objects.filter(is_active=True)}

    @cached_property
    def _topics_of(self):
        """{course's key: numbers of its topics}, in the topics' order."""
        rows = Course.topics.through.objects.filter(course__in=self._keys).values_list("course_id", "topic_id")
        return _grouped(rows, self._topics)

    @cached_property
    def _audiences(self):
        return {category.pk: category for category in Category.objects.filter(is_active=True)}

    @cached_property
    def _audiences_of(self):
        rows = [
            row
            for queryset in self._querysets
            for row in queryset.exclude(audiences=None).values_list("translation_key", "audiences")
        ]
        return _grouped(rows, self._audiences)

    def _below(self, topic):
        """A topic's number and those of all that lies under it."""
        below = {topic.pk}
        grown = True
        while grown:
            more = {pk for pk, one in self._topics.items() if one.parent_id in below} - below
            grown = bool(more)
            below |= more
        return below

    def topic_choices(self):
        """The topics that lead to a course, each under the one it belongs to."""
        used = {pk for topics in self._topics_of.values() for pk in topics}
        choices = []

        def add(parent, depth):
            for topic in self._topics.values():
                if topic.parent_id == parent and self._below(topic) & used:
                    choices.append((topic.code, f"{'– ' * depth}{topic}"))
                    add(topic.pk, depth + 1)

        add(None, 0)
        return choices

    def audience_choices(self):
        used = {pk for audiences in self._audiences_of.values() for pk in audiences}
        return [(one.code, str(one)) for one in self._audiences.values() if one.pk in used]

    def language_choices(self):
        return [(code, name(code)) for code in sorted({code for one in self.courses for code in one.languages})]

    def narrowed(self, *, topic="", language="", length="", audience=""):
        courses = self.courses
        if topic:
            wanted = self._below(next(one for one in self._topics.values() if one.code == topic))
            courses = [one for one in courses if wanted & set(self._topics_of.get(one.key, ()))]
        if language:
            courses = [one for one in courses if language in one.languages]
        if length:
            courses = [one for one in courses if one.shown.minutes in LENGTHS[length]]
        if audience:
            wanted = next(pk for pk, one in self._audiences.items() if one.code == audience)
            courses = [one for one in courses if wanted in self._audiences_of.get(one.key, ())]
        return courses

    def entries(self, listed, request):
        """What `oberih/courses/_entry.html` shows of these courses."""
        pages = trees.course_pages_with([one.shown.pk for one in listed])
        keys = [one.key for one in listed]
        lessons = dict(
            Lesson.objects.filter(course__in=keys, archived_at=None)
            .order_by()
            .values("course")
            .annotate(number=Count("pk"))
            .values_list("course", "number")
        )
        images = [page.image for page in pages.values() if page.image]
        prefetch_related_objects(images, "renditions")
        return [
            self._entry(one, pages[one.shown.pk], lessons.get(one.key, 0), request)
            for one in listed
            if one.shown.pk in pages
        ]

    def _entry(self, listed, page, lessons, request):
        topics = [str(self._topics[pk]) for pk in self._topics_of.get(listed.key, ())[:_TOPICS_NAMED]]
        elsewhere = listed.shown.language != self.language
        facts = []
        if page.minutes:
            facts.append({"icon": "clock", "text": minutes_in_words(page.minutes)})
        if lessons:
            words = ngettext("%(count)d lesson", "%(count)d lessons", lessons) % {"count": lessons}
            facts.append({"icon": "book", "text": words})
        if len(listed.languages) > 1 or not elsewhere:
            facts.append(
                {"icon": "globe", "text": ", ".join(name(code).capitalize() for code in listed.languages)}
            )
        return {
            "title": page.title,
            "url": reader_url(page, request),
            "text": page.summary,
            "kind": " · ".join(topics),
            "facts": facts,
            "image": page.image,
            "language": listed.shown.language,
            "direction": direction(listed.shown.language),
            "tag": name(listed.shown.language).capitalize() if elsewhere else "",
        }


def _grouped(rows, order):
    """{first: [second]} of the pairs whose second is known, in the order of `order`."""
    places = {pk: place for place, pk in enumerate(order)}
    groups = {}
    for first, second in rows:
        if second in places and second not in groups.setdefault(first, []):
            groups[first].append(second)
    return {first: sorted(group, key=places.get) for first, group in groups.items()}


def words_of(query):
    """The words to look for, without what a search engine would take for its own signs."""
    plain = "".join(sign for sign in unicodedata.normalize("NFC", query) if unicodedata.category(sign) != "Mn")
    return re.findall(r"[^\W_]+", plain)[:_MOST_WORDS]


def _stem(word):
    """A word without its ending. Ukrainian declines every noun, and no database here knows how."""
    return word[:-2] if len(word) > 6 else word[:-1] if len(word) > 4 else word


def search(words):
    """Where all the words occur, the best first: keys of courses, and paths of lessons."""
    terms = [PlainText(_stem(word)) for word in words]
    query = terms[0] if len(terms) == 1 else And(terms)
    courses = trees.found_in(mixins.CoursePageMixin, query)
    lessons = trees.found_in(mixins.LessonPageMixin, query)
    return [page.translation_key for page in courses], [page.path for page in lessons]


def front(request, *, limit=3):
    """The first courses of the catalogue, for a front page."""
    catalogue = Catalogue(language=get_language())
    return catalogue.entries(catalogue.courses[:limit], request)


def context(request, *, above):
    """What `oberih/courses/catalogue.html` shows."""
    catalogue = Catalogue(language=get_language(), above=above)
    form = CatalogueForm(
        request.GET,
        auto_id="filter_%s",
        topics=catalogue.topic_choices(),
        languages=catalogue.language_choices(),
        audiences=catalogue.audience_choices(),
    )
    chosen = form.chosen()
    query = chosen.pop("q", "")
    listed = catalogue.narrowed(**chosen)
    words = words_of(query)
    too_short = bool(query) and len("".join(words)) < 2
    if too_short:
        listed = []
    elif query:
        listed = _found(listed, words)
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "form": form,
        "search_form": SearchForm(initial={"q": query}),
        "kept": chosen.items(),
        "active": _active(form, chosen, query, request.path),
        "clear_url": request.path,
        "query": query,
        "too_short": too_short,
        "is_empty": not catalogue.courses,
        "page_of_courses": page,
        "courses": catalogue.entries(page.object_list, request),
    }


def _found(listed, words):
    keys, lesson_paths = search(words)
    rank = {key: place for place, key in enumerate(keys)}

    def place(one):
        """Found in the course's own words, in a lesson's title, or not at all (None)."""
        if one.key in rank:
            return rank[one.key]
        return len(rank) if any(one.holds(path) for path in lesson_paths) else None

    return sorted((one for one in listed if place(one) is not None), key=place)


def _active(form, chosen, query, path):
    """Each filter in use with the address of the page without it."""
    in_use = {"q": query, **chosen} if query else chosen
    labels = {"q": _("“%(words)s”") % {"words": query}} | {
        key: form.label_of(key, value) for key, value in chosen.items()
    }
    active = []
    for key in in_use:
        rest = urlencode({other: value for other, value in in_use.items() if other != key})
        active.append({"label": labels[key], "url": f"{path}?{rest}" if rest else path})
    return active
