from django.urls import reverse
from django.utils.translation import gettext as _

from participants import identity
from safeguarding.rights import may
from ui.hooks import MenuItem


def my_learning(request):
    if not (request.user.is_authenticated or identity.current(request)):
        return []
    url = reverse("oberih_courses:learning")
    # Pages of staff stand below the same address.
    active = request.path.startswith(url) and not getattr(request, "oberih_at_work", False)
    return [MenuItem(_("My learning"), url, active=active)]


def learners(request):
    if not may(request.user, "oberih_courses.see_learners"):
        return []
    return [MenuItem(_("Learners"), reverse("oberih_courses:taught"))]


def groups(request):
    """For trainers, managers and focal points. An administrator without a role of these finds it, too."""
    if not may(request.user, "oberih_courses.see_groups"):
        return []
    return [MenuItem(_("Groups"), reverse("oberih_courses:groups"))]


def start(request):
    """Whoever has no other place begins with what they learn."""
    return reverse("oberih_courses:learning")
