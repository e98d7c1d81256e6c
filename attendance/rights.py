from safeguarding.models import Role
from safeguarding.rights import register as register_rights


def register():
    register_rights("oberih_attendance.take_register", roles=[Role.TRAINER, Role.MANAGER])
