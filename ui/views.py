"""The style guide: every part and a few whole pages, with invented content, in debug mode only."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from . import styleguide as samples

DIRECTIONS = {"ltr", "rtl"}


def _context(request):
    if not settings.DEBUG:
        raise Http404
    direction = request.GET.get("dir")
    return {
        "direction": direction if direction in DIRECTIONS else None,
        "translations": samples.translations(request),
    }


def styleguide(request):
    return render(request, "oberih/ui/styleguide/index.html", {**_context(request), **samples.parts(request)})


def pattern(request, pattern):
    context = _context(request)
    if pattern not in samples.PATTERNS:
        raise Http404
    return render(
        request, f"oberih/ui/styleguide/{pattern}.html", {**context, **samples.PATTERNS[pattern](request)}
    )
