"""Middleware of this room; `docs/reference/settings.md` says where in the list each belongs."""

import time

from django.http import HttpResponse

from . import page_cache


class PageCacheMiddleware:
    """Answer visitors whom nobody knows from kept pages, without session, language or database.

    Stands before SessionMiddleware and after everything that adds headers of its own to all responses.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not page_cache.is_open_to(request):
            return self.get_response(request)
        shelf = page_cache.Shelf(request)
        if shelf.page:
            age = max(0, int(time.time() - shelf.page.at))
            return HttpResponse(shelf.page.content, headers={**shelf.page.headers, "Age": str(age)})
        response = self.get_response(request)
        groups = page_cache.groups_to_keep(request, response)
        if groups:
            page_cache.for_everybody(response)
            shelf.put(response, groups)
        return response
