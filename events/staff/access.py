from safeguarding.models import Role
from safeguarding.roles import grants_of, role_required

trainers_only = role_required(Role.TRAINER, Role.MANAGER)


def trains(user, event):
    """Whether this user is a trainer of this very event: what a manager or an administrator is not by their role."""
    if not any(grant.role == Role.TRAINER for grant in grants_of(user)):
        return False
    return event.trainers.filter(pk=user.pk).exists()
