from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from ui.hooks import MenuItem


def account(request):
    if not request.user.is_authenticated:
        return []
    try:
        return [MenuItem(_("Account"), reverse("oberih_accounts:account"))]
    except NoReverseMatch:
        # A site may log people in by pages of its own.
        return []
