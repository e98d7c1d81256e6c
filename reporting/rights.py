from safeguarding.models import Role
from safeguarding.rights import register as register_rights


def register():
    register_rights("oberih_reporting.see_numbers", roles=[Role.MANAGER])
