"""What this room offers to every page of somebody who is known: the way to what is held about them."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from participants import identity
from ui.hooks import MenuItem, Part


def _address():
    try:
        return reverse("oberih_participants:me")
    except NoReverseMatch:
        # A site without this room's pages.
        return None


def account_menu(request):
    url = _address()
    return [MenuItem(_("My data"), url)] if url and identity.is_known(request) else []


def footer(request):
    url = _address()
    if not url or not identity.is_known(request):
        return None
    return Part("oberih/participants/_my_data_link.html", {"url": url})
