from django.contrib.auth.backends import BaseBackend

from safeguarding import rights


class RoleBackend(BaseBackend):
    """Answers `user.has_perm` by the user's roles. It logs nobody in.

    About an object it says nothing: whoever may not have an object does not get it from the query.
    """

    def get_all_permissions(self, user_obj, obj=None):
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous:
            return set()
        return rights.held_by(user_obj)

    def has_perm(self, user_obj, perm, obj=None):
        return obj is None and user_obj.is_active and not user_obj.is_anonymous and rights.is_held(user_obj, perm)
