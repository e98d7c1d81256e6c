from django.utils.translation import gettext_lazy as _

from safeguarding.personal_data import PersonalData
from safeguarding.personal_data import register as register_models


def register():
    register_models(
        PersonalData(
            "oberih_notifications.Message",
            owner="participant",
            title=_("What we wrote to you"),
            fields=("purpose", "recipient", "channel", "language", "state", "queued_at", "sent_at"),
            codes=("purpose", "language", "queued_at"),
            labels={"queued_at": _("written at")},
            delete=True,
            retain_days=365,
            clock="queued_at",
        ),
    )
