"""Registering the people of a list, and giving the place of one who cannot come to somebody else."""

import dataclasses
import uuid as uuids

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import actions, seats
from events.colleagues import reach
from events.colleagues.planning import FATE_OF, Fate, Plan, Seating
from events.exceptions import RegistrationError
from events.models import RegistrationList, Source
from participants.codes import Sex
from participants.models import Purpose
from safeguarding import audit
from safeguarding.limits import Limit

# Each row sends a message to that contact; several may share the mailbox of their office.
PER_CONTACT = Limit("events.colleagues.contact", "20/h")
# How many people a focal point registers.
PEOPLE = Limit("events.colleagues.people", "600/d")


@dataclasses.dataclass(frozen=True)
class Told:
    """What the focal point says of all whom they register: that each was told these texts and agreed.

    `texts` maps purposes to the texts that stood on the page, `counted` says whether they also agreed to be counted by
    their answers, and `language` is that of the messages.
    """

    texts: dict
    counted: bool
    language: str

    def by(self, person, organisation):
        """The person as they may be kept. That they come from the organisation is known of whomever it registers."""
        asked = [Purpose.REGISTER, *([Purpose.STATISTICS] if self.counted else [])]
        answers = {} if self.counted else {"sex": Sex.UNKNOWN, "category": None, "birth_year": None}
        return dataclasses.replace(
            person,
            **answers,
            organisation=organisation,
            language=self.language,
            consents=dict.fromkeys(asked, True),
            texts={purpose: self.texts[purpose] for purpose in asked},
        )


def register_list(*, batch, place, by, told, now=None):
    """Register everybody of a RegistrationList whose rows are all right; otherwise raises RegistrationError.

    Each in a transaction of their own, so that nobody else waits for all of them; the same list sent twice, or anew after
    it broke off, registers everybody once. Returns [[line, name, fate, reason]].
    """
    batch.refresh_from_db()
    if batch.done_at is not None:
        return batch.results
    plan = Plan(place, batch.rows, by, now=now)
    if plan.wrong:
        raise RegistrationError(_("Some rows are to be corrected first. Nobody was registered."))
    if reason := place.closed(now):
        raise RegistrationError(reason)
    results = [_of_row(batch, place, row, by=by, told=told, now=now) for row in plan.rows]
    RegistrationList.objects.filter(pk=batch.pk).update(rows=[], results=results, done_at=timezone.now())
    return results


def _of_row(batch, place, row, *, by, told, now):
    person = told.by(row.person, place.organisation)
    if PER_CONTACT.seconds_to_wait(person.email or person.phone):
        fate, reason = Fate.REFUSED, _("Too many messages went to this contact within the hour.")
    else:
        try:
            fate, reason = _register(place, person, uuids.uuid5(batch.uuid, str(row.line)), by, told, now), ""
        except RegistrationError as error:
            fate, reason = Fate.REFUSED, str(error)
    return [row.line, row.name, fate.value, reason]


@transaction.atomic
def _register(place, person, submission, by, told, now):
    now = now or timezone.now()
    locked = dataclasses.replace(place, event=seats.lock(place.event))
    _status, is_set_aside = Seating(locked, now).take(person.group)
    outcome = actions.register(
        event=locked.event,
        person=person,
        submission=submission,
        language=told.language,
        source=Source.COLLEAGUE,
        by=by,
        allocation=place.allocation if is_set_aside else None,
        now=now,
    )
    return _fate(outcome, place, submission, by)


def _fate(outcome, place, submission, by):
    """What the focal point is told: of somebody who was there already without their doing, what a newcomer would be."""
    mine = outcome.registration
    if outcome.created:
        audit.record(by, "register", "registration", [mine.uuid])
    elif mine.submission != submission and reach.people(by, place).filter(pk=mine.pk).exists():
        return Fate.THERE
    return FATE_OF.get(outcome.status, Fate.REFUSED)


@transaction.atomic
def cancel(*, registration, by, now=None):
    """Take back the place of somebody whom the organisation registered. They are told."""
    actions.cancel_registration(registration=registration, now=now)
    audit.record(by, "cancel", "registration", [registration.uuid])


@transaction.atomic
def replace(*, registration, place, person, submission, by, told, now=None):
    """Give the place of somebody whom the organisation registered to `person`, as `actions.replace` does."""
    outcome = actions.replace(
        registration=registration,
        person=told.by(person, place.organisation),
        submission=submission,
        language=told.language,
        by=by,
        now=now,
    )
    if outcome.registration.submission != submission or outcome.created:
        audit.record(by, "cancel", "registration", [registration.uuid])
    return _fate(outcome, place, submission, by)
