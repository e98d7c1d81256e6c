from safeguarding.models import Role
from safeguarding.rights import deeds
from safeguarding.rights import register as register_rights


def register():
    register_rights(
        *deeds(
            "oberih_courses",
            question="add change delete view",
            assessment="add change delete view",
            package="add change delete view",
        ),
        roles=[Role.EDITOR],
    )
    register_rights("oberih_courses.view_course", roles=[Role.EDITOR, Role.MANAGER])
