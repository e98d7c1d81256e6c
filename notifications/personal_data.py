from django.utils.translation import gettext_lazy as _

from participants.places import language_name
from safeguarding.personal_data import PersonalData
from safeguarding.personal_data import register as register_models


def register():
    register_models(
        PersonalData(
            "oberih_notifications.Message",
            owner="participant",
            fields=("purpose", "recipient", "channel", "language", "state", "queued_at", "sent_at"),
            codes=("purpose",),
            labels={"queued_at": _("written at")},
            show={"language": lambda row: language_name(row.language)},
            delete=True,
            retain_days=365,
            clock="queued_at",
        ),
    )
