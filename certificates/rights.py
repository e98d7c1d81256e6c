from safeguarding.models import Role
from safeguarding.rights import register as register_rights


def register():
    register_rights("oberih_certificates.handle_certificate", roles=[Role.TRAINER, Role.MANAGER])
    register_rights(
        "oberih_certificates.view_certificate", "oberih_certificates.add_awardrule", roles=[Role.MANAGER]
    )
    register_rights("oberih_certificates.view_awardrule", roles=[Role.MANAGER, Role.EDITOR])
