"""Registering: the deed by which somebody gets a seat, a place in line, or a place among those to be approved."""

import dataclasses
import functools
import uuid as uuids

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import actions as courses
from events import guardians, questions, recognising, seats, signals
from events.exceptions import RegistrationError
from events.models import (
    Confidential,
    EventState,
    GuardianConsent,
    Registration,
    RegistrationPolicy,
    Source,
    Status,
)
from events.people import believed, freeze, is_under_age
from events.seating import Unit
from participants.actions import consents_of, create_participants, find_known, keep_consents
from participants.models import Channel, Participant
from safeguarding import audit
from ui import page_cache


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of a form, and what may be shown to whoever sent it.

    `status` is what a newcomer would have been told: a page that said "you are registered already" would tell a stranger
    who comes, and so would a place in line that does not grow. The truth goes to the person's own contact.
    """

    registration: Registration
    created: bool
    status: str


def opens(event, *, now=None):
    """Why nobody can register for this event now, as a sentence, or "" if they can."""
    now = now or timezone.now()
    if event.state == EventState.CANCELLED:
        return _("This event was cancelled.")
    if event.state != EventState.SCHEDULED:
        return _("Registration for this event is closed.")
    if event.registration_opens_at is not None and event.registration_opens_at > now:
        return _("Registration for this event has not opened yet.")
    if seats.deadline(event) <= now:
        return _("Registration for this event is closed.")
    return ""


def register(*, person, **how):
    """Give the person a seat, a place on the waiting list, or a place among those whom the trainer approves.

    `how` are the other arguments of `register_together`.
    """
    (outcome,) = register_together(people=[person], **how)
    return outcome


def register_together(*, people, submission, **how):
    """The same for those who come together, such as a family: all have seats, or all wait for them.

    `participant` is somebody who is known beyond doubt (they opened their personal link), `user` is who is logged in and
    speaks of themselves; each is the first of the `people`. `by` is who registers others, and `allocation` the seats of
    an organisation that they take. With `takes_over` they have a seat that a colleague has just given up, before anybody
    who waits. Returns an Outcome for each.
    """
    try:
        return _register_together(people=people, submission=submission, **how)
    except IntegrityError:
        # The same form was sent for two events at once: the row's lock of one does not guard the other.
        replays = recognising.of_forms([_form_of(submission, place) for place in range(len(people))])
        if not replays:
            raise
        return [as_it_is(one) for one in replays]


@transaction.atomic
def _register_together(
    *,
    event,
    people,
    submission,
    language,
    user=None,
    participant=None,
    source=Source.SELF,
    by=None,
    allocation=None,
    takes_over=False,
    now=None,
):
    event = seats.lock(event)
    # Only now, so that the line is in the order in which people got here.
    now = now or timezone.now()
    whose = [{"participant": participant, "user": user}, *({} for _person in people[1:])]
    comers = [
        _recognise(event, person, _form_of(submission, place), source=source, **known)
        for place, (person, known) in enumerate(zip(people, whose, strict=True))
    ]
    if comers[0].is_replay:
        return [as_it_is(one) for one in recognising.of_forms([one.submission for one in comers])]
    if reason := opens(event, now=now) or _not_for(event, source, allocation):
        raise RegistrationError(reason)
    _refuse_twice(comers)
    _part(comers)
    fresh = [one for one in comers if one.existing is None]
    # With those who are there already: that fewer seats are enough would tell a stranger of them.
    status = _status_for(event, _unit(comers, allocation), source, takes_over, now)
    for one in comers:
        if one.existing is not None:
            # Each form has its answer, as from a newcomer: one that has none is shorter to wait for where no worker sends
            # it. How many a mailbox gets is limited by whoever takes the form.
            seats.tell("events.registered", one.existing, occurrence=f"again {one.submission}")
    if participant is not None and comers[0].existing is None:
        _remember_answers(comers[0].who, comers[0].person)
    made = _write(event, fresh, language, status, source=source, by=by, allocation=allocation, user=user, now=now)
    _keep_consents(event, made, language, by=by)
    _keep_answers(made)
    for one in made:
        if one.is_attached and by is not None:
            audit.record(by, "attach", "registration", [one.registration.uuid])
    held = [_keep_confidential(one.registration, one.person, one.known) for one in made]
    guardians.ask_each(filter(None, held))
    for registration in seats.leads([one.registration for one in made]):
        seats.tell("events.registered", registration, occurrence=status)
    for one in made:
        if status == Status.CONFIRMED:
            confirmed(one.registration, event)
    return [
        Outcome(one.existing or one.registration, created=one.existing is None, status=status) for one in comers
    ]


@dataclasses.dataclass
class _Comer:
    """Somebody of a form, with what is known of them: who they are and all their rows, and a registration they have.

    `who` is the row that they are registered under, None for a new one, and `beside` the onlooker (see `recognising`)
    for whom a registration is made beside one that is there.
    """

    person: object
    submission: uuids.UUID
    known: Participant | None
    who: Participant | None
    rows: list
    existing: Registration | None
    is_replay: bool
    beside: str = ""
    registration: Registration | None = None

    @property
    def is_attached(self):
        return self.known is not None and self.who == self.known


def _form_of(submission, place):
    """The submission of the one at this place of a form: each registration has its own, the same whenever it is sent."""
    return submission if place == 0 else uuids.uuid5(submission, str(place))


def _recognise(event, person, submission, *, source, participant=None, user=None):
    """Who that is. They are known by the contact that is answered to, and by no other that stands beside it: whoever wrote
    somebody else's next to their own would learn of them by what arrives, or does not.

    An onlooker reads the name of whoever is registered: it is then the one that was typed, to the letter.
    """
    answered = person.answered
    known, rows = recognising.standing(
        participant
        or find_known(full_name=person.full_name, email=answered.email, phone=answered.phone, user=user)
    )
    person = believed(person, rows)
    who, beside = known, ""
    onlooker = "" if participant is not None else recognising.onlooker_of(person, source)
    if onlooker:
        found, is_there = recognising.existing_for(event, known, answered, onlooker, submission=submission)
        if is_there:
            who, beside = None, onlooker
        elif known is not None and known.full_name != person.full_name:
            who = None
    else:
        found = recognising.existing_of(event, known, answered, submission=submission)
    is_replay = found is not None and found.submission == submission
    if participant is not None and known is None and not is_replay:
        raise RegistrationError(_("Your data was erased meanwhile. To take part, register anew."))
    return _Comer(person, submission, known, who, rows, found, is_replay, beside)


def _not_for(event, source, allocation):
    if event.policy == RegistrationPolicy.ORGANISATION and allocation is None and source != Source.STAFF:
        return _("Seats at this event are set aside for organisations. Ask yours for its link.")
    return ""


def _refuse_twice(comers):
    seen = set()
    for one in comers:
        key = (one.person.name_digest(), *one.person.contact_digests()[:1])
        if key in seen:
            raise RegistrationError(_("“%(name)s” stands there twice.") % {"name": one.person.full_name})
        seen.add(key)


def _part(comers):
    """Two names that one who is known might go by are two people, as they are of anybody else."""
    seen = set()
    for one in comers:
        if one.who is not None and one.who.pk in seen:
            one.known, one.who, one.rows = None, None, []
        elif one.who is not None:
            seen.add(one.who.pk)


def _unit(comers, allocation):
    groups = {one.person.group.pk if one.person.group else None for one in comers}
    if len(groups) > 1:
        raise RegistrationError(_("Those who come together take part in the same group."))
    return Unit(None, len(comers), allocation.pk if allocation else None, groups.pop())


def _status_for(event, unit, source, takes_over, now):
    """What a newcomer is told; whoever is there already is told the same."""
    if event.policy == RegistrationPolicy.APPROVAL and source != Source.STAFF:
        return Status.PENDING
    if takes_over or seats.admits(event, unit, now):
        return Status.CONFIRMED
    if not event.has_waiting_list:
        raise RegistrationError(seats.no_room())
    return Status.WAITLISTED


def _write(event, comers, language, status, *, source, by, allocation, user, now):
    """Write the participants who are new and the registrations, in as many statements as for one."""
    if not comers:
        return []
    created = create_participants(
        [
            details(one.person, language, user=user if one is comers[0] else None)
            for one in comers
            if one.who is None
        ]
    )
    for one in comers:
        one.who = one.who or created.pop(0)
    party = uuids.uuid4() if len(comers) > 1 else None
    for one in comers:
        one.registration = new(
            event,
            one.who,
            one.person,
            language,
            rows=one.rows,
            beside=one.beside,
            submission=one.submission,
            source=source,
            by=by,
            allocation=allocation,
            party=party,
            status=status,
            confirmed_at=now if status == Status.CONFIRMED else None,
            queued_at=now,
            created_at=now,
        )
    Registration.objects.bulk_create(one.registration for one in comers)
    # Statements for many tell nobody that pages show something else now.
    transaction.on_commit(functools.partial(page_cache.forget, "events"), robust=True)
    return comers


def details(person, language, **fields):
    return {
        "full_name": person.full_name,
        "latin_name": person.latin_name,
        "email": person.email,
        "phone": person.phone,
        "language": language,
        **fields,
        **person.attributes,
    }


def new(event, participant, person, language, *, rows, by, beside="", **fields):
    registration = Registration(
        event=event,
        participant=participant,
        contact_digest=next(iter(person.contact_digests(onlooker=beside)), ""),
        name_digest=person.name_digest(),
        group=person.group,
        registered_by=by,
        **fields,
    )
    freeze(registration, participant, person, event)
    registration.language = language
    if is_under_age(person, rows, event):
        registration.guardian_consent = GuardianConsent.MISSING
    return registration


def _keep_consents(event, comers, language, *, by):
    keep_consents(
        record
        for one in comers
        for record in consents_of(
            one.who,
            one.person.consents,
            language=language,
            channel=Channel.WEB if by is None else Channel.SPOKEN,
            by=by,
            subject_key=event.subject_key,
            texts=one.person.texts,
        )
    )


def _keep_answers(comers):
    questions.keep(
        (one.registration, question, reply) for one in comers for question, reply in one.person.replies.items()
    )


def _keep_confidential(registration, person, known):
    """Keep what only the event's trainers may read, with the guardian of somebody under age; None where there is nothing.

    A contact of the young person's own is no guardian's. That it is one, a form says only to those who proved
    themselves; of anybody else it is left out in silence, and the trainers see that nobody has agreed.
    """
    guardian = person.guardian if registration.is_minor else None
    if guardian is not None and person.relative is None:
        own = guardians.own_contacts(guardian, {"email": person.email, "phone": person.phone}, known)
        guardian = dataclasses.replace(guardian, **dict.fromkeys(own, ""))
    if guardian is None and person.relative is None and not person.access_needs:
        return None
    held = Confidential(registration=registration, access_needs=person.access_needs)
    if person.relative is not None:
        held.relative_name, held.relative_relation = person.relative.name, person.relative.relation
    if guardian is not None:
        guardians.name(held, guardian)
    held.save(force_insert=True)
    return held


def _remember_answers(participant, person):
    """Somebody who opened their own form corrects what we hold; it is the default of their next participation."""
    changed = {name: value for name, value in person.attributes.items() if getattr(participant, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(participant, name, value)
        participant.save(update_fields=list(changed))


def as_it_is(registration):
    return Outcome(registration, created=False, status=registration.status)


def confirmed(registration, event):
    if event.course is not None:
        courses.enrol(
            participant=registration.participant,
            course=event.course,
            source=f"registration:{registration.uuid}",
            on=event.starts_on,
        )
    signals.after_commit(signals.registration_confirmed, registration_id=registration.pk)
