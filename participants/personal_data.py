from django.utils.translation import gettext_lazy as _

from participants import erasing
from participants.codes import Disability, Displacement, Sex
from participants.places import language_name
from safeguarding import retention
from safeguarding.personal_data import PersonalData, declare_free
from safeguarding.personal_data import register as register_models


def register():
    register_models(
        PersonalData(
            "oberih_participants.ContactKey",
            owner="participant",
            title=_("Scrambled forms of your contacts, by which we know you again"),
            fields=("kind", "verified_at"),
            labels={"kind": _("kind of contact"), "verified_at": _("proved to be yours at")},
            delete=True,
        ),
        # Append-only: that somebody agreed, and to what, stays provable; without the participant it names nobody.
        PersonalData(
            "oberih_participants.Consent",
            owner="participant",
            title=_("What you agreed to"),
            fields=("text", "given", "giver", "language", "channel", "at", "subject_key"),
            codes=("subject_key",),
            labels={"text": _("what was asked")},
            show={
                "text": lambda row: f"{row.text.get_purpose_display()}: {row.text.text}",
                "language": lambda row: language_name(row.language),
            },
        ),
        PersonalData(
            "oberih_participants.Participant",
            owner="",
            title=_("About you"),
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
                "external_ref",
                "created_at",
            ),
            labels={"origin_area": _("Area you come from"), "created_at": _("first known to us at")},
            show={"language": lambda row: language_name(row.language) if row.language else ""},
            key="uuid",
            blank={
                "external_ref": _reference,
                "user": None,
                "full_name": "",
                "latin_name": "",
                "name_key": "",
                "email": "",
                "phone": "",
                "birth_year": None,
                # Defaults for a next participation, which will not come; what was counted is frozen elsewhere.
                "sex": Sex.UNKNOWN,
                "category": None,
                "organisation": None,
                "origin_area": None,
                "displacement": Displacement.UNKNOWN,
                "disability": Disability.UNKNOWN,
                "language": "",
            },
        ),
    )
    declare_free(
        "oberih_participants.Merge", "Two keys and who decided; whom they name is told by the participants."
    )
    declare_free(
        "oberih_participants.NotSame", "Two keys and who decided; whom they name is told by the participants."
    )
    retention.register(
        retention.Rule(
            name="oberih_participants.participant",
            days=730,
            due=erasing.long_gone,
            let_go=erasing.retain,
            key="uuid",
        )
    )


def _reference(participant):
    ref = participant.external_ref
    return erasing.erased_reference(ref) if ref else None
