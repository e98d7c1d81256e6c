"""What is read without a network, and the style guide: every part and a few whole pages, in debug mode only."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import page_cache
from . import styleguide as samples

_WORKER = Path(__file__).parent / "static" / "oberih" / "ui" / "js" / "service-worker.js"


@require_safe
def service_worker(request):
    """The worker, from where it may answer for all pages; browsers ask each time whether it has changed."""
    return FileResponse(_WORKER.open("rb"), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@require_safe
@page_cache.public()
def offline(request):
    """What is shown instead of a page that cannot be reached; its list is filled in the browser."""
    return render(request, "oberih/ui/offline.html")

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
