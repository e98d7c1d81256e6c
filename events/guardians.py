"""The consent of a parent or guardian of somebody under age: asked by a one-time link, or seen on paper by a trainer."""

import datetime as dt

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import conf, recognising, seats
from events.exceptions import GuardianError
from events.models import Confidential, GuardianConsent, Registration
from notifications import actions as notifications
from notifications.models import Message, MessageChannel
from participants.actions import known_digests, record_consents
from participants.models import Channel, Consent, ContactKey, ContactKind, Giver, Participant, Purpose
from safeguarding import audit

# Not that of the personal links: a guardian's link opens nothing of the young person's, nor the reverse.
_SALT = "oberih.events.guardian"
MESSAGE = "events.guardian"


def token(registration, version, *, now=None):
    now = now or timezone.now()
    return signing.dumps([str(registration.uuid), version, now.timestamp()], salt=_SALT)


def from_token(value):
    """The registration of a guardian's link and the instant at which the link was made; (None, None) if it is dead.

    Dead is what is forged, older than the days it lasts, replaced by a newer one, and of a place that was given back
    or an event that is over: what the guardian was asked by is deleted then.
    """
    try:
        uuid, version, made = signing.loads(value, salt=_SALT, max_age=conf.guardian_link_days() * 86_400)
    except (signing.BadSignature, ValueError, TypeError):
        return None, None
    found = (
        Registration.objects.active()
        .filter(uuid=uuid, confidential__guardian_link_version=version)
        .exclude(guardian_consent="")
        .select_related("event", "participant", "confidential")
        .first()
    )
    return (found, made) if found else (None, None)


def answered_since(registration, made):
    """The guardian's answer that came after a link was made, or None: a link takes one answer."""
    return _answers(registration).filter(at__gte=_instant(made)).last()


def own_contacts(guardian, said, known=None):
    """The kinds of a guardian's contacts that are the young person's own: nobody consents for themselves.

    `said` are the contacts that were given with it, by kind; `known` is the participant, if they are known.
    """
    given = {kind: getattr(guardian, kind) for kind in ContactKind.values if getattr(guardian, kind)}
    own = {kind for kind, value in given.items() if said.get(kind) == value}
    if known is not None and given:
        digests = [digest for kind, value in given.items() for digest in known_digests(kind, value)]
        keys = ContactKey.objects.filter(participant__in=Participant.objects.same_as(known), digest__in=digests)
        own |= set(keys.values_list("kind", flat=True))
    return own


def name(held, guardian):
    """Write into confidential answers who is asked. An earlier link opens nothing any more."""
    held.guardian_name, held.guardian_relation = guardian.name, guardian.relation
    held.guardian_email, held.guardian_phone = guardian.email, guardian.phone
    held.guardian_link_version += 1


def ask(registration, held):
    """Owe the guardian of the confidential answers `held` the newest link. Returns whether there is a contact."""
    if held.guardian_email:
        to = (MessageChannel.EMAIL, held.guardian_email)
    elif held.guardian_phone:
        to = (MessageChannel.SMS, held.guardian_phone)
    else:
        return False
    return notifications.owe(
        MESSAGE,
        participant=registration.participant,
        subject_key=str(registration.uuid),
        occurrence=held.guardian_link_version,
        language=registration.language,
        to=to,
    )


@transaction.atomic
def answer(*, link, given, full_name, text, language):
    """The guardian decides on the page that their link opens. Returns the registration."""
    registration, made = from_token(link)
    if registration is None:
        raise GuardianError(_("This link is no longer valid."))
    registration = _locked(registration)
    # Again under the lock: of two answers at once the first counts.
    if from_token(link)[0] is None or answered_since(registration, made) is not None:
        raise GuardianError(_("This link was answered already."))
    held = registration.confidential
    held.guardian_name = full_name
    held.save(update_fields=["guardian_name"])
    return _decide(registration, given, channel=Channel.WEB, language=language, texts={text.purpose: text})


@transaction.atomic
def see_paper(*, registration, by):
    """A trainer saw the form that the guardian signed. The paper itself is not kept here."""
    registration = _locked(registration)
    if registration.guardian_consent == GuardianConsent.GIVEN:
        return registration
    return _decide(registration, True, channel=Channel.PAPER, by=by)


@transaction.atomic
def withdraw(*, registration, by):
    """The guardian told a trainer that they do not agree, or no longer."""
    registration = _locked(registration)
    if registration.guardian_consent == GuardianConsent.REFUSED:
        return registration
    return _decide(registration, False, channel=Channel.SPOKEN, by=by)


@transaction.atomic
def ask_again(*, registration, by, guardian):
    """Correct who is asked and how, and send a new link, also to somebody who wants to change their answer."""
    registration = _locked(registration)
    held, _made = Confidential.objects.select_for_update().get_or_create(registration=registration)
    name(held, guardian)
    held.save()
    audit.record(by, "ask_guardian", "registration", [registration.uuid])
    return ask(registration, held)


def forget(rows):
    """Delete confidential answers, and the messages that carry a guardian's contact. Returns how many rows."""
    keys = [str(uuid) for uuid in rows.values_list("registration__uuid", flat=True)]
    Message.objects.filter(purpose=MESSAGE, subject_key__in=keys).delete()
    _count, by_model = rows.delete()
    return by_model.get(Confidential._meta.label, 0)


def _locked(registration):
    seats.lock(registration.event)
    fresh = Registration.objects.select_related("event", "participant", "confidential").get(pk=registration.pk)
    who, _rows = recognising.standing(fresh.participant)
    if who is None or not fresh.is_minor or not fresh.is_active:
        raise GuardianError(_("No parent or guardian has to be asked for this registration."))
    return fresh


def _decide(registration, given, *, channel, language="", by=None, texts=None):
    record_consents(
        registration.participant,
        {Purpose.GUARDIAN: given},
        language=language or registration.language,
        channel=channel,
        by=by,
        giver=Giver.GUARDIAN,
        subject_key=registration.event.subject_key,
        texts=texts,
    )
    registration.guardian_consent = GuardianConsent.GIVEN if given else GuardianConsent.REFUSED
    registration.save(update_fields=["guardian_consent"])
    return registration


def _answers(registration):
    return Consent.objects.filter(
        participant=registration.participant_id,
        text__purpose=Purpose.GUARDIAN,
        giver=Giver.GUARDIAN,
        subject_key=registration.event.subject_key,
    ).order_by("at", "pk")


def _instant(made):
    return dt.datetime.fromtimestamp(made, dt.UTC)
