"""What becomes of the certificates of somebody who is erased."""

from django.utils import timezone

from certificates.models import Certificate, CertificateState
from notifications.models import Message
from participants.erasing import CertificatesWish
from safeguarding import personal_data

# What is printed and says who: the names, and the words that bend to a man or a woman.
_PERSONAL = ("name", "latin_name", "paper")


def without_person(certificate):
    """The snapshot without whom it was given to."""
    return {name: said for name, said in certificate.snapshot.items() if name not in _PERSONAL}


def before(people, *, certificates, **wishes):
    """Withdraw them if that is wished, and in any case those that were not yet issued: they can no longer be.

    `certificates` None leaves all as they are: they have a time of their own. What is withdrawn says nothing at all any
    more, and was awarded all the same: the figures count it (`CertificateQuerySet.awarded`).
    """
    rows = Certificate.objects.filter(participant__in=people)
    Message.objects.filter(subject_key__in=[str(uuid) for uuid in rows.values_list("uuid", flat=True)]).delete()
    withdrawn = [CertificateState.PENDING]
    if certificates == CertificatesWish.WITHDRAW:
        withdrawn.append(CertificateState.ISSUED)
    rows.filter(state__in=withdrawn).update(
        state=CertificateState.REVOKED, revoked_at=timezone.now(), revoked_reason="", snapshot={}
    )


def remove_files():
    """Files of erased people that were left when a process died after the commit. Returns how many."""
    left = (
        Certificate.objects.filter(participant__erased_at__isnull=False)
        .exclude(pdf="")
        .exclude(snapshot__has_key="name")
    )
    keys = list(left.values_list("pk", flat=True))
    for pk in keys:
        personal_data.remove_file(Certificate, pk, "pdf")
    return len(keys)
