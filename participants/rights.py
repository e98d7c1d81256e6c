from safeguarding.models import Role
from safeguarding.rights import deeds
from safeguarding.rights import register as register_rights


def register():
    register_rights(
        *deeds(
            "oberih_participants",
            category="add change view",
            organisation="add change view",
            topic="add change delete view",
            area="change view",
            project="view",
        ),
        roles=[Role.EDITOR, Role.MANAGER],
    )
    register_rights(*deeds("oberih_participants", project="add change"), roles=[Role.MANAGER])
    register_rights("oberih_participants.decide_sameness", roles=[Role.MANAGER])
    register_rights(*deeds("oberih_participants", consenttext="add view"), roles=[Role.EDITOR])
