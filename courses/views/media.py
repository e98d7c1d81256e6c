"""The files of a lesson's videos and audios: whoever may read the lesson, may have them, and nobody else."""

import posixpath
from pathlib import Path

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtailmedia.models import get_media_model
from wagtailmedia.permissions import MediaPermissionPolicyChecker

from courses.media import captions, formats, shown
from courses.media.serving import serve
from courses.readable import lesson_page


def _medium(request, key, block):
    page = lesson_page(request, key)
    medium = shown.find(page.body, block, page.locale.language_code)
    if medium is None:
        raise Http404
    return medium


@require_safe
def media_file(request, key, block):
    medium = _medium(request, key, block)
    if medium.file is None:
        raise Http404
    return _served(request, medium.file.file, content_type=medium.content_type, tag=medium.tag)


def _served(request, file, *, content_type, tag):
    if content_type not in {known for _kind, known in formats.TYPES.values()}:
        # Whatever a site once let in: nothing is shown as a page of it.
        raise Http404
    return serve(
        request, file, content_type=content_type, tag=tag, filename=f"{tag}{Path(file.name).suffix.lower()}"
    )


@require_safe
def media_captions(request, key, block, language):
    document = _medium(request, key, block).captions.get(language)
    if document is None:
        raise Http404
    try:
        with document.file.storage.open(document.file.name, "rb") as file:
            content = file.read(captions.MOST_BYTES)
    except OSError:
        raise Http404 from None
    return HttpResponse(
        content,
        content_type="text/vtt; charset=utf-8",
        headers={
            "Cache-Control": "private, max-age=3600",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        },
    )


@require_safe
def library_file(request, name):
    """A file of the library for whoever works with it, wherever it is used; stands in Wagtail's admin."""
    medium = get_object_or_404(get_media_model(), file=posixpath.normpath(name))
    policy = MediaPermissionPolicyChecker().policy
    if not policy.user_has_any_permission_for_instance(
        request.user, ["add", "change", "delete", "choose"], medium
    ):
        raise Http404
    ending = Path(medium.file.name).suffix.lower()
    content_type = formats.TYPES.get(ending, ("", ""))[1]
    tag = shown.Medium("", "", "", medium, None, 0, {}, None).tag
    return _served(request, medium.file, content_type=content_type, tag=tag)
