from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from safeguarding.models import Role
from safeguarding.roles import has_role
from ui.hooks import MenuItem


def same_person(request):
    if not (request.user.is_authenticated and has_role(request.user, Role.MANAGER)):
        return []
    try:
        return [MenuItem(_("Same person?"), reverse("oberih_participants:same"))]
    except NoReverseMatch:
        # A site may install the room without its pages.
        return []
