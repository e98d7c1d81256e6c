"""The pages of courses, found without Wagtail's walk down the tree, which costs a statement a level.

    path("", include("courses.page_urls")),
    path("", include(wagtail_urls)),

Wagtail finds a page the first time, with everything that it knows of sites, languages and aliases; what it found is kept
until a page changes. The page itself is then served by Wagtail's own view, with all its hooks. Kept are pages of courses
alone, whose address leads to themselves and which everybody may read: all others are Wagtail's, each time.
"""

import copy

from wagtail.models import Site
from wagtail.url_routing import RouteResult
from wagtail.views import serve as wagtail_serve

from courses import readable
from courses.languages import reader
from courses.pages import LessonPageMixin, PersonalPageMixin
from ui import kept

_routes = kept.Store(most=256)


def serve(request, path):
    served = []

    def find():
        served.append(wagtail_serve(request, path))
        return _to_keep(request)

    found = _routes.get(request, (path, *reader(request)), find)
    if served:
        return served[0]
    page, request._wagtail_site = found  # noqa: SLF001
    # A copy, since what serves a page may note things on it.
    page = copy.copy(page)
    page.oberih_is_open = True
    request._wagtail_route_for_request = RouteResult(page)  # noqa: SLF001
    return wagtail_serve(request, path)


def _to_keep(request):
    """(page, site) of a request that Wagtail has answered, if whoever asks next is answered with the same page."""
    page, args, kwargs = request._wagtail_route_for_request  # noqa: SLF001
    if args or kwargs or not isinstance(page, PersonalPageMixin) or page.get_view_restrictions().exists():
        return None
    if isinstance(page, LessonPageMixin):
        readable.remember(request, page)
    return page, Site.find_for_request(request)
