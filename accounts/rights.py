from safeguarding.models import Role
from safeguarding.rights import register as register_rights


def register():
    # To which role and scope is asked of `safeguarding.roles.may_grant`.
    register_rights("oberih_accounts.invite_staff", roles=[Role.MANAGER])
