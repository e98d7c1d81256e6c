import dataclasses
import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses import actions as courses
from events import guardians, seats, signals
from events.exceptions import MoveError, OfferExpiredError, RegistrationError
from events.models import Confidential, EventState, GuardianConsent, Registration, Source, Status
from events.people import believed, freeze, is_under_age
from participants.actions import create_participant, find_known, record_consents
from participants.conf import contact_keys
from participants.models import Channel, Participant
from safeguarding import audit


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


@transaction.atomic
def register(
    *, event, person, submission, language, user=None, participant=None, source=Source.SELF, by=None, now=None
):
    """Give the person a seat, a place on the waiting list, or a place among those whom the trainer approves.

    `participant` is somebody who is known beyond doubt (they opened their personal link); `user` is who is logged in
    and speaks of themselves; `by` is the member of staff who registers somebody else.
    """
    now = now or timezone.now()
    event = seats.lock(event)
    replay = _same_form(submission)
    if replay is not None:
        return _as_it_is(replay)
    if reason := opens(event, now=now):
        raise RegistrationError(reason)

    known, rows = _standing(
        participant or find_known(full_name=person.full_name, email=person.email, phone=person.phone, user=user)
    )
    if participant is not None and known is None:
        raise RegistrationError(_("Your data was erased meanwhile. To take part, register anew."))
    person = believed(person, rows)
    existing = _existing(event, known, person)
    count = seats.count(event)
    status = seats.status_for_newcomer(event, count)
    if source == Source.STAFF and status == Status.PENDING:
        status = Status.CONFIRMED if count.for_newcomers else Status.WAITLISTED
    if existing is not None:
        # One a day is enough to answer an honest second try, and no tool for filling somebody's mailbox.
        seats.tell("events.registered", existing, occurrence=f"again {timezone.localdate(now)}")
        return Outcome(existing, created=False, status=status)

    if participant is not None:
        _remember_answers(known, person)
    try:
        with transaction.atomic():
            who = known or _create(person, language, user=user)
            registration = _new(
                event, who, person, language, rows=rows, submission=submission, source=source, by=by
            )
            registration.status = status
            registration.confirmed_at = now if status == Status.CONFIRMED else None
            registration.queued_at = registration.created_at = now
            registration.save(force_insert=True)
    except IntegrityError:
        # The same form was sent for two events at once: the row's lock of one does not guard the other.
        replay = _same_form(submission)
        if replay is None:
            raise
        return _as_it_is(replay)
    record_consents(
        who,
        person.consents,
        language=language,
        channel=Channel.WEB if by is None else Channel.SPOKEN,
        by=by,
        subject_key=event.subject_key,
        texts=person.texts,
    )
    if known is not None and by is not None:
        audit.record(by, "attach", "registration", [registration.uuid])
    _keep_confidential(registration, person, known)
    seats.tell("events.registered", registration, occurrence=status)
    if status == Status.CONFIRMED:
        _confirmed(registration, event)
    return Outcome(registration, created=True, status=status)


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
    registration.move(Status.CANCELLED, ended_at=now)
    guardians.forget(Confidential.objects.filter(registration=registration))
    seats.tell("events.cancelled_registration", registration)
    signals.after_commit(signals.registration_ended, registration_id=registration.pk)
    seats.offer_free(event, now=now)
    return registration


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
    if registration.status == Status.PENDING:
        raise MoveError(_("No seat was offered for this registration."))
    _confirm(registration, event, now)
    return registration


@transaction.atomic
def approve(*, registration, by, now=None):
    """Let somebody in who waited for approval: to a seat if one is free for newcomers, otherwise to the line."""
    now = now or timezone.now()
    event, registration = _locked(registration)
    if registration.status != Status.PENDING:
        raise MoveError(_("This registration does not wait for approval."))
    if event.state != EventState.SCHEDULED:
        raise MoveError(_("This event is no longer open."))
    if seats.count(event).for_newcomers:
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
    if submission is None:
        return None
    return Registration.objects.filter(submission=submission).select_related("participant").first()


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


def _existing(event, known, person, rows=Participant.objects.seen_by):
    """The active registration of this person at this event, by who they are or by contact and name.

    Whoever registers themselves meets what they may see; staff, who stand before them, all that was merged.
    """
    same = Q()
    if known is not None:
        same |= Q(participant__in=rows(known))
    for version in contact_keys():
        if digests := person.contact_digests(version):
            same |= Q(contact_digest__in=digests, name_digest=person.name_digest(version))
    if not same:
        return None
    return event.registrations.active().filter(same).select_related("participant").first()


def _create(person, language, **fields):
    return create_participant(
        full_name=person.full_name,
        latin_name=person.latin_name,
        email=person.email,
        phone=person.phone,
        language=language,
        **fields,
        **person.attributes,
    )


def _new(event, participant, person, language, *, rows, by, **fields):
    registration = Registration(
        event=event,
        participant=participant,
        contact_digest=next(iter(person.contact_digests()), ""),
        name_digest=person.name_digest(),
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
    if guardian is not None:
        own = guardians.own_contacts(guardian, {"email": person.email, "phone": person.phone}, known)
        guardian = dataclasses.replace(guardian, **dict.fromkeys(own, ""))
    if guardian is None and not person.access_needs:
        return
    held = Confidential(registration=registration, access_needs=person.access_needs)
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
