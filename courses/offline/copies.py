"""What a phone needs so that a module can be read without a network, read from the very pages that it will show.

A page is drawn here as a stranger sees it, and that is what the phone fetches: nothing in it belongs to anybody.
"""

import copy
import hashlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import QueryDict
from wagtail.images import get_image_model

from courses import trees
from courses.languages import reader_url


@dataclass
class Holdings(HTMLParser):
    """The files that a page shows, as far as they lie on this site."""

    host: str
    # Each is [(address, width or None)]: the sizes that a browser may choose from.
    pictures: list = field(default_factory=list)
    media: list = field(default_factory=list)
    captions: list = field(default_factory=list)
    parts: list = field(default_factory=list)

    def __post_init__(self):
        super().__init__()

    def read(self, html):
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        if tag == "img":
            self._picture(attrs)
        elif tag in {"video", "audio", "source"}:
            self._put(self.media, attrs.get("src"))
        elif tag == "track":
            self._put(self.captions, attrs.get("src"))
        elif tag == "script":
            self._put(self.parts, attrs.get("src"))
        elif tag == "use" or (tag == "link" and attrs.get("rel") in {"stylesheet", "preload", "icon"}):
            self._put(self.parts, attrs.get("href"))

    def _picture(self, attrs):
        sizes = []
        for candidate in attrs.get("srcset", "").split(","):
            address, _space, width = candidate.strip().partition(" ")
            if self._is_here(address):
                sizes.append((address, int(width[:-1]) if width.endswith("w") and width[:-1].isdigit() else None))
        if self._is_here(attrs.get("src")) and attrs["src"] not in {address for address, _width in sizes}:
            sizes.append((attrs["src"], None))
        if sizes and sizes not in self.pictures:
            self.pictures.append(sizes)

    def _put(self, among, address):
        address = (address or "").partition("#")[0]
        if self._is_here(address) and address not in among:
            among.append(address)

    def _is_here(self, address):
        parts = urlsplit(address or "")
        return bool(parts.path) and parts.scheme in {"", "http", "https"} and parts.netloc in {"", self.host}


class _NoSession(SessionStore):
    """A stranger's: nothing is read from it that a browser sent, and nothing is written."""

    def save(self, must_create=False):
        raise UpdateError("A page that is kept on phones must not begin a session.")


def _as_a_stranger(request, path):
    """The request that a browser without cookies would send for another page."""
    stranger = copy.copy(request)
    stranger.__dict__.pop("oberih_participant", None)
    stranger.path = stranger.path_info = path
    stranger.META = {
        name: value for name, value in request.META.items() if name not in {"HTTP_COOKIE", "CSRF_COOKIE"}
    } | {"QUERY_STRING": "", "PATH_INFO": path}
    stranger.GET, stranger.COOKIES = QueryDict(), {}
    stranger.user, stranger.session = AnonymousUser(), _NoSession()
    # Where Django's messages look for those of the reader.
    stranger.__dict__["_messages"] = []
    return stranger


def _page(page, request):
    """(address, HTML) of a page as strangers see it."""
    address = reader_url(page, request)
    response = page.serve(_as_a_stranger(request, urlsplit(address).path))
    return address, response.render().content


def find(key, language):
    """The module or course with this key, in the reader's language; None if not everybody may read it."""
    page = trees.preferred(trees.module_versions(key) or trees.course_pages(key), language)
    if page is None or page.get_view_restrictions().exists():
        return None
    return page


def listing(page, request):
    """All that a phone has to fetch for a module or a course, with what each thing weighs.

    Every lesson is drawn for that, so the answer is kept as the pages themselves are (`ui.page_cache`).
    """
    lessons = trees.lesson_pages([page], defer=())
    holdings = Holdings(request.get_host())
    pages = []
    for one in [page, *trees.open_to_all(lessons)]:
        address, content = _page(one, request)
        holdings.read(content.decode())
        pages.append({"url": address, "bytes": len(content), "version": _digest(content)})
    sizes = _sizes([address for picture in holdings.pictures for address, _width in picture])
    return {
        "title": page.title,
        "language": page.locale.language_code,
        "url": pages[0]["url"],
        "version": _digest("".join(one["version"] for one in pages).encode()),
        "pages": pages,
        "pictures": [
            [{"url": address, "width": width, "bytes": sizes.get(address)} for address, width in picture]
            for picture in holdings.pictures
        ],
        "captions": holdings.captions,
        "media": holdings.media,
        "parts": holdings.parts,
    }


def _digest(content):
    return hashlib.sha256(content).hexdigest()[:16]


def _sizes(addresses):
    """{address: bytes} of versions of pictures, in one statement."""
    renditions = get_image_model().get_rendition_model()
    storage = renditions._meta.get_field("file").storage
    root = storage.url("x").removesuffix("x")
    names = {unquote(address.removeprefix(root)): address for address in addresses if address.startswith(root)}
    found = {}
    for rendition in renditions.objects.filter(file__in=names).only("file"):
        try:
            found[names[rendition.file.name]] = rendition.file.size
        except OSError:
            # The file is gone; the page that shows it has a hole, too.
            continue
    return found
