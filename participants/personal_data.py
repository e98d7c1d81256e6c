from safeguarding.personal_data import PersonalData, declare_free
from safeguarding.personal_data import register as register_models


def register():
    register_models(
        PersonalData(
            "oberih_participants.Participant",
            owner="",
            fields=(
                "full_name",
                "latin_name",
                "email",
                "phone",
                "birth_year",
                "sex",
                "language",
                "category",
                "organisation",
                "origin_area",
                "displacement",
                "disability",
            ),
            blank={
                "external_ref": None,
                "user": None,
                "full_name": "",
                "latin_name": "",
                "name_key": "",
                "email": "",
                "phone": "",
                "birth_year": None,
            },
        ),
        PersonalData(
            "oberih_participants.ContactKey", owner="participant", fields=("kind", "verified_at"), delete=True
        ),
        # Append-only: that somebody agreed, and to what, stays provable; without the participant it names nobody.
        PersonalData(
            "oberih_participants.Consent",
            owner="participant",
            fields=("text", "given", "giver", "language", "channel", "at"),
        ),
    )
    declare_free(
        "oberih_participants.Merge", "Two keys and who decided; whom they name is told by the participants."
    )
    declare_free(
        "oberih_participants.NotSame", "Two keys and who decided; whom they name is told by the participants."
    )
