from safeguarding.models import Role
from safeguarding.roles import role_required

trainers_only = role_required(Role.TRAINER, Role.MANAGER)
