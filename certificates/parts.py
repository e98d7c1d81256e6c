"""What this room offers to the pages of others."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from certificates.models import AwardRule, Certificate, CertificateState
from courses.models import Enrolment
from events.awards import Award
from events.models import Registration
from participants import identity
from participants.models import Participant
from ui.hooks import Part


def own(participant):
    """The certificates, valid or on their way, that whoever looks as `participant` may see."""
    return Certificate.objects.filter(
        participant__in=Participant.objects.seen_by(participant),
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


def of_colleagues(user):
    """The valid certificates of the people whose focal point the user is, by the key of the counted person."""
    at_events = Registration.objects.for_focal_point(user).filter(
        event=OuterRef("event"), participant=OuterRef("participant")
    )
    in_courses = Enrolment.objects.for_focal_point(user).filter(
        course=OuterRef("course"), participant=OuterRef("participant")
    )
    rows = Certificate.objects.filter(state=CertificateState.ISSUED).filter(Exists(at_events) | Exists(in_courses))
    found = {}
    for one in rows.select_related("participant"):
        if one.snapshot:
            award = Award(
                title=one.snapshot["title"],
                language=one.language,
                url=reverse("oberih_certificates:verify", args=[one.token]),
            )
            found.setdefault(one.participant.root_id, []).append(award)
    return found


def event_rule(request, event):
    """What of an event somebody must attend to get a certificate, before they decide to come."""
    if event.attendance_threshold is None:
        return None
    return Part("oberih/certificates/_event.html", {"percent": event.attendance_threshold})


def gives(event):
    """Whether somebody who attends the event can earn a certificate of it or of its course."""
    if event.attendance_threshold is not None:
        return True
    rules = Q(event=event)
    if event.course_id is not None:
        rules |= Q(course=event.course_id)
    return AwardRule.objects.filter(rules).exists()
