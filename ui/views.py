"""What is read without a network, and the style guide: every part and a few whole pages, in debug mode only."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from . import page_cache
from . import styleguide as samples

_WORKER = Path(__file__).parent / "static" / "oberih" / "ui" / "js" / "service-worker.js"


@require_safe
def service_worker(request):
    """The worker, from where it may answer for all pages; browsers ask each time whether it has changed."""
    return FileResponse(_WORKER.open("rb"), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@require_safe
@page_cache.public(page_cache.SITE)
def offline(request):
    """What is shown instead of a page that cannot be reached; its list is filled in the browser."""
    return render(request, "oberih/ui/offline.html")


DIRECTIONS = {"ltr", "rtl"}
SHEETS = ("tokens", "base", "components", "layout")
_DARK, _CONTRAST, _PRINT = "(prefers-color-scheme: dark)", "(prefers-contrast: more)", "print"
# What a device would have to ask for, so that the guide looks like this without it.
SHOWN = {
    "light": set(),
    "dark": {_DARK},
    "contrast": {_CONTRAST},
    "contrast-dark": {_CONTRAST, _DARK},
    "print": {_PRINT},
}


def _only_in_debug_mode():
    if not settings.DEBUG:
        raise Http404


def _context(request):
    _only_in_debug_mode()
    direction, shown = request.GET.get("dir"), request.GET.get("show")
    return {
        "direction": direction if direction in DIRECTIONS else None,
        "shown": shown if shown in SHOWN else None,
        "sheets": SHEETS,
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


def sheet(request, shown, name):
    """A style sheet as it is for a device that asks for `shown`: its media conditions are answered beforehand."""
    _only_in_debug_mode()
    if shown not in SHOWN or name not in SHEETS:
        raise Http404
    css = Path(finders.find(f"oberih/ui/css/{name}.css")).read_text(encoding="utf-8")
    for condition in (_DARK, _CONTRAST, f"@media {_PRINT}"):
        holds = condition.removeprefix("@media ") in SHOWN[shown]
        answer = "(min-width: 0)" if holds else "(max-width: 0)"
        css = css.replace(condition, f"@media {answer}" if condition.startswith("@") else answer)
    css = css.replace("color-scheme: light dark", f"color-scheme: {'dark' if _DARK in SHOWN[shown] else 'light'}")
    # The sheet stands elsewhere than the file.
    css = css.replace('url("../', f'url("{static("oberih/ui/")}')
    return HttpResponse(css, content_type="text/css")
