from django.urls import reverse
from django.utils.translation import gettext as _

from participants import identity
from safeguarding.rights import may
from ui.hooks import MenuItem

_OF_LEARNERS = {
    f"oberih_courses:{name}"
    for name in ("taught", "marking", "mark", "learners", "learner", "confirm", "compared")
}


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
    # They stand below the courses' own addresses, which share no beginning.
    here = request.resolver_match is not None and request.resolver_match.view_name in _OF_LEARNERS
    return [MenuItem(_("Learners"), reverse("oberih_courses:taught"), active=here)]


def groups(request):
    """For trainers, managers and focal points. An administrator without a role of these finds it, too."""
    if not may(request.user, "oberih_courses.see_groups"):
        return []
    return [MenuItem(_("Groups"), reverse("oberih_courses:groups"))]


def start(request):
    """Whoever has no other place begins with what they learn."""
    return reverse("oberih_courses:learning")
