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


def asked_about(registration, made):
    """Those about whom the link of a registration asks, in the order in which they were named.

    It is the one the link was made for, unless they were answered about since, and whoever has no answer yet and was
    registered with them by the same relative: one message asks about all of a family.
    """
    asked = [one for one in together(registration) if one.guardian_consent == GuardianConsent.MISSING]
    if answered_since(registration, made) is None:
        asked.append(registration)
    return sorted(asked, key=lambda one: one.pk)


def together(registration):
    """The others whom the same form registered, and about whom the same contact is asked."""
    held = getattr(registration, "confidential", None)
    if registration.party is None or held is None or not held.relative_name:
        return []
    rows = Registration.objects.active().filter(
        party=registration.party,
        confidential__guardian_email=held.guardian_email,
        confidential__guardian_phone=held.guardian_phone,
    )
    rows = rows.exclude(guardian_consent="").exclude(confidential__relative_name="").exclude(pk=registration.pk)
    return list(rows.select_related("event", "participant", "confidential").order_by("pk"))


def answered_since(registration, made):
    """The guardian's answer about somebody that came after a link was made, or None: a link takes one."""
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


def ask_each(rows):
    """Owe the guardians of these confidential answers of one form their links: one to each contact, about all of them."""
    asked = set()
    for held in rows:
        contact = held.guardian_email, held.guardian_phone
        if contact not in asked:
            asked.add(contact)
            ask(held.registration, held)


@transaction.atomic
def answer(*, link, given, full_name, text, language):
    """The guardian decides on the page that their link opens. `given` is {key of a registration: whether they agree}."""
    registration, made = from_token(link)
    if registration is None:
        raise GuardianError(_("This link is no longer valid."))
    seats.lock(registration.event)
    # Again under the lock: of two answers at once the first counts.
    registration, made = from_token(link)
    asked = [one for one in asked_about(registration, made) if one.pk in given] if registration else []
    if not asked:
        raise GuardianError(_("This link was answered already."))
    for one in asked:
        one.confidential.guardian_name = full_name
        one.confidential.save(update_fields=["guardian_name"])
        _decide(one, given[one.pk], channel=Channel.WEB, language=language, texts={text.purpose: text})


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
    registration.confidential = held
    others = _led_by(registration)
    name(held, guardian)
    held.save()
    audit.record(by, "ask_guardian", "registration", [registration.uuid])
    with_them = together(registration)
    _ask_without([one for one in others if one not in with_them])
    return ask(registration, held)


def give_up(registration):
    """Forget who was asked about somebody who has given their place back."""
    others = _led_by(registration)
    forget(Confidential.objects.filter(registration=registration))
    _ask_without(others)


def _led_by(registration):
    """The others without an answer about whom the message of this one asks."""
    if registration.party is None or not registration.is_minor:
        return []
    if not Message.objects.filter(purpose=MESSAGE, subject_key=str(registration.uuid)).exists():
        return []
    return [one for one in together(registration) if one.guardian_consent == GuardianConsent.MISSING]


def _ask_without(others):
    """Ask about these anew: the link that asked about them was somebody's who is not among them any more."""
    for one in others[:1]:
        ask(one, one.confidential)


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
