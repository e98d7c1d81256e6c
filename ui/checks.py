from urllib.parse import urlsplit

from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.core.checks import Error

from .conf import conf


def check_leave_url(app_configs, **kwargs):
    """Somebody in danger presses this control once: a relative or broken address would keep them on our site."""
    parts = urlsplit(conf.LEAVE_URL)
    if parts.scheme == "https" and parts.hostname:
        return []
    return [
        Error(
            "OBERIH_LEAVE_URL is not an absolute https address.",
            hint="Name a harmless page on another host, for example a weather forecast.",
            id="oberih_ui.E001",
        )
    ]


def check_cache_is_shared(app_configs, **kwargs):
    """With a cache of its own, a process shows pages that another one changed, and counts only its own log-ins."""
    if conf.PROCESSES < 2 or not isinstance(caches["default"], LocMemCache):
        return []
    return [
        Error(
            f"{conf.PROCESSES} processes share this site, but each has a cache of its own.",
            hint="Name a shared one in CACHES, for example Redis, or run a single process (OBERIH_UI_PROCESSES = 1).",
            id="oberih_ui.E002",
        )
    ]
