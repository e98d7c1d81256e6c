from safeguarding.models import Role
from safeguarding.rights import deeds
from safeguarding.rights import register as register_rights


def register():
    # Whoever has something to do in Wagtail's admin. Pages are given there, to groups.
    register_rights("wagtailadmin.access_admin", roles=[Role.EDITOR, Role.MANAGER, Role.AUDITOR])
    register_rights("wagtail_localize.submit_translation", roles=[Role.EDITOR])
    register_rights(*deeds("oberih_safeguarding", helpline="add change delete view"), roles=[Role.EDITOR])
    register_rights("oberih_safeguarding.view_auditentry", roles=[Role.AUDITOR])
    # Whoever works here may be asked why.
    register_rights("oberih_safeguarding.give_reason", roles=Role)
    # Administrators alone.
    register_rights(*deeds("oberih_safeguarding", rolegrant="add delete view"))
