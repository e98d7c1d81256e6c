"""What follows in this room when somebody withdraws a consent, and what the subjects of consents are called."""

import uuid as uuids

from django.utils import timezone
from django.utils.translation import gettext as _

from events import registrations, seats, when
from events.exceptions import MoveError
from events.models import Event, EventState, Registration
from participants.models import Consent, Participant, Purpose
from participants.subjects import Subject


def name_subjects(keys):
    now = timezone.now()
    uuids = [key.partition(":")[2] for key in keys]
    return {
        event.subject_key: Subject(
            # Between isolating signs: a title in another direction would turn the dates round.
            _("%(title)s, %(days)s") % {"title": f"\u2068{event.title}\u2069", "days": when.days(event)},
            is_to_come=event.state == EventState.SCHEDULED and not seats.has_started(event, now),
        )
        for event in Event.objects.with_times().filter(uuid__in=uuids)
    }


def follow(consent_id):
    """Do what a withdrawn consent asks for. Returns how many registrations that changed; the second time none."""
    consent = Consent.objects.select_related("text", "participant").get(pk=consent_id)
    if consent.given:
        return 0
    mine = Registration.objects.filter(
        participant__in=Participant.objects.seen_by(consent.participant), created_at__lt=consent.at
    )
    if consent.text.purpose == Purpose.REGISTER:
        return _give_back(mine.active().filter(event__uuid=_uuid(consent)))
    if consent.text.purpose == Purpose.STATISTICS and not consent.subject_key:
        return mine.exclude(event__state=EventState.CLOSED).forget_answers()
    return 0


def _uuid(consent):
    return uuids.UUID(consent.subject_key.partition(":")[2])


def _give_back(places):
    given_back = 0
    for registration in places.select_related("event"):
        try:
            registrations.cancel_registration(registration=registration)
        except MoveError:
            # It began meanwhile: whoever came stands in the register, and erasing is another matter.
            continue
        given_back += 1
    return given_back


def follow_lost():
    """What the news of a withdrawal should have done, for the case that it was lost."""
    refused = Consent.objects.lately_refused(Purpose.REGISTER).exclude(subject_key="") | (
        Consent.objects.lately_refused(Purpose.STATISTICS).filter(subject_key="")
    )
    return sum(follow(pk) for pk in refused.values_list("pk", flat=True))
