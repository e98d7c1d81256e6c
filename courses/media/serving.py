"""Files in parts, as players ask for them (RFC 9110, 14): one range at a time, straight from the storage."""

import re

from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from courses.media.shown import size_of

CHUNK = 64 * 1024
_RANGE = re.compile(r"bytes=(?:(\d{1,19})-(\d{1,19})?|-(\d{1,19}))\s*")


class Part:
    """A part of a stored file, read when it is sent and let go when the response is closed."""

    def __init__(self, storage, name, first, length):
        self.left = length
        self._body = _remote(storage, name, first, length)
        if self._body is None:
            self._body = storage.open(name, "rb")
            self._body.seek(first)

    def __iter__(self):
        while self.left > 0:
            chunk = self._body.read(min(CHUNK, self.left))
            if not chunk:
                # Shorter than it was said to be: the connection ends early, and the player asks again.
                return
            self.left -= len(chunk)
            yield chunk

    def close(self):
        self._body.close()


def _remote(storage, name, first, length):
    """The part alone where the storage is S3: its files would be fetched as a whole before the first byte is read."""
    bucket, normalise = getattr(storage, "bucket", None), getattr(storage, "_normalize_name", None)
    if bucket is None or normalise is None:
        return None
    found = bucket.Object(normalise(name.replace("\\", "/"))).get(Range=f"bytes={first}-{first + length - 1}")
    return found["Body"]


def serve(request, file, *, content_type, tag, filename):
    """The answer to GET or HEAD for a stored file. 404 where the storage has lost it."""
    size = size_of(file)
    if not size:
        raise Http404
    etag = quote_etag(tag)
    # Before anything is opened: a middleware that answers in our place would leave the file open.
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        # For this reader alone, since who may read it can change; the address changes with the file.
        "Cache-Control": "private, max-age=86400",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        "Content-Disposition": f'inline; filename="{filename}"',
    }
    # What is compressed already would only lose its ranges by being compressed again.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    asked = _asked(request, etag)
    if asked and (span := _span(asked, size)) is None:
        headers["Content-Range"] = f"bytes */{size}"
        return HttpResponse(status=416, headers=headers)
    first, length = span if asked else (0, size)
    headers["Content-Length"] = str(length)
    if asked:
        headers["Content-Range"] = f"bytes {first}-{first + length - 1}/{size}"
    status = 206 if asked else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type=content_type, headers=headers)
    try:
        part = Part(file.storage, file.name, first, length)
    except (OSError, SuspiciousFileOperation):
        raise Http404 from None
    return StreamingHttpResponse(part, status=status, content_type=content_type, headers=headers)


def _asked(request, etag):
    """The range that counts: one, well formed, and of the file that the client knows. Others are as good as none."""
    given = request.headers.get("Range", "")
    condition = request.headers.get("If-Range")
    found = _RANGE.fullmatch(given)
    if request.method not in {"GET", "HEAD"} or not found or (condition is not None and condition != etag):
        return None
    first, last = found[1], found[2]
    return None if first and last and int(last) < int(first) else found


def _span(asked, size):
    """(first byte, how many), or None where nothing of the file lies in the range."""
    first, last, suffix = asked.groups()
    if suffix is not None:
        length = min(int(suffix), size)
        return (size - length, length) if length else None
    if int(first) >= size:
        return None
    return int(first), min(int(last) if last else size - 1, size - 1) - int(first) + 1
