"""What this room offers to every page of somebody who is known: the way to what is held about them."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from participants import identity
from safeguarding.roles import grants_of
from ui.hooks import MenuItem, Part


def _address():
    try:
        return reverse("oberih_participants:me")
    except NoReverseMatch:
        # A site without this room's pages.
        return None


def account_menu(request):
    """Not of staff, whose menu is full: they find it at the foot of each page, as everybody does."""
    url = _address()
    if not url or not identity.is_known(request) or grants_of(request.user):
        return []
    return [MenuItem(_("My data"), url)]


def footer(request):
    url = _address()
    if not url or not identity.is_known(request):
        return None
    return Part("oberih/participants/_my_data_link.html", {"url": url}, keep=url)


def consents_link(request):
    """The way to one's consents, at the end of My learning."""
    if identity.current(request) is None:
        return None
    try:
        return Part("oberih/participants/_consents_link.html", {"url": reverse("oberih_participants:consents")})
    except NoReverseMatch:
        return None
