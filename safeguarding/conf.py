from django.conf import settings


def trusted_proxies():
    """How many proxies of ours stand before the site; each adds to `X-Forwarded-For` whom it talked to."""
    return getattr(settings, "OBERIH_SAFEGUARDING_TRUSTED_PROXIES", 0)


def limits():
    """Rates that differ from those in the code, by the limit's name."""
    return getattr(settings, "OBERIH_SAFEGUARDING_LIMITS", {})


def retention():
    """Days by class of data, for those that are to be kept longer or shorter than the rooms say; None keeps for good."""
    return getattr(settings, "OBERIH_SAFEGUARDING_RETENTION", {})


def data_contact():
    """Whom people write to about what is held of them: an address, or empty."""
    return getattr(settings, "OBERIH_SAFEGUARDING_DATA_CONTACT", "")
