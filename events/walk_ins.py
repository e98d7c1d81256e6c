"""Whoever comes without having registered."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events import guardians, recognising, registering, seats
from events.exceptions import RegistrationError
from events.models import EventState, Source, Status
from events.people import believed
from participants.actions import create_participant, find_known, record_consents
from participants.models import Channel, Participant
from safeguarding import audit


@transaction.atomic
def add_walk_in(*, event, by, person, submission=None, saw_paper=False, now=None):
    """Register somebody who stands in the room: confirmed, though it be over the capacity, and past every queue.

    Many of them leave no contact to know them by, so the form (`submission`) tells a second click from a second person.
    `saw_paper` says that `by` saw the form that the parent or guardian of somebody under age has signed.
    """
    now = now or timezone.now()
    event = seats.lock(event)
    if (replay := recognising.of_form(submission)) is not None:
        return replay
    if event.state != EventState.SCHEDULED:
        raise RegistrationError(_("People can be added to an event that is scheduled and not closed yet."))
    known, rows = recognising.standing(
        find_known(full_name=person.full_name, email=person.email, phone=person.phone)
    )
    person = believed(person, rows)
    existing = recognising.existing_of(event, known, person, rows=Participant.objects.same_as)
    if existing is not None:
        if existing.status != Status.CONFIRMED:
            existing.move(Status.CONFIRMED, confirmed_at=now)
            registering.confirmed(existing, event)
        if existing.is_minor and saw_paper:
            return guardians.see_paper(registration=existing, by=by)
        return existing
    language = person.language or next(iter(event.languages), get_language())
    who = known or _create(person, language)
    registration = registering.new(
        event, who, person, language, rows=rows, submission=submission, source=Source.WALK_IN, by=by
    )
    registration.status = Status.CONFIRMED
    registration.confirmed_at = registration.queued_at = registration.created_at = now
    registration.save(force_insert=True)
    if known is not None:
        audit.record(by, "attach", "registration", [registration.uuid])
    if person.consents:
        record_consents(
            who,
            person.consents,
            language=language,
            channel=Channel.SPOKEN,
            by=by,
            subject_key=event.subject_key,
        )
    if registration.is_minor and saw_paper:
        registration = guardians.see_paper(registration=registration, by=by)
    seats.tell("events.registered", registration, occurrence=Status.CONFIRMED)
    registering.confirmed(registration, event)
    return registration


def _create(person, language):
    return create_participant(**registering.details(person, language))
