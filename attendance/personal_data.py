from django.utils.translation import gettext_lazy as _

from safeguarding.personal_data import PersonalData, declare_free
from safeguarding.personal_data import register as register_models


def register():
    register_models(
        PersonalData(
            "oberih_attendance.ReportedPresence",
            owner="registration__participant",
            fields=("first_present_on", "sessions_present", "minutes", "completed_on"),
        ),
        PersonalData(
            "oberih_attendance.Attendance",
            owner="registration__participant",
            fields=("session", "status", "minutes"),
            labels={"session": _("session"), "status": _("status"), "minutes": _("minutes")},
        ),
        # Facts that counts rest on; with the participant erased they name nobody. Why a mark was corrected may.
        PersonalData(
            "oberih_attendance.Mark",
            owner="registration__participant",
            fields=("session", "status", "minutes", "device_time", "source", "reason"),
            labels={"session": _("session")},
            blank={"reason": ""},
        ),
    )
    declare_free("oberih_attendance.Register", "It leads to staff alone: whoever closed it.")
    declare_free(
        "oberih_attendance.Headcount", "People without names; it leads to staff alone: whoever entered it."
    )
