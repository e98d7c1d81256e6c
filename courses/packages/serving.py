"""What the packages' host answers: the launch page, the files of one package, the players' scripts. Everything else is 404.

No session is asked, and the database only for what a page that is closed sends last. Whoever holds a token may read the package that it names, for as long as it is good.
"""

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpResponse, StreamingHttpResponse
from django.template.loader import render_to_string

from courses import actions, package_forms
from courses.conf import conf
from courses.exceptions import SupersededError
from courses.models import PackageKind
from courses.packages import h5p
from courses.packages.origin import pass_of
from courses.packages.storage import private

_STATIC = Path(__file__).resolve().parent.parent / "static" / "oberih" / "courses"
RUNTIME = {
    "launch.js": _STATIC / "js" / "package-launch.js",
    "launch-h5p.js": _STATIC / "js" / "package-launch-h5p.js",
    "scorm12.min.js": _STATIC / "vendor" / "scorm-again" / "scorm12.min.js",
    "scorm2004.min.js": _STATIC / "vendor" / "scorm-again" / "scorm2004.min.js",
}
_SCRIPTS = {
    PackageKind.SCORM_12: ["scorm12.min.js", "launch.js"],
    PackageKind.SCORM_2004: ["scorm2004.min.js", "launch.js"],
    PackageKind.H5P: ["launch-h5p.js"],
}
# Said here and never guessed: what is not in the list is a download of bytes that no browser runs.
TYPES = {
    **dict.fromkeys(("html", "htm"), "text/html"),
    "xhtml": "application/xhtml+xml",
    "css": "text/css",
    **dict.fromkeys(("js", "mjs"), "text/javascript"),
    **dict.fromkeys(("json", "map"), "application/json"),
    **dict.fromkeys(("xml", "xsd", "dtd"), "text/xml"),
    **dict.fromkeys(("txt", "md", "srt"), "text/plain"),
    "csv": "text/csv",
    "vtt": "text/vtt",
    "svg": "image/svg+xml",
    "png": "image/png",
    **dict.fromkeys(("jpg", "jpeg"), "image/jpeg"),
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "bmp": "image/bmp",
    **dict.fromkeys(("ico", "cur"), "image/x-icon"),
    "woff": "font/woff",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "eot": "application/vnd.ms-fontobject",
    "mp3": "audio/mpeg",
    **dict.fromkeys(("m4a", "aac"), "audio/mp4"),
    **dict.fromkeys(("ogg", "oga", "opus"), "audio/ogg"),
    "wav": "audio/wav",
    **dict.fromkeys(("mp4", "m4v"), "video/mp4"),
    "webm": "video/webm",
    "ogv": "video/ogg",
    "pdf": "application/pdf",
    "wasm": "application/wasm",
}
_TEXT = {"html", "htm", "xhtml", "css", "js", "mjs", "json", "map", "xml", "svg", "txt", "vtt", "csv", "srt", "md"}
_LARGEST_PACKED = 4 * 1024 * 1024
# What the frame may do. `allow-same-origin` is its own origin, where nothing but packages is: many of them need storage and
# scripts of their own. Windows, downloads and leaving the page are not on the list.
SANDBOX = ("allow-scripts", "allow-same-origin", "allow-forms", "allow-modals")
_FEATURES = ", ".join(
    f"{feature}=()"
    for feature in (
        "camera",
        "clipboard-read",
        "display-capture",
        "geolocation",
        "hid",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "serial",
        "usb",
    )
)


def policy(site):
    """The policy of every response: nothing of other hosts, no worker that outlives the page, no frame but the site's."""
    mine = " ".join(["'self'", *conf.PACKAGE_FOREIGN_ORIGINS])
    return "; ".join(
        [
            f"default-src {mine} data: blob:",
            f"script-src {mine} 'unsafe-inline' 'unsafe-eval' blob:",
            f"style-src {mine} 'unsafe-inline'",
            f"connect-src {mine} data: blob:",
            f"frame-src {mine} blob:",
            # A service worker comes from an address, never from a blob; pages that draw in the background use blobs.
            "worker-src blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors 'self' {site}".rstrip(),
            f"sandbox {' '.join(SANDBOX)}",
        ]
    )


def answer(request):
    response = _answer(request)
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = _FEATURES
    headers["X-Robots-Tag"] = "noindex, nofollow"
    headers.setdefault("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
    headers.setdefault("Cache-Control", "no-store")
    return response


def _nothing(status=404):
    return HttpResponse("Only packages of courses are served here.\n", status=status, content_type="text/plain")


def _answer(request):
    found = re.fullmatch(r"/(r|p)/([A-Za-z0-9_.=-]{1,1000})/(.+)", request.path_info)
    if found is None:
        return _nothing()
    door, key, rest = found.groups()
    if request.method == "POST" and (door, rest) == ("p", "commit"):
        return _last_words(request, key)
    if request.method not in {"GET", "HEAD"}:
        response = _nothing(405)
        response.headers["Allow"] = "GET, HEAD"
        return response
    return _runtime(request, key, rest) if door == "r" else _package(request, key, rest)


def _package(request, token, rest):
    opened = pass_of(token)
    if opened is None:
        return _nothing(403)
    if rest == "launch":
        return _launch(opened)
    return _file(request, opened, rest.removeprefix("f/")) if rest.startswith("f/") else _nothing()


def _last_words(request, key):
    """What the launch page sends when it is being closed and the site's page may hear nothing more.

    The token that opens the package stands for whoever reads it, for this run alone. There is no session, and so no forgery that
    the package could not commit by itself.
    """
    opened = pass_of(key)
    origin = request.headers.get("Origin")
    if opened is None or origin not in {None, f"{request.scheme}://{request.get_host()}"}:
        return _nothing(403)
    form = package_forms.CommitForm(package_forms.sent(request) or {}, kind=opened.kind)
    if not form.is_valid() or str(form.cleaned_data["session"]) != opened.launch:
        return _nothing(400)
    given = form.cleaned_data
    try:
        actions.commit(
            session=given["session"],
            number=given["number"],
            report=given["cmi"],
            is_final=given["final"],
            seconds=given["seconds"] or 0,
        )
    except SupersededError:
        return _nothing(409)
    return HttpResponse(status=204)


@lru_cache(maxsize=16)
def _version(path, _changed):
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def runtime_url(name):
    path = RUNTIME[name]
    return f"/r/{_version(path, path.stat().st_mtime_ns)}/{name}"


def _runtime(request, version, name):
    """The players' scripts, which hold nothing of anybody, under an address that changes with them."""
    if version == "h5p":
        return _h5p_file(request, name)
    path = RUNTIME.get(name)
    if path is None or version != _version(path, path.stat().st_mtime_ns):
        return _nothing()
    response = _read(request, path.open("rb"), path.stat().st_size, "js")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _h5p_file(request, name):
    if not h5p.is_available():
        return _nothing()
    home = h5p.folder().resolve()
    path = (home / name).resolve()
    if not path.is_relative_to(home) or not path.is_file():
        return _nothing()
    response = _read(request, path.open("rb"), path.stat().st_size, path.suffix.lower().lstrip("."))
    response.headers["Cache-Control"] = "public, max-age=3600"
    # Its frame is a page that inherits the policy of the launch page.
    return response


def _launch(opened):
    response = HttpResponse(
        render_to_string(
            "oberih/courses/package_launch.html",
            {
                "site": opened.site,
                "kind": opened.kind,
                "scripts": [runtime_url(name) for name in _SCRIPTS[PackageKind(opened.kind)]],
                "h5p": "/r/h5p/" if opened.kind == PackageKind.H5P else "",
            },
        )
    )
    response.headers["Content-Security-Policy"] = policy(opened.site)
    return response


def _file(request, opened, path):
    files, name = private(), f"{opened.folder}/{path}"
    if any(part in {"", ".", ".."} for part in path.split("/")) or "\\" in path or "\0" in path:
        return _nothing()
    try:
        file = files.open(name)
        size = files.size(name)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, SuspiciousFileOperation, ValueError):
        return _nothing()
    except OSError:
        # A name that is longer than a file's can be, for one.
        return _nothing()
    response = _read(request, file, size, path.rpartition(".")[2].lower())
    response.headers["Content-Security-Policy"] = policy(opened.site)
    response.headers["Cache-Control"] = "private, max-age=14400"
    return response


def _read(request, file, size, extension):
    kind = TYPES.get(extension, "application/octet-stream")
    start, end = 0, size
    asked = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", request.headers.get("Range", ""))
    if asked and any(asked.groups()):
        start, end = _range(*asked.groups(), size)
        if start >= size or start >= end:
            file.close()
            response = HttpResponse(status=416, content_type=kind)
            response.headers["Content-Range"] = f"bytes */{size}"
            return response
    elif extension in _TEXT and size <= _LARGEST_PACKED:
        return _whole_text(request, file, kind)
    response = StreamingHttpResponse(
        _Chunks(file, start, end - start if request.method == "GET" else 0),
        status=206 if asked and any(asked.groups()) else 200,
        content_type=kind,
    )
    response.headers["Content-Length"] = str(end - start)
    response.headers["Accept-Ranges"] = "bytes"
    if response.status_code == 206:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _range(first, last, size):
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size


def _whole_text(request, file, kind):
    with file:
        content = file.read()
    charset = (
        ""
        if kind in {"text/html", "text/xml", "application/xhtml+xml"} or "text" not in kind
        else "; charset=utf-8"
    )
    packed = "gzip" in request.headers.get("Accept-Encoding", "") and len(content) > 500
    response = HttpResponse(gzip.compress(content, 5) if packed else content, content_type=f"{kind}{charset}")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


class _Chunks:
    """A part of a file, closed when it is sent, or when nobody wants it any more."""

    def __init__(self, file, start, length):
        self.file, self.start, self.length = file, start, length

    def __iter__(self):
        self.file.seek(self.start)
        left = self.length
        while left > 0 and (chunk := self.file.read(min(left, 64 * 1024))):
            left -= len(chunk)
            yield chunk

    def close(self):
        self.file.close()
