from django.conf import settings


def site_url():
    """Where the site is reached, without a slash at the end: what links in messages and QR codes begin with."""
    url = getattr(settings, "OBERIH_NOTIFICATIONS_SITE_URL", "") or settings.WAGTAILADMIN_BASE_URL
    return url.rstrip("/")


def sms_backend():
    """Dotted path of the class that sends a text message: `send(phone, text)`, raising when it cannot."""
    return getattr(settings, "OBERIH_NOTIFICATIONS_SMS_BACKEND", "notifications.backends.ConsoleSms")


def max_attempts():
    """How often a message is tried before staff are told that it failed."""
    return getattr(settings, "OBERIH_NOTIFICATIONS_MAX_ATTEMPTS", 8)
