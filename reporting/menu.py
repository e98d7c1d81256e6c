from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from safeguarding.models import Role
from safeguarding.roles import has_role
from ui.hooks import MenuItem


def entries(request):
    """The manager's entry of the main menu; a stranger costs no statement."""
    if not request.user.is_authenticated or not has_role(request.user, Role.MANAGER):
        return []
    try:
        return [MenuItem(_("People trained"), reverse("oberih_reporting:people_trained"))]
    except NoReverseMatch:
        # A site may install the room for its commands alone.
        return []
