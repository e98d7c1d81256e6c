from django.conf import settings


def trusted_proxies():
    """How many proxies of ours stand before the site; each adds to `X-Forwarded-For` whom it talked to."""
    return getattr(settings, "OBERIH_SAFEGUARDING_TRUSTED_PROXIES", 0)


def limits():
    """Rates that differ from those in the code, by the limit's name."""
    return getattr(settings, "OBERIH_SAFEGUARDING_LIMITS", {})
