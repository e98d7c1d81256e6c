from safeguarding.personal_data import PersonalData
from safeguarding.personal_data import register as register_models


def register():
    register_models(
        # Number, token, state and dates stay, so that a printed certificate can still be checked; the name goes.
        PersonalData(
            "oberih_certificates.Certificate",
            owner="participant",
            fields=("number", "state", "language", "snapshot", "pdf", "earned_at", "issued_at", "revoked_at"),
            blank={"snapshot": {}, "pdf": "", "last_error": ""},
        ),
    )
