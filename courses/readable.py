"""The page on which a lesson is read, by its key: what a lesson's own addresses (`learn/lessons/…`) start from."""

from django.http import Http404
from django.utils.translation import get_language

from courses import trees
from courses.languages import content_language, reader
from ui import kept

# Of pages that everybody may read: whoever asks for another one is looked at each time.
_pages = kept.Store(most=256)


def lesson_page(request, key):
    """The lesson in the reader's language, if they may read it: the page's own restrictions hold here, too."""
    restricted = []

    def find():
        page = trees.preferred(trees.lesson_versions(key), get_language())
        restrictions = list(page.get_view_restrictions()) if page is not None else []
        if page is None or not all(one.accept_request(request) for one in restrictions):
            raise Http404
        if restrictions:
            restricted.append(page)
            return None
        return page

    return _pages.get(request, _name(request, key), find) or restricted[0]


def remember(request, page):
    """A page that everybody may read has been found another way."""
    if page.locale.language_code == content_language():
        _pages.get(request, _name(request, page.translation_key), lambda: page)


def _name(request, key):
    return key, *reader(request)
