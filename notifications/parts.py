from django.conf import settings
from django.urls import NoReverseMatch, reverse

from ui.hooks import Part


def mailbox_link(_request):
    """In a demonstration the way to what the site would have sent stands at the foot of every page."""
    if not settings.DEBUG:
        return None
    try:
        return Part("oberih/notifications/_mailbox_link.html", {"url": reverse("oberih_notifications:mailbox")})
    except NoReverseMatch:
        return None
