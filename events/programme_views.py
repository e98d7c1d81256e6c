"""Programmes and the way through each. A stranger's pages are the same for all strangers."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from events import programmes as ways
from events.models import Programme
from participants import identity
from ui import page_cache


@require_GET
@page_cache.public("events")
def programmes(request):
    rows = {row.code: row for row in Programme.objects.filter(is_public=True)}
    entries = [
        {
            "title": way.title,
            "url": way.url,
            "text": rows[way.code].summary,
            "facts": [{"icon": "check", "text": _steps(len(way.groups))}],
        }
        for way in ways.public_ways()
        if way.code in rows
    ]
    return render(request, "oberih/events/programmes.html", {"entries": entries})


@require_GET
@page_cache.public("events")
def programme(request, code):
    row = get_object_or_404(Programme, code=code, is_public=True)
    path = ways.path(row, request, identity.current(request))
    return render(
        request,
        "oberih/events/programme.html",
        {"programme": row, "path": path, "count": _steps(len(path.states))},
    )


def _steps(count):
    return ngettext("%(count)d step", "%(count)d steps", count) % {"count": count}
