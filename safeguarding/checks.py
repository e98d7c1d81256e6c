from django.conf import settings
from django.core.checks import Error


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
