from django.conf import settings


def second_factor_required():
    """Whether staff must have a second factor. Only a demonstration, in debug mode, may do without."""
    return getattr(settings, "OBERIH_ACCOUNTS_SECOND_FACTOR", True) or not settings.DEBUG


def secrets():
    """The keys of the second factors' secrets by version, the newest last; kept outside the database."""
    return getattr(settings, "OBERIH_ACCOUNTS_SECRETS", None) or {"1": settings.SECRET_KEY}


def invitation_days():
    """How many days staff have to accept an invitation."""
    return getattr(settings, "OBERIH_ACCOUNTS_INVITATION_DAYS", 7)


def staff_hours():
    """After how many hours staff have to log in again, whatever they did meanwhile."""
    return getattr(settings, "OBERIH_ACCOUNTS_STAFF_HOURS", 12)


def staff_idle_minutes():
    """After how many minutes without a request staff have to log in again."""
    return getattr(settings, "OBERIH_ACCOUNTS_STAFF_IDLE_MINUTES", 30)
