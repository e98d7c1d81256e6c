from safeguarding.personal_data import PersonalData, declare_free
from safeguarding.personal_data import register as register_models


def register():
    register_models(
        # Facts that counts rest on; with the participant erased they name nobody.
        PersonalData(
            "oberih_attendance.Mark",
            owner="registration__participant",
            fields=("session", "status", "minutes", "device_time", "source", "reason"),
        ),
        PersonalData(
            "oberih_attendance.Attendance",
            owner="registration__participant",
            fields=("session", "status", "minutes"),
        ),
        PersonalData(
            "oberih_attendance.ReportedPresence",
            owner="registration__participant",
            fields=("first_present_on", "sessions_present", "minutes", "completed_on"),
        ),
    )
    declare_free("oberih_attendance.Register", "It leads to staff alone: whoever closed it.")
    declare_free(
        "oberih_attendance.Headcount", "People without names; it leads to staff alone: whoever entered it."
    )
