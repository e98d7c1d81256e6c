from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from certificates import erasing
from certificates.models import Certificate
from participants import erasing as people
from participants.places import language_name
from safeguarding import personal_data, retention
from safeguarding.personal_data import PersonalData, before_erasing


def register():
    entry = PersonalData(
        "oberih_certificates.Certificate",
        owner="participant",
        title=_("Your certificates"),
        fields=(
            "number",
            "state",
            "language",
            "snapshot",
            "earned_at",
            "issued_at",
            "revoked_at",
            "revoked_reason",
        ),
        labels={"snapshot": _("what it says")},
        show={
            "snapshot": lambda row: "\n".join(
                filter(None, map(row.snapshot.get, ("name", "latin_name", "title")))
            ),
            "language": lambda row: language_name(row.language),
        },
        key="number",
        # Number, token, state, dates and title stay, so that a printed certificate can still be checked; the name goes.
        blank={"snapshot": erasing.without_person, "revoked_reason": "", "last_error": ""},
        files=("pdf",),
        outlives=True,
    )
    personal_data.register(entry)
    before_erasing(erasing.before)
    people.active(_awarded_since)
    retention.register(
        retention.Rule(
            name="oberih_certificates.certificate",
            # An employer may want to check it for as long as that.
            days=3652,
            due=lambda before: Certificate.objects.filter(issued_at__lt=before, snapshot__has_key="name"),
            let_go=lambda rows: personal_data.empty(entry, rows),
            key="number",
        )
    )


def _awarded_since(since):
    awards = Certificate.objects.filter(participant=OuterRef("pk"))
    return Exists(awards.filter(Q(earned_at__gte=since) | Q(issued_at__gte=since)))
