from safeguarding.personal_data import PersonalData
from safeguarding.personal_data import register as register_models


def register():
    register_models(
        PersonalData(
            "oberih_notifications.Message",
            owner="participant",
            fields=("purpose", "recipient", "channel", "language", "state", "queued_at", "sent_at"),
            delete=True,
            retain_days=365,
        ),
    )
