from safeguarding.personal_data import PersonalData, declare_free
from safeguarding.personal_data import register as register_models


def register():
    register_models(
        PersonalData(
            "oberih_events.Registration",
            owner="participant",
            fields=(
                "event",
                "status",
                "source",
                "sex",
                "age_band",
                "category",
                "organisation",
                "origin_area",
                "displacement",
                "disability",
                "language",
                "guardian_consent",
                "created_at",
                "confirmed_at",
                "ended_at",
            ),
            # The participation stays and is counted; what could lead back to a contact or a name goes.
            blank={"contact_digest": "", "name_digest": ""},
        ),
        PersonalData(
            "oberih_events.Confidential",
            owner="registration__participant",
            fields=("access_needs", "guardian_name", "guardian_relation", "guardian_email", "guardian_phone"),
            delete=True,
            retain_days=1,
        ),
    )
    declare_free("oberih_events.Event", "It names its trainers, who are staff and known by their work.")
