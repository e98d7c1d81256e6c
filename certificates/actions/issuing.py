"""How a certificate comes into being. A pending row is the work that is owed, and what is tried again until it is done."""

import datetime as dt
import hashlib
import logging
import random

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates import snapshots
from certificates.actions.earning import refusing
from certificates.exceptions import CertificateError, NotValidError, PaperError
from certificates.models import MAX_ATTEMPTS, Certificate, CertificateState
from certificates.rendering import TEMPLATE_VERSION, render
from certificates.tasks import issue_certificate
from notifications import actions as notifications
from notifications import work
from participants.models import Consent, Purpose
from safeguarding import audit

logger = logging.getLogger(__name__)


def issue(certificate_id, *, now=None):
    """Print an owed certificate and keep its file. Returns whether this call did it.

    Drawing takes longer than a lock should be held, so the claim is a conditional update; should two draw all the
    same, both make the same bytes, and the second finds that there is nothing left to do.
    """
    now = now or timezone.now()
    certificate = Certificate.objects.owed(now).filter(pk=certificate_id).select_related("participant").first()
    if certificate is None or _is_refused(certificate):
        return False
    pause = dt.timedelta(minutes=2**certificate.attempts) * random.uniform(1, 1.5)  # noqa: S311
    claimed = (
        Certificate.objects.owed(now)
        .filter(pk=certificate_id, attempts=certificate.attempts)
        .update(attempts=F("attempts") + 1, next_attempt_at=now + pause)
    )
    if not claimed:
        return False
    try:
        pdf = render(certificate.snapshot)
        name = _keep(certificate, pdf)
    except PaperError as error:
        # Trying again prints the same box: straight to the list that staff look at.
        Certificate.objects.filter(pk=certificate_id, state=CertificateState.PENDING).update(
            attempts=MAX_ATTEMPTS, last_error=str(error)[:200]
        )
        return False
    except Exception as error:
        # Storage and rendering libraries raise what they like; the row stays owed and is tried again.
        logger.warning("Certificate %s was not issued", certificate.uuid, exc_info=True)
        Certificate.objects.filter(pk=certificate_id, state=CertificateState.PENDING).update(
            last_error=type(error).__name__
        )
        return False
    if not _finish(certificate, name, hashlib.sha256(pdf).hexdigest()):
        certificate.pdf.storage.delete(name)
        return False
    return True


@transaction.atomic
def _finish(certificate, name, digest):
    finished = Certificate.objects.filter(pk=certificate.pk, state=CertificateState.PENDING).update(
        state=CertificateState.ISSUED,
        issued_at=timezone.now(),
        pdf=name,
        pdf_sha256=digest,
        template_version=TEMPLATE_VERSION,
        last_error="",
    )
    if finished:
        notifications.owe(
            "certificates.issued",
            participant=certificate.participant,
            subject_key=str(certificate.uuid),
            language=certificate.language,
        )
    return finished


def _keep(certificate, pdf):
    """Store the file and read it back: a full disk has been known to say yes. Returns its name in the storage."""
    field = Certificate.pdf.field
    name = field.storage.save(field.generate_filename(certificate, f"{certificate.uuid}.pdf"), ContentFile(pdf))
    with field.storage.open(name) as kept:
        if kept.read() != pdf:
            field.storage.delete(name)
            raise OSError("The storage did not keep what it was given.")
    return name


def issue_owed(limit=500):
    """Issue every certificate whose time has come. Returns how many were."""
    owed = Certificate.objects.owed()
    # Those that wait because their person does not want them must not keep the others from their turn.
    waiting = [one.pk for one in owed.filter(_of_refusing()).select_related("participant") if _is_refused(one)]
    return sum(issue(pk) for pk in list(owed.exclude(pk__in=waiting).values_list("pk", flat=True)[:limit]))


def _is_refused(certificate):
    """Whether its person does not want it any more: it then waits, should they agree again."""
    return refusing(certificate.achievement_key).filter(person=certificate.participant.root_id).exists()


def _of_refusing():
    """Certificates of whoever ever said no to one, about anything."""
    people = (
        Consent.objects.filter(text__purpose=Purpose.CERTIFICATE, given=False)
        .annotate(person=Coalesce("participant__merged_into", "participant"))
        .values("person")
    )
    return Q(participant__in=people) | Q(participant__merged_into__in=people)


@transaction.atomic
def retry(*, certificate, by):
    """Try again what was given up, after its cause is mended: the name and the title are taken anew."""
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if locked.state != CertificateState.PENDING:
        raise NotValidError(_("This certificate is no longer waiting to be issued."))
    participant = locked.participant
    title = (locked.event or locked.course).title
    locked.snapshot = {
        **locked.snapshot,
        "name": participant.full_name,
        "latin_name": participant.latin_name,
        "title": snapshots.localized(title, locked.language),
        "title_en": snapshots.localized(title, "en"),
    }
    locked.attempts = 0
    locked.next_attempt_at = timezone.now()
    locked.last_error = ""
    locked.save(update_fields=["snapshot", "attempts", "next_attempt_at", "last_error"])
    audit.record(by, "retry", "certificate", [locked.number])
    work.hint(issue_certificate, locked.pk)
    return locked


def paper(certificate):
    """The bytes of an issued certificate: the file, or drawn again where the file was lost."""
    if certificate.is_erased:
        raise CertificateError(_("The data of this certificate’s holder was erased, and its file with it."))
    try:
        with certificate.pdf.open() as kept:
            pdf = kept.read()
    except (FileNotFoundError, ValueError):
        pdf = render(certificate.snapshot)
    if hashlib.sha256(pdf).hexdigest() != certificate.pdf_sha256:
        raise CertificateError(_("The file of this certificate is damaged. It has to be replaced."))
    return pdf
