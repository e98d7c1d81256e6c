"""Whole pages for visitors whom nobody knows yet, kept until what they show changes.

    @page_cache.public("events")
    def event_list(request): ...

    page_cache.forget_with("events", Event, Session)      # in AppConfig.ready()
    page_cache.forget("events")                           # after a bulk statement, which sends no signal

A view says that its page may be kept and which groups of facts it shows; every page also belongs to the group "site"
(menus, footers, code lists). Each group has a version in the cache, and a kept page is good while the versions are
those read *before* it was made: a page made from old rows while somebody changed them is never taken for a new one.
Nothing is listed or deleted, so forgetting costs one write however many pages there are.

A cache that fails makes pages slower and never wrong by more than `OBERIH_UI_PAGE_CACHE_SECONDS`.
"""

import functools
import hashlib
import logging
import time
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language_from_request

from .conf import conf

logger = logging.getLogger(__name__)

SITE = "site"
_PREFIX = "oberih_ui.page"
_ATTRIBUTE = "oberih_page_groups"
# An address that is longer is a search or a mistake; keeping each would push the pages out that people read.
_LONGEST_QUERY = 200

_groups_by_model = {}


def public(*groups):
    """Say that the view's page is the same for all visitors whom nobody knows, and which groups of facts it shows.

    Without any it may show whatever rooms above put there, and is made anew with all of them.
    """

    def decorator(view):
        @functools.wraps(view)
        def marked(request, *args, **kwargs):
            return mark(view(request, *args, **kwargs), *groups)

        return marked

    return decorator


def mark(response, *groups):
    """The same for one response, as pages of Wagtail make them."""
    setattr(response, _ATTRIBUTE, frozenset({SITE, *(groups or _all_groups())}))
    return response


def _all_groups():
    return set().union(*_groups_by_model.values())


def forget_with(group, *models):
    """Forget the group's pages whenever a row of `models`, or of a model made of them, is saved or deleted."""
    for model in models:
        _groups_by_model.setdefault(model, set()).add(group)
    _groups_of.cache_clear()


def forget(*groups):
    """Forget the pages that show these groups: at once, and again when the change is to be seen by others."""
    _renew(groups)
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(lambda: _renew(groups), robust=True)


def _renew(groups):
    try:
        cache.set_many({_version_key(group): uuid.uuid4().hex for group in groups}, None)
    except Exception:  # Whatever the cache raises, a change that is being saved is worth more than a fast page.
        logger.exception("The page cache does not answer; pages may be old for a minute")


def _version_key(group):
    return f"{_PREFIX}.version.{group}"


def connect():
    """Listen to changes of rows. Called once, when all rooms are ready to say what their pages show."""
    for signal in (post_save, post_delete, m2m_changed):
        signal.connect(_changed, dispatch_uid="oberih_ui.page_cache")


def _changed(sender, instance=None, **kwargs):
    groups = _groups_of(instance if isinstance(instance, type) else type(instance))
    if groups:
        forget(*groups)


@functools.lru_cache(maxsize=512)
def _groups_of(model):
    return frozenset().union(*(groups for base, groups in _groups_by_model.items() if issubclass(model, base)))


@dataclass(frozen=True)
class _Kept:
    content: bytes
    headers: dict
    versions: dict
    at: float


def versions():
    """{group: its version now}, for whatever is made of the same facts (`ui.kept`); empty if the cache does not answer."""
    return _versions_and(None)[0]


def _versions_and(page_key):
    names = {_version_key(group): group for group in {SITE, *_all_groups()}}
    try:
        found = cache.get_many([*([page_key] if page_key else []), *names])
        missing = {key: uuid.uuid4().hex for key in names if key not in found}
        for key, version in missing.items():
            # Another process may have been faster; its version is the one that counts.
            found[key] = cache.get_or_set(key, version, None)
    except Exception:  # A page can always be made anew.
        logger.exception("The page cache does not answer; pages are made anew")
        return {}, None
    return {group: found[key] for key, group in names.items()}, found.get(page_key)


class Shelf:
    """What the cache holds for one request: the page, if it is still good, and the versions of the groups now."""

    def __init__(self, request):
        self.key = _page_key(request)
        self.page = None
        self.versions = {}
        self._read()

    def _read(self):
        self.versions, page = _versions_and(self.key)
        if page and all(self.versions.get(group) == version for group, version in page.versions.items()):
            self.page = page

    def put(self, response, groups):
        if not self.versions or not groups <= self.versions.keys():
            return
        kept = _Kept(
            response.content,
            dict(response.items()),
            {group: self.versions[group] for group in groups},
            time.time(),
        )
        try:
            cache.set(self.key, kept, conf.PAGE_CACHE_SECONDS)
        except Exception:  # The visitor has the page; only the next one has to wait for it.
            logger.exception("The page cache does not answer; a page is not kept")


def _page_key(request):
    # Where addresses name no language, the reader's settings decide: the same question that LocaleMiddleware asks.
    language = get_language_from_request(request, check_path=True)
    seen = f"{request.scheme}://{request.get_host()}{request.get_full_path()} {language}"
    return f"{_PREFIX}.{hashlib.sha256(seen.encode()).hexdigest()}"


def is_open_to(request):
    """Whether nobody is known to have sent this request, so that it may be answered from the cache."""
    known = {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()
    return (
        conf.PAGE_CACHE_SECONDS > 0
        and request.method in {"GET", "HEAD"}
        and not known
        and "HX-Request" not in request.headers
        and "Authorization" not in request.headers
        # How Wagtail asks for the preview of a draft, at the address of the page.
        and not getattr(request, "is_dummy", False)
        and len(request.META.get("QUERY_STRING", "")) <= _LONGEST_QUERY
    )


def groups_to_keep(request, response):
    """The groups of a response that may be kept; None if it may not, whatever its view said."""
    groups = getattr(response, _ATTRIBUTE, None)
    if not groups or request.method != "GET" or response.status_code != 200 or response.streaming:
        return None
    # A cookie (a token for a form, a session that has begun) is for one visitor.
    if response.cookies or any(
        word in response.get("Cache-Control", "") for word in ("private", "no-store", "no-cache")
    ):
        return None
    return groups


def for_everybody(response):
    """Browsers and proxies ask again before they show it, and are mostly told that nothing has changed."""
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
