from django.conf import settings
from django.core.checks import Error

from safeguarding import conf, retention


def check_hosts(app_configs, **kwargs):
    """A site that answers to every name writes the name that a stranger chose into links for a new password."""
    if not any(host in {"*", "."} for host in settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            "ALLOWED_HOSTS lets the site answer to every name.",
            hint="Name the hosts at which the site is reached.",
            id="oberih_safeguarding.E001",
        )
    ]


def check_retention(app_configs, **kwargs):
    """A name that is misspelt would keep for ever what somebody decided to let go."""
    known = retention.rules().keys()
    return [
        Error(
            f"OBERIH_SAFEGUARDING_RETENTION says {days!r} for {name!r}.",
            hint=f"A number of days, or None, for one of: {', '.join(sorted(known))}.",
            id="oberih_safeguarding.E002",
        )
        for name, days in conf.retention().items()
        if name not in known or not (days is None or (isinstance(days, int) and days > 0))
    ]
