from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from certificates.models import Certificate, CertificateState
from notifications.conf import site_url
from notifications.models import MessageChannel
from notifications.registry import Text, purpose
from participants.identity import link_token


@purpose("certificates.issued")
def issued(message):
    """A link and no attachment: the file has the person's name on it, and a mailbox may be read by others."""
    certificate = Certificate.objects.select_related("participant").filter(uuid=message.subject_key).first()
    participant = message.participant
    if certificate is None or certificate.state != CertificateState.ISSUED:
        return None
    if participant is None or participant.erased_at is not None:
        return None
    page = reverse("oberih_certificates:verify", args=[certificate.token])
    channel = "phone" if message.channel == MessageChannel.SMS else "email"
    try:
        enter = reverse("oberih_participants:enter", args=[link_token(participant, channel)])
    except NoReverseMatch:
        # A site without personal links: the page itself, where the name opens it.
        address = page
    else:
        address = f"{enter}?{urlencode({'to': page}, safe='/')}"
    return Text(
        # Subjects stand on locked screens: nothing here says what was learned.
        subject=_("Your certificate is ready"),
        template="oberih/certificates/mail/issued",
        context={
            "name": certificate.snapshot["name"],
            "title": certificate.snapshot["title"],
            "number": certificate.number,
            "action_url": f"{site_url()}{address}",
            "action_label": _("Open the certificate"),
        },
    )
