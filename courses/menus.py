from django.urls import reverse
from django.utils.translation import gettext as _

from participants import identity
from safeguarding.rights import may
from ui.hooks import MenuItem


def my_learning(request):
    if not (request.user.is_authenticated or identity.current(request)):
        return []
    # Pages about the learning of others lie below the same address.
    return [
        MenuItem(_("My learning"), reverse("oberih_courses:learning"), active=False if _at_work(request) else None)
    ]


def learners(request):
    if not may(request.user, "oberih_courses.see_learners"):
        return []
    here = _at_work(request) and request.path.startswith(reverse("oberih_courses:learning"))
    return [MenuItem(_("Learners"), reverse("oberih_courses:taught"), active=here)]


def _at_work(request):
    return getattr(request, "oberih_at_work", False)


def start(request):
    """Whoever has no other place begins with what they learn."""
    return reverse("oberih_courses:learning")
