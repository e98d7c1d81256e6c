from django.urls import reverse
from django.utils.translation import gettext as _

from participants import identity
from ui.hooks import MenuItem


def my_learning(request):
    if not (request.user.is_authenticated or identity.current(request)):
        return []
    return [MenuItem(_("My learning"), reverse("oberih_courses:learning"))]


def start(request):
    """Whoever has no other place begins with what they learn."""
    return reverse("oberih_courses:learning")
