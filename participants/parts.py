"""What this room offers to the pages of the room below."""

from django.urls import NoReverseMatch, reverse

from participants import identity
from ui.hooks import Part


def consents_link(request):
    """The way to one's consents, at the end of My learning."""
    if identity.current(request) is None:
        return None
    try:
        return Part("oberih/participants/_consents_link.html", {"url": reverse("oberih_participants:consents")})
    except NoReverseMatch:
        return None
