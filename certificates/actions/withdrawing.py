"""How a certificate stops being valid. Its row stays, and its page says so to whoever asks."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates import snapshots
from certificates.actions.earning import award
from certificates.exceptions import CertificateError, NotValidError
from certificates.models import Certificate, CertificateState
from participants.names import latin
from safeguarding import audit


@transaction.atomic
def revoke(*, certificate, by, reason):
    """Take a certificate back. The row stays, and its page says so to whoever asks."""
    locked = _valid(certificate)
    if not reason.strip():
        raise CertificateError(_("Say why the certificate is revoked."))
    _withdraw(locked, CertificateState.REVOKED, reason)
    audit.record(by, "revoke", "certificate", [locked.number], reason=reason)
    return locked


@transaction.atomic
def replace(*, certificate, by, full_name, latin_name="", reason):
    """Issue a certificate again under a corrected name. The old number stays, and leads nobody to the new one."""
    locked = _valid(certificate)
    if locked.is_erased:
        raise CertificateError(_("The data of this certificate’s holder was erased: no name can be put on it."))
    if not full_name.strip():
        raise CertificateError(_("Give the name as it is to be printed."))
    _withdraw(locked, CertificateState.REPLACED, reason)
    made = Certificate(
        participant_id=locked.participant_id,
        achievement_key=locked.achievement_key,
        period=locked.period,
        rule_id=locked.rule_id,
        event_id=locked.event_id,
        course_id=locked.course_id,
        language=locked.language,
        earned_at=locked.earned_at,
    )
    made.snapshot = snapshots.renamed(
        locked.snapshot,
        made,
        full_name=full_name,
        latin_name=latin_name or latin(full_name),
        issued_on=timezone.localdate(),
    )
    audit.record(by, "replace", "certificate", [locked.number, made.number], reason=reason)
    return award([made])[0]


def _valid(certificate):
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if locked.state not in {CertificateState.PENDING, CertificateState.ISSUED}:
        raise NotValidError(_("This certificate was revoked or replaced already."))
    return locked


def _withdraw(certificate, state, reason):
    certificate.state = state
    certificate.revoked_at = timezone.now()
    certificate.revoked_reason = reason.strip()[:300]
    certificate.save(update_fields=["state", "revoked_at", "revoked_reason"])
