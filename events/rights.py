from safeguarding.models import Role
from safeguarding.rights import deeds
from safeguarding.rights import register as register_rights


def register():
    register_rights("oberih_events.hold_event", roles=[Role.TRAINER, Role.MANAGER])
    register_rights("oberih_events.see_colleagues", "oberih_events.register_colleagues", roles=[Role.FOCAL_POINT])
    register_rights(
        *deeds("oberih_events", event="change view", venue="add change delete view"),
        roles=[Role.EDITOR, Role.MANAGER],
    )
    register_rights(*deeds("oberih_events", programme="add change delete view"), roles=[Role.EDITOR])
    register_rights(*deeds("oberih_events", distribution="add change delete view"), roles=[Role.MANAGER])
