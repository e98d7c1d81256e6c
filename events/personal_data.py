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
                "created_at",
                "confirmed_at",
                "ended_at",
            ),
            # The participation stays and is counted; what could lead back to a contact or a name goes.
            blank={"contact_digest": "", "name_digest": ""},
        )
    )
    declare_free("oberih_events.Event", "It names its trainers, who are staff and known by their work.")
