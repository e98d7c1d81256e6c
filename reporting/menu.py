from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reporting.forms import scopes
from safeguarding.rights import may
from ui.hooks import MenuItem


def entries(request):
    """The manager's entries; a stranger costs no statement."""
    if not _is_manager(request):
        return []
    try:
        overview = MenuItem(pgettext("the manager's first page", "Overview"), reverse("oberih_reporting:overview"))
        people = MenuItem(_("People trained"), reverse("oberih_reporting:people_trained"))
    except NoReverseMatch:
        # A site may install the room for its commands alone.
        return []
    # Nothing is counted by organisation, so whoever manages one alone would be refused there.
    return [overview] if scopes(request.user) == [] else [overview, people]


def start(request):
    if not _is_manager(request):
        return None
    try:
        return reverse("oberih_reporting:overview")
    except NoReverseMatch:
        return None


def _is_manager(request):
    return may(request.user, "oberih_reporting.see_numbers")
