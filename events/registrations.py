import dataclasses
import datetime as dt
import functools
import uuid as uuids

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses import actions as courses
from events import guardians, questions, seats, signals
from events.calendar import GROUP_CHANGED
from events.exceptions import MoveError, OfferExpiredError, RegistrationError
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
from notifications.models import Message
from participants.actions import (
    consents_of,
    create_participant,
    create_participants,
    find_known,
    keep_consents,
    record_consents,
)
from participants.conf import contact_keys
from participants.models import Channel, Participant
from participants.names import latin
from participants.prepared import Prepared
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
        replays = _of_forms([_form_of(submission, place) for place in range(len(people))])
        if not replays:
            raise
        return [_as_it_is(one) for one in replays]


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
        _recognise(event, person, _form_of(submission, place), **known)
        for place, (person, known) in enumerate(zip(people, whose, strict=True))
    ]
    if comers[0].is_replay:
        return [_as_it_is(one) for one in _of_forms([one.submission for one in comers])]
    if reason := opens(event, now=now) or _not_for(event, source, allocation):
        raise RegistrationError(reason)
    _refuse_twice(comers)
    _part(comers)
    fresh = [one for one in comers if one.existing is None]
    # With those who are there already: that fewer seats are enough would tell a stranger of them.
    status = _status_for(event, _unit(comers, allocation), source, takes_over, now)
    for one in comers:
        if one.existing is not None:
            # One a day is enough to answer an honest second try, and no tool for filling somebody's mailbox.
            seats.tell("events.registered", one.existing, occurrence=f"again {timezone.localdate(now)}")
    if participant is not None and comers[0].existing is None:
        _remember_answers(comers[0].who, comers[0].person)
    made = _write(event, fresh, language, status, source=source, by=by, allocation=allocation, user=user, now=now)
    _keep_consents(event, made, language, by=by)
    _keep_answers(made)
    for one in made:
        if one.is_known and by is not None:
            audit.record(by, "attach", "registration", [one.registration.uuid])
        _keep_confidential(one.registration, one.person, one.who if one.is_known else None)
    for registration in seats.leads([one.registration for one in made]):
        seats.tell("events.registered", registration, occurrence=status)
    for one in made:
        if status == Status.CONFIRMED:
            _confirmed(one.registration, event)
    return [
        Outcome(one.existing or one.registration, created=one.existing is None, status=status) for one in comers
    ]


@dataclasses.dataclass
class _Comer:
    """Somebody of a form, with what is known of them: their row and all their rows, and a registration they have."""

    person: object
    submission: uuids.UUID
    who: Participant | None
    rows: list
    existing: Registration | None
    is_replay: bool
    registration: Registration | None = None
    is_known: bool = False


def _form_of(submission, place):
    """The submission of the one at this place of a form: each registration has its own, the same whenever it is sent."""
    return submission if place == 0 else uuids.uuid5(submission, str(place))


def _recognise(event, person, submission, *, participant=None, user=None):
    """Who that is. They are known by the contact that is answered to, and by no other that stands beside it: whoever wrote
    somebody else's next to their own would learn of them by what arrives, or does not.
    """
    answered = person.answered
    known, rows = _standing(
        participant
        or find_known(full_name=person.full_name, email=answered.email, phone=answered.phone, user=user)
    )
    person = believed(person, rows)
    found = _existing(event, known, answered, submission=submission)
    is_replay = found is not None and found.submission == submission
    if participant is not None and known is None and not is_replay:
        raise RegistrationError(_("Your data was erased meanwhile. To take part, register anew."))
    return _Comer(person, submission, known, rows, found, is_replay, is_known=known is not None)


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
            one.who, one.rows, one.is_known = None, [], False
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
        raise RegistrationError(_("All seats are taken, and this event has no waiting list."))
    return Status.WAITLISTED


def _write(event, comers, language, status, *, source, by, allocation, user, now):
    """Write the participants who are new and the registrations, in as many statements as for one."""
    if not comers:
        return []
    created = create_participants(
        [
            _details(one.person, language, user=user if one is comers[0] else None)
            for one in comers
            if one.who is None
        ]
    )
    for one in comers:
        one.who = one.who or created.pop(0)
    party = uuids.uuid4() if len(comers) > 1 else None
    for one in comers:
        one.registration = _new(
            event,
            one.who,
            one.person,
            language,
            rows=one.rows,
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
    page_cache.forget("events")
    return comers


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


@transaction.atomic
def add_walk_in(*, event, by, person, submission=None, saw_paper=False, now=None):
    """Register somebody who stands in the room: confirmed, though it be over the capacity, and past every queue.

    Many of them leave no contact to know them by, so the form (`submission`) tells a second click from a second person.
    `saw_paper` says that `by` saw the form that the parent or guardian of somebody under age has signed.
    """
    now = now or timezone.now()
    event = seats.lock(event)
    if (replay := _same_form(submission)) is not None:
        return replay
    if event.state != EventState.SCHEDULED:
        raise RegistrationError(_("People can be added to an event that is scheduled and not closed yet."))
    known, rows = _standing(find_known(full_name=person.full_name, email=person.email, phone=person.phone))
    person = believed(person, rows)
    existing = _existing(event, known, person, rows=Participant.objects.same_as)
    if existing is not None:
        if existing.status != Status.CONFIRMED:
            existing.move(Status.CONFIRMED, confirmed_at=now)
            _confirmed(existing, event)
        if existing.is_minor and saw_paper:
            return guardians.see_paper(registration=existing, by=by)
        return existing
    language = person.language or next(iter(event.languages), get_language())
    who = known or _create(person, language)
    registration = _new(
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
    _confirmed(registration, event)
    return registration


@transaction.atomic
def cancel_registration(*, registration, by=None, now=None):
    """Give the place back. The person may until the event begins, staff (`by`) until it is closed."""
    now = now or timezone.now()
    event, registration = _locked(registration)
    if registration.status == Status.CANCELLED:
        return registration
    if event.state == EventState.CLOSED or (by is None and seats.has_started(event, now)):
        raise MoveError(_("The event has begun; the registration can no longer be cancelled here."))
    _cancel(registration, now)
    seats.offer_free(event, now=now)
    return registration


def _cancel(registration, now):
    registration.move(Status.CANCELLED, ended_at=now)
    guardians.forget(Confidential.objects.filter(registration=registration))
    seats.tell("events.cancelled_registration", registration)
    signals.after_commit(signals.registration_ended, registration_id=registration.pk)


@transaction.atomic
def replace(*, registration, person, submission, language, by, now=None):
    """Cancel a colleague's place and register `person` of the same organisation instead of them.

    A seat that is set aside for the organisation is the new one's at once. Any other is everybody's: it goes to whoever
    waits first, and the new one stands at the end of the line. Returns the new one's Outcome.
    """
    now = now or timezone.now()
    if (replay := _same_form(submission)) is not None:
        return _as_it_is(replay)
    event, registration = _locked(registration)
    _need_active(registration)
    if seats.has_started(event, now):
        raise MoveError(_("The event has begun; the registration can no longer be cancelled here."))
    allocation = event.allocations.standing(now).filter(pk=registration.allocation_id).first()
    takes_over = allocation is not None and registration.status in Status.holding_a_seat()
    _cancel(registration, now)
    if not takes_over:
        seats.offer_free(event, now=now)
    outcome = register(
        event=event,
        person=dataclasses.replace(person, group=registration.group),
        submission=submission,
        language=language,
        source=Source.COLLEAGUE,
        by=by,
        allocation=allocation,
        takes_over=takes_over,
        now=now,
    )
    # What is left: the new one was registered before, or has to be approved first.
    seats.offer_free(event, now=now)
    return outcome


@transaction.atomic
def accept_offer(*, registration, now=None):
    """Take the seat that was offered, while the offer stands. Accepting twice is accepting once."""
    now = now or timezone.now()
    event, registration = _locked(registration)
    if registration.status == Status.CONFIRMED:
        return registration
    if registration.status == Status.WAITLISTED or (
        registration.status == Status.OFFERED and registration.offer_expires_at <= now
    ):
        raise OfferExpiredError(
            _(
                "The time to take this seat is over, and it has gone to the next in line. You are on the waiting list."
            )
        )
    if event.state != EventState.SCHEDULED:
        raise MoveError(_("This event is no longer open."))
    # Also where those who come with them were offered seats: these are not taken by somebody who gave theirs back.
    _need_active(registration)
    if registration.status == Status.PENDING:
        raise MoveError(_("No seat was offered for this registration."))
    together = _together(event, registration, Status.OFFERED)
    for one in together:
        one.move(Status.CONFIRMED, confirmed_at=now)
        _confirmed(one, event)
    for one in seats.leads(together):
        seats.tell("events.registered", one, occurrence=Status.CONFIRMED)
    return next(one for one in together if one == registration)


def _need_active(registration):
    if not registration.is_active:
        raise MoveError(
            _("This registration is “%(status)s” already.") % {"status": registration.get_status_display()}
        )


def _together(event, registration, status):
    """The registration and those who come with it that stand alike, in the order in which they were made."""
    if registration.party is None:
        return [registration]
    rows = event.registrations.filter(party=registration.party, status=status)
    return list(rows.select_related("participant").order_by("pk"))


@transaction.atomic
def approve(*, registration, by, now=None):
    """Let somebody in who waited for approval: to a seat if one is free for newcomers, otherwise to the line."""
    now = now or timezone.now()
    event, registration = _locked(registration)
    if registration.status != Status.PENDING:
        raise MoveError(_("This registration does not wait for approval."))
    if event.state != EventState.SCHEDULED:
        raise MoveError(_("This event is no longer open."))
    if seats.admits(event, Unit(None, 1, registration.allocation_id, registration.group_id), now):
        _confirm(registration, event, now)
    else:
        registration.move(Status.WAITLISTED, queued_at=now)
        seats.tell("events.registered", registration, occurrence=Status.WAITLISTED)
    return registration


@transaction.atomic
def decline(*, registration, by, now=None):
    now = now or timezone.now()
    event, registration = _locked(registration)
    if registration.status == Status.DECLINED:
        return registration
    registration.move(Status.DECLINED, ended_at=now)
    guardians.forget(Confidential.objects.filter(registration=registration))
    seats.tell("events.declined", registration)
    signals.after_commit(signals.registration_ended, registration_id=registration.pk)
    seats.offer_free(event, now=now)
    return registration


@transaction.atomic
def promote(*, event, now=None):
    """Take back offers that ran out and offer free seats to those who wait. Returns whom a seat was offered."""
    return seats.offer_free(seats.lock(event), now=now)


@transaction.atomic
def set_priority(*, registration, priority, by):
    """Let somebody who waits, and whoever comes with them, go before those of a lower priority. 0 is everybody's."""
    event, registration = _locked(registration)
    if registration.status != Status.WAITLISTED:
        raise MoveError(_("This registration does not wait for a seat."))
    for one in _together(event, registration, Status.WAITLISTED):
        one.priority = priority
        one.save(update_fields=["priority"])
    audit.record(by, "change_priority", "registration", [registration.uuid])
    seats.offer_free(event)
    return registration


@transaction.atomic
def change_answers(*, registration, group=None, replies=None, access_needs=None, now=None):
    """The person changes what they answered, until the registration's deadline. None leaves an answer as it is.

    Another parallel `group` takes a free seat there; somebody who waits keeps their place and waits for that group.
    Returns the registration; whoever comes with them changes the group, too.
    """
    now = now or timezone.now()
    event, registration = _locked(registration)
    registration.event = event
    if not may_change(registration, now):
        raise MoveError(_("The time to change this registration is over."))
    if group is not None and group.pk != registration.group_id:
        _change_group(event, registration, group, now)
    if replies:
        questions.keep((registration, question, reply) for question, reply in replies.items())
    if access_needs is not None:
        _change_needs(registration, access_needs)
    return registration


def may_change(registration, now):
    """Whether the answers of a registration, whose event is read `with_times`, can still be changed."""
    event = registration.event
    return registration.is_active and event.state == EventState.SCHEDULED and seats.deadline(event) > now


def _change_group(event, registration, group, now):
    together = _together(event, registration, registration.status)
    if registration.status in Status.holding_a_seat():
        stock, _waits = seats.read(event, now)
        free = stock.free().get(("group", group.pk))
        waiting = event.registrations.filter(status=Status.WAITLISTED, group=group).exists()
        if free is not None and (waiting or free < len(together)):
            raise MoveError(_("No seat is free in this group."))
    left = registration.group_id
    for one in together:
        one.group = group
        one.save(update_fields=["group"])
    registration.group = group
    for one in seats.leads(together):
        _tell_of_group(one, left)
    seats.offer_free(event, now=now)


def _tell_of_group(registration, left):
    """How often is a part of it: the calendar's entries go and come again as often, and each time anew."""
    if left is None:
        return
    before = Message.objects.filter(purpose=GROUP_CHANGED, subject_key=str(registration.uuid)).count()
    seats.tell(GROUP_CHANGED, registration, occurrence=f"{before + 1} from {left}")


def _change_needs(registration, access_needs):
    held = Confidential.objects.filter(registration=registration).first()
    if held is None and access_needs:
        Confidential.objects.create(registration=registration, access_needs=access_needs)
    elif held is not None:
        held.access_needs = access_needs
        held.save(update_fields=["access_needs"])


def _locked(registration):
    event = seats.lock(registration.event)
    return event, event.registrations.select_related("participant").get(pk=registration.pk)


def _confirm(registration, event, now):
    registration.move(Status.CONFIRMED, confirmed_at=now)
    seats.tell("events.registered", registration, occurrence=Status.CONFIRMED)
    _confirmed(registration, event)


def _confirmed(registration, event):
    if event.course is not None:
        courses.enrol(
            participant=registration.participant,
            course=event.course,
            source=f"registration:{registration.uuid}",
            on=event.starts_on,
        )
    signals.after_commit(signals.registration_confirmed, registration_id=registration.pk)


def _same_form(submission):
    """The registration that this very form made before; somebody registered without a form has none."""
    return None if submission is None else next(iter(_of_forms([submission])), None)


def _of_forms(submissions):
    """The registrations that these forms made, in the order in which they are given."""
    found = Registration.objects.filter(submission__in=submissions).select_related("participant")
    return sorted(found, key=lambda one: submissions.index(one.submission))


def _standing(known):
    """The row of somebody who is known and all rows of that person; (None, []) if they were erased since it was read.

    They are locked until the transaction ends, and erasing waits for the same locks: whoever is erased gets nothing
    written back, and what was written before is erased with the rest.
    """
    if known is None:
        return None, []
    standing = Participant.objects.same_as(known).filter(erased_at=None).order_by("pk")
    rows = list(standing.select_for_update())
    who = next((row for row in rows if row.pk == known.pk), None)
    return (who, rows) if who is not None else (None, [])


def _existing(event, known, person, rows=Participant.objects.seen_by, submission=None):
    """The active registration of this person at this event, by who they are or by contact and name, or, before all, what
    the same form made.

    Whoever registers themselves meets what they may see; staff, who stand before them, all that was merged.
    """
    digests = [(person.name_digest(version), person.contact_digests(version)) for version in contact_keys()]
    if known is not None:
        same = Q(participant__in=rows(known)) | _of_this_contact(digests)
        found = _here(event.pk, same, submission)
    elif digests[0][1] or submission is not None:
        shape = tuple(len(contacts) for _name, contacts in digests)
        values = [value for name, contacts in digests for value in (name, *contacts)]
        found = _same_contact(shape, submission is not None).rows(
            event.pk, *values, *([submission] if submission is not None else [])
        )
    else:
        return None
    found = list(found)
    return next((one for one in found if submission and one.submission == submission), next(iter(found), None))


def _of_this_contact(digests):
    same = Q(pk__in=[])
    for name, contacts in digests:
        if contacts:
            same |= Q(name_digest=name, contact_digest__in=contacts)
    return same


def _here(event, same, submission):
    here = Q(same, event=event, status__in=Status.active())
    if submission is not None:
        here |= Q(submission=submission)
    return Registration.objects.filter(here)


@functools.cache
def _same_contact(shape, by_form):
    """The statement for a stranger: `shape` says how many contacts there are under each key."""

    def rows(event, *values):
        given = iter(values)
        digests = [(next(given), [next(given) for _contact in range(contacts)]) for contacts in shape]
        return _here(event, _of_this_contact(digests), next(given, None))

    return Prepared(
        Registration, rows, int, *[str] * sum(1 + n for n in shape), *([uuids.UUID] if by_form else [])
    )


def _details(person, language, **fields):
    return {
        "full_name": person.full_name,
        "latin_name": person.latin_name or latin(person.full_name),
        "email": person.email,
        "phone": person.phone,
        "language": language,
        **fields,
        **person.attributes,
    }


def _create(person, language):
    return create_participant(**_details(person, language))


def _new(event, participant, person, language, *, rows, by, **fields):
    registration = Registration(
        event=event,
        participant=participant,
        contact_digest=next(iter(person.contact_digests()), ""),
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


def _keep_confidential(registration, person, known):
    """Keep what only the event's trainers may read, and ask the guardian of somebody under age.

    A contact of the young person's own is no guardian's. That it is one, a form says only to those who proved
    themselves; of anybody else it is left out in silence, and the trainers see that nobody has agreed.
    """
    guardian = person.guardian if registration.is_minor else None
    if guardian is not None and person.relative is None:
        own = guardians.own_contacts(guardian, {"email": person.email, "phone": person.phone}, known)
        guardian = dataclasses.replace(guardian, **dict.fromkeys(own, ""))
    if guardian is None and person.relative is None and not person.access_needs:
        return
    held = Confidential(registration=registration, access_needs=person.access_needs)
    if person.relative is not None:
        held.relative_name, held.relative_relation = person.relative.name, person.relative.relation
    if guardian is not None:
        guardians.name(held, guardian)
    held.save(force_insert=True)
    guardians.ask(registration, held)


def _remember_answers(participant, person):
    """Somebody who opened their own form corrects what we hold; it is the default of their next participation."""
    changed = {name: value for name, value in person.attributes.items() if getattr(participant, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(participant, name, value)
        participant.save(update_fields=list(changed))


def _as_it_is(registration):
    return Outcome(registration, created=False, status=registration.status)


def expire_offers(*, now=None):
    """Go through the events where an offer ran out or a free seat waits for its offer. Returns how many got one."""
    now = now or timezone.now()
    # A day back, since the last day ends later in some zones than in ours.
    held = Q(event__state=EventState.SCHEDULED, event__ends_on__gte=timezone.localdate(now) - dt.timedelta(days=1))
    waiting = Registration.objects.filter(
        Q(held, status=Status.WAITLISTED) | Q(status=Status.OFFERED, offer_expires_at__lte=now)
    )
    events = {registration.event_id: registration.event for registration in waiting.select_related("event")}
    return sum(len(promote(event=event, now=now)) for _pk, event in sorted(events.items()))
