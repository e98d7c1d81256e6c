from safeguarding.personal_data import PersonalData, register

register(
    PersonalData(
        model="oberih_events.Registration",
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
        # The participation stays and is counted; what could lead back to a name or a contact goes.
        blank={"contact_digest": "", "name_digest": "", "registered_by": None},
    )
)
