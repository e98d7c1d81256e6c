from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _

from safeguarding.personal_data import PersonalData, declare_free
from safeguarding.personal_data import register as register_models


def _session(row):
    session = row.session
    return f"{session.event.title}, {date_format(session.date)}, {time_format(session.start_time)}"


def register():
    register_models(
        PersonalData(
            "oberih_attendance.ReportedPresence",
            owner="registration__participant",
            title=_("Your presence by lists kept elsewhere"),
            fields=("first_present_on", "sessions_present", "minutes", "completed_on"),
        ),
        PersonalData(
            "oberih_attendance.Attendance",
            owner="registration__participant",
            title=_("Your attendance"),
            fields=("session", "status", "minutes"),
            labels={"session": _("session"), "status": _("status"), "minutes": _("minutes")},
            show={"session": _session},
            related=("session__event",),
        ),
        # Facts that counts rest on; with the participant erased they name nobody. Why a mark was corrected may.
        PersonalData(
            "oberih_attendance.Mark",
            owner="registration__participant",
            title=_("What was written into registers about you"),
            fields=("session", "status", "minutes", "device_time", "source", "reason"),
            labels={"session": _("session")},
            show={"session": _session},
            related=("session__event",),
            blank={"reason": ""},
        ),
    )
    declare_free("oberih_attendance.Register", "It leads to staff alone: whoever closed it.")
    declare_free(
        "oberih_attendance.Headcount", "People without names; it leads to staff alone: whoever entered it."
    )
