"""Who holds any permission of Django's, by a group or directly: hardly anybody, and every page with a menu asks.

Whoever is not among them holds none, without a statement. Whoever is, is asked for anew each time: a permission that was
taken away is never believed in because of this.
"""

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.db.models.signals import m2m_changed

from ui import kept, page_cache

GROUP = "permissions"
_holders = kept.Store(GROUP, most=1)


def may_hold_any(user):
    if user.is_anonymous or user.is_superuser or not kept.is_on():
        return True
    return user.pk in _holders.get(None, "holders", _find)


def _find():
    users = get_user_model().objects.filter(~Q(groups=None) | ~Q(user_permissions=None))
    return frozenset(users.order_by().values_list("pk", flat=True))


def connect():
    """Listen to who comes into a group. Not to every change of an account: each log-in is one."""
    user = get_user_model()
    for through in (user.groups.through, user.user_permissions.through):
        page_cache.forget_with(GROUP, through)
        m2m_changed.connect(_changed, sender=through, dispatch_uid=f"oberih_accounts.permitted.{through.__name__}")


def _changed(sender, **kwargs):
    page_cache.forget(GROUP)
