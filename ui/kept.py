"""Parts that many people's pages share, kept in the memory of the process until what they are made of changes.

    _menus = kept.Store(most=64)
    entries = _menus.get(request, (language, host), lambda: make_them())

Where `ui.page_cache` keeps whole pages for strangers, this keeps what the pages of people who are known have in common:
the outline of a course, a menu, the helplines of the footer. The same versions of the same groups decide whether it is
still good, and they are read before it is made. The values stay in this process, so they may be any objects; whoever
gets one must not change it. None is made anew each time.

With `OBERIH_UI_PAGE_CACHE_SECONDS` = 0 nothing is kept, and nothing is ever older than that.
"""

import threading
import time
from collections import OrderedDict

from . import page_cache
from .conf import conf

_ATTRIBUTE = "_oberih_versions"


class Store:
    """`most` values, those that were asked for last, made of the facts of `groups`."""

    def __init__(self, *groups, most):
        self.groups = groups or (page_cache.SITE,)
        self.most = most
        self._values = OrderedDict()
        self._lock = threading.Lock()

    def get(self, request, key, make):
        """The value for `key`. With a request the versions are asked for once in it."""
        return self.get_many(request, [key], lambda keys: {key: make()}).get(key)

    def get_many(self, request, keys, make):
        """{key: value}; `make` gets the keys that are missing and returns such a dictionary for them."""
        versions = self._versions(request)
        if versions is None:
            return make(keys)
        oldest = time.monotonic() - conf.PAGE_CACHE_SECONDS
        found = {}
        with self._lock:
            for key in keys:
                kept = self._values.get(key)
                if kept is not None and kept[0] == versions and kept[1] > oldest:
                    self._values.move_to_end(key)
                    found[key] = kept[2]
        missing = [key for key in keys if key not in found]
        if missing:
            made = {key: value for key, value in make(missing).items() if value is not None}
            self._keep(versions, made)
            found |= made
        return found

    def _versions(self, request):
        # How Wagtail asks for the preview of a draft, whose page is not the one that is kept.
        if not is_on() or getattr(request, "is_dummy", False):
            return None
        versions = getattr(request, _ATTRIBUTE, None)
        if versions is None:
            versions = page_cache.versions()
            if request is not None:
                setattr(request, _ATTRIBUTE, versions)
        # A group that no model was ever named for has no version: such a value could not be forgotten.
        if not all(group in versions for group in self.groups):
            return None
        return tuple(versions[group] for group in self.groups)

    def _keep(self, versions, made):
        now = time.monotonic()
        with self._lock:
            for key, value in made.items():
                self._values[key] = (versions, now, value)
                self._values.move_to_end(key)
            while len(self._values) > self.most:
                self._values.popitem(last=False)


def is_on():
    """Whether anything is kept: what is only worth making where it is should ask first."""
    return conf.PAGE_CACHE_SECONDS > 0
