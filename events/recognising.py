"""Who somebody is, and whether they, or the form that was sent, stand in the register of an event already."""

import functools
import uuid as uuids

from django.db.models import Q

from events.models import Registration, Source, Status
from participants.conf import contact_keys
from participants.models import Participant
from participants.prepared import Prepared


def of_form(submission):
    """The registration that this very form made before; somebody registered without a form has none."""
    return None if submission is None else next(iter(of_forms([submission])), None)


def of_forms(submissions):
    """The registrations that these forms made, in the order in which they are given."""
    found = Registration.objects.filter(submission__in=submissions).select_related("participant")
    return sorted(found, key=lambda one: submissions.index(one.submission))


def standing(known):
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


def existing_of(event, known, person, rows=Participant.objects.seen_by, submission=None):
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


# An onlooker is who sees, besides the person, what comes of a form: the organisation that registers its people, or the
# parent or guardian whom the form names. Anybody can be named as that, and neither may learn who is there already: what
# they know of is a registration, and beside any other a new one is made, of somebody whom nobody knows.


def onlooker_of(person, source):
    """The onlooker of a form, as a key; "" if there is none."""
    if source == Source.COLLEAGUE and person.organisation is not None:
        return organisation_as_onlooker(person.organisation.pk)
    if person.guardian is not None and person.relative is None:
        return _guardian_as_onlooker(person.guardian.email, person.guardian.phone)
    return ""


def organisation_as_onlooker(pk):
    return f"organisation {pk}"


def _guardian_as_onlooker(email, phone):
    return f"guardian {email or phone}"


def onlookers_of(registration):
    """Those who know of a registration, as keys."""
    held = getattr(registration, "confidential", None)
    known_to = [] if held is None else [_guardian_as_onlooker(held.guardian_email, held.guardian_phone)]
    return [*known_to, organisation_as_onlooker(registration.organisation_id)]


def existing_for(event, known, person, onlooker, *, submission):
    """(the registration that `existing_of` would find and the onlooker knows of, whether there is one of which they do not)."""
    digests = [
        (
            person.name_digest(version),
            person.contact_digests(version) + person.contact_digests(version, onlooker=onlooker),
        )
        for version in contact_keys()
    ]
    same = _of_this_contact(digests)
    if known is not None:
        same |= Q(participant__in=Participant.objects.seen_by(known))
    found = list(_here(event.pk, same, submission).select_related("confidential"))
    theirs = [one for one in found if one.submission == submission or onlooker in onlookers_of(one)]
    theirs.sort(key=lambda one: one.submission != submission)
    return next(iter(theirs), None), len(theirs) < len(found)


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
