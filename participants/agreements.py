"""What somebody agreed to, purpose by purpose, as their page shows it."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from participants import subjects
from participants.models import Consent, ConsentText, Participant, Purpose
from participants.places import language_name

# What follows, told before a button is pressed.
_WITHDRAWING = {
    Purpose.REGISTER: _("Your place at this event is given back, and the next in line gets it."),
    Purpose.STATISTICS: _(
        "We delete your answers about yourself. In trainings that are not closed yet you are then counted as one "
        "person and nothing more. What was closed before stays as it was reported, without your name."
    ),
    Purpose.CERTIFICATE: _(
        "From now on no certificate is made for you, and none that is being prepared. Those you have stay valid."
    ),
    Purpose.FURTHER_TRAINING: _("We no longer write to you about other trainings."),
    Purpose.PHOTO: _("The trainers read “No photographs” beside your name."),
}
_AGREEING = {
    Purpose.STATISTICS: _("Your answers are counted from the next training on where you give them."),
    Purpose.CERTIFICATE: _("Certificates that you have earned are then made, also for earlier trainings."),
    Purpose.FURTHER_TRAINING: _("We write to you when another training may suit you."),
    Purpose.PHOTO: _("The trainers may then take photographs that show you."),
}


@dataclass(frozen=True)
class Answer:
    """One answer that stands, ready to be drawn."""

    consent: Consent
    subject: str
    is_to_come: bool

    @property
    def may_withdraw(self):
        """Whether this answer alone can be taken back: a place in the register of an event that is to come."""
        return self.is_to_come and self.consent.given and self.consent.text.purpose == Purpose.REGISTER

    @property
    def language(self):
        return language_name(self.consent.language)

    @property
    def text(self):
        """The words in the language in which they were answered."""
        return self.consent.text.text.localize(self.consent.language)


@dataclass
class Agreement:
    """A purpose with its answers, and what can be done about it."""

    purpose: Purpose
    asked: ConsentText
    answers: list = field(default_factory=list)

    @property
    def may_withdraw(self):
        return self.purpose in _AGREEING and any(answer.consent.given for answer in self.answers)

    @property
    def may_agree(self):
        refused = any(not answer.consent.given for answer in self.answers)
        return self.purpose in _AGREEING and (refused or not self.answers)

    @property
    def withdrawing(self):
        return _WITHDRAWING.get(self.purpose, "")

    @property
    def agreeing(self):
        return _AGREEING.get(self.purpose, "")


def of(participant):
    """Every purpose that whoever looks as `participant` was asked for or may agree to, with the answers that stand."""
    answers = (
        Consent.objects.filter(participant__in=Participant.objects.seen_by(participant))
        .select_related("text")
        .order_by("at", "pk")
    )
    standing = {}
    for consent in answers:
        of_purpose = standing.setdefault(consent.text.purpose, {})
        if not consent.subject_key:
            # An answer about everything takes the place of all that were about one thing.
            of_purpose.clear()
        of_purpose[consent.subject_key] = consent
    names = subjects.named({key for by_key in standing.values() for key in by_key if key})
    asked = ConsentText.objects.asked_now()
    nameless = subjects.Subject("")
    agreements = [
        Agreement(
            purpose,
            asked[purpose],
            [
                Answer(consent, subject.words, subject.is_to_come)
                for key, consent in standing.get(purpose, {}).items()
                if (subject := names.get(key, nameless))
            ],
        )
        for purpose in Purpose
        if purpose in asked
    ]
    return [one for one in agreements if one.answers or one.purpose in _AGREEING]


def may_change(agreements, *, purpose, given, subject_key):
    """Whether one of these buttons was on the page."""
    agreement = next((one for one in agreements if one.purpose == purpose), None)
    if agreement is None:
        return False
    if subject_key:
        mine = [answer for answer in agreement.answers if answer.consent.subject_key == subject_key]
        return not given and any(answer.may_withdraw for answer in mine)
    return agreement.may_agree if given else agreement.may_withdraw
