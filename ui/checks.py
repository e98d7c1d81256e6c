from urllib.parse import urlsplit

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
