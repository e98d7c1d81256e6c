"""What this room offers to the pages of others."""

from certificates.models import Certificate, CertificateState
from participants import identity
from participants.models import Participant
from ui.hooks import Part


def own(participant):
    """The certificates of a person that are valid or on their way, whichever of their rows they hang on."""
    return Certificate.objects.filter(
        participant__in=Participant.objects.same_as(participant),
        state__in=[CertificateState.PENDING, CertificateState.ISSUED],
    )


def learning(request):
    participant = identity.current(request)
    if participant is None:
        return None
    certificates = list(own(participant))
    if not certificates:
        return None
    return Part("oberih/certificates/_learning.html", {"certificates": certificates})


def event_rule(request, event):
    """What of an event somebody must attend to get a certificate, before they decide to come."""
    if event.attendance_threshold is None:
        return None
    return Part("oberih/certificates/_event.html", {"percent": event.attendance_threshold})
