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
    register_rights(
        "oberih_courses.see_learners", "oberih_courses.mark_answers", roles=[Role.TRAINER, Role.MANAGER]
    )
    register_rights(
        *deeds("oberih_courses", course="change", enrolmentkey="add change delete view"), roles=[Role.EDITOR]
    )
    register_rights("oberih_courses.see_groups", roles=[Role.FOCAL_POINT, Role.MANAGER, Role.TRAINER])
    register_rights("oberih_courses.lead_groups", roles=[Role.MANAGER, Role.TRAINER])
    register_rights("oberih_courses.enrol_people", roles=[Role.MANAGER])
    # A course's file holds the right answers of its assessments.
    register_rights("oberih_courses.exchange_course", roles=[Role.EDITOR])
