import functools

from django.db import transaction
from django.utils import timezone

from participants.conf import contact_keys
from participants.contacts import digest, normal_email
from participants.models import (
    UNANSWERED,
    Channel,
    Consent,
    ConsentText,
    ContactKey,
    ContactKind,
    Giver,
    Participant,
    Purpose,
)
from participants.names import contradict, fold, latin
from participants.prepared import Prepared
from participants.signals import consent_changed


def contact_digests(*, email="", phone=""):
    """(kind, key version, HMAC) of each contact given."""
    given = [(ContactKind.EMAIL, email), (ContactKind.PHONE, phone)]
    return [(kind, *digest(kind, value)) for kind, value in given if value]


def known_digests(kind, value):
    """The HMACs of a contact under every key there is: what was written under an older one is found, too."""
    return [digest(kind, value, version)[1] for version in contact_keys()]


def find_known(*, full_name, email="", phone="", user=None):
    """The participant whom these details name beyond doubt, or None; of merged rows the one who is counted, unless no
    proven contact says that they are one: a merge alone lets nobody act as somebody else.

    That is the user's own, or the only one who proved to own this contact and whose name does not contradict. Anything
    less is a suggestion for a person to decide.
    """
    if user is not None and user.is_authenticated:
        mine = Participant.objects.select_related("merged_into").filter(user=user).first()
        if mine is not None:
            return mine.seen_as
    given = [(ContactKind.EMAIL, email), (ContactKind.PHONE, phone)]
    digests = [one for kind, value in given if value for one in known_digests(kind, value)]
    if not digests:
        return None
    return beyond_doubt(_owners(len(digests)).rows(*digests), fold(full_name))


@functools.cache
def _owners(contacts):
    """The statement for those who proved to own one of so many contacts: most people own none, and all are asked."""

    def rows(*digests):
        keys = ContactKey.objects.filter(digest__in=digests, verified_at__isnull=False)
        return Participant.objects.filter(pk__in=keys.values("participant"), erased_at=None)

    return Prepared(Participant, rows, *[str] * contacts)


def beyond_doubt(owners, folded):
    """Of those who proved to own a contact, the one whom a folded name does not contradict; None if that is no one, or two."""
    matching = {owner.seen_as for owner in owners if not contradict(owner.name_key, folded)}
    if len(matching) > 1 and len({owner.root_id for owner in matching}) == 1:
        # Two rows of one person are no question.
        return next(iter(matching)).root
    return matching.pop() if len(matching) == 1 else None


@transaction.atomic
def create_participant(*, full_name, email="", phone="", latin_name="", **attributes):
    """A new participant with their contact keys. `attributes` are the fields of `Participant` by name."""
    email = normal_email(email)
    participant = Participant.objects.create(
        full_name=full_name,
        latin_name=latin_name or latin(full_name),
        name_key=fold(full_name),
        email=email,
        phone=phone,
        **attributes,
    )
    ContactKey.objects.bulk_create(
        ContactKey(participant=participant, kind=kind, key_version=version, digest=value)
        for kind, version, value in contact_digests(email=email, phone=phone)
    )
    return participant


@transaction.atomic(savepoint=False)
def create_participants(rows):
    """The same for many: `rows` are dictionaries of the arguments. The statements do not grow with them."""
    made = []
    for given in rows:
        name = given["full_name"]
        fields = {**given, "email": normal_email(given.get("email", ""))}
        fields["latin_name"] = fields.get("latin_name") or latin(name)
        made.append(Participant(name_key=fold(name), **fields))
    Participant.objects.bulk_create(made)
    ContactKey.objects.bulk_create(
        ContactKey(participant=one, kind=kind, key_version=version, digest=value)
        for one in made
        for kind, version, value in contact_digests(email=one.email, phone=one.phone)
    )
    return made


@transaction.atomic
def verify_contact(participant, kind):
    """The participant opened something that only the owner of this contact could open.

    The first that is proved says whose row it is. What was typed beside it may be a stranger's, who waited for that: it
    goes, and with it every link that was sent there (`identity.from_token`). The link that proved it may be opened again.
    """
    locked = Participant.objects.select_for_update().get(pk=participant.pk)
    keys = locked.contact_keys
    if not keys.proved().exists() and keys.filter(kind=kind).exists():
        unproved = [other for other in ContactKind if other != kind]
        keys.filter(kind__in=unproved).delete()
        blank = dict.fromkeys(unproved, "")
        Participant.objects.filter(pk=locked.pk).update(**blank)
        for name, value in blank.items():
            setattr(participant, name, value)
    keys.filter(kind=kind, verified_at=None).update(verified_at=timezone.now())


def claim(user):
    """Join a user whose e-mail is verified to the one participant who gave that e-mail, if there is exactly one.

    Returns the row of the user, or None where that would be a guess. Of somebody with several rows it is the one that
    gave the e-mail, so that undoing a merge leaves the user with it. A row that somebody proved by another contact is
    theirs, whatever e-mail they typed.
    """
    gave_it = Participant.objects.filter(
        pk__in=ContactKey.objects.telling()
        .filter(kind=ContactKind.EMAIL, digest__in=known_digests(ContactKind.EMAIL, normal_email(user.email)))
        .values("participant")
    )
    mine = Participant.objects.filter(user=user).first()
    if mine is not None:
        if gave_it.filter(pk=mine.pk).exists():
            verify_contact(mine, ContactKind.EMAIL)
        return mine
    owners = list(gave_it.filter(user=None, erased_at=None).order_by("pk"))
    if len({owner.root_id for owner in owners}) != 1:
        return None
    participant = next((owner for owner in owners if owner.merged_into_id is None), owners[0])
    name = fold(user.get_full_name())
    if name and contradict(participant.name_key, name):
        return None
    participant.user = user
    # Links that were sent before may have gone to somebody else's contact.
    participant.link_version += 1
    participant.save(update_fields=["user", "link_version"])
    verify_contact(participant, ContactKind.EMAIL)
    return participant


# What somebody answers once, and not for each event anew.
GENERAL = {Purpose.FURTHER_TRAINING}


def record_consents(participant, answers, **how):
    """Write down each answer; the arguments are those of `consents_of`."""
    return keep_consents(consents_of(participant, answers, **how))


def keep_consents(consents):
    """Write down what `consents_of` made, of however many people, in one statement."""
    return Consent.objects.bulk_create(consents)


def consents_of(
    participant,
    answers,
    *,
    language,
    channel=Channel.WEB,
    by=None,
    giver=Giver.SELF,
    subject_key="",
    texts=None,
):
    """The rows of somebody's answers. `answers` maps a purpose to True or False, `texts` to the text that was shown.

    Without `texts` it is the newest of each purpose. `subject_key` is what the answers are about, those apart that are
    never about one thing alone.
    """
    if texts is None:
        texts = ConsentText.objects.filter(purpose__in=answers).asked_now()
    return [
        Consent(
            participant=participant,
            text=texts[purpose],
            given=given,
            language=language,
            channel=channel,
            recorded_by=by,
            giver=giver,
            subject_key="" if purpose in GENERAL else subject_key,
        )
        for purpose, given in answers.items()
    ]


@transaction.atomic
def change_consent(*, participant, text, given, language, subject_key=""):
    """Somebody changes their mind. What follows from it in other rooms is theirs to do, when they hear of it."""
    Participant.objects.select_for_update().get(pk=participant.pk)
    (consent,) = record_consents(
        participant,
        {text.purpose: given},
        language=language,
        subject_key=subject_key,
        texts={text.purpose: text},
    )
    if text.purpose == Purpose.STATISTICS and not given:
        seen = Participant.objects.seen_by(participant).values_list("pk", flat=True)
        Participant.objects.filter(pk__in=list(seen)).update(birth_year=None, **UNANSWERED)
    transaction.on_commit(lambda: consent_changed.send_robust(sender=None, consent_id=consent.pk))
    return consent
