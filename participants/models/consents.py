"""What was asked, and what was answered."""

import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nTextField

from participants.codes import known
from participants.models.person import Participant
from safeguarding.append_only import AppendOnly, AppendOnlyQuerySet


class Purpose(models.TextChoices):
    """What a consent is asked for."""

    REGISTER = "register", _("Keeping a register of participants")
    STATISTICS = "statistics", _("Counting participants by sex, age and other answers")
    CERTIFICATE = "certificate", _("Issuing a certificate")
    FURTHER_TRAINING = "further_training", _("Hearing about further training")
    PHOTO = "photo", _("Photographs")
    GUARDIAN = "guardian", _("A young person’s taking part")


class ConsentTextQuerySet(models.QuerySet):
    def asked_now(self):
        """The newest text of each purpose, by the purpose."""
        return {text.purpose: text for text in self.order_by("version")}

    @transaction.atomic
    def add_version(self, *, purpose, text):
        """From now on these words are asked for the purpose."""
        # The lock is on the version that is asked now: of two new ones at once the later is the next.
        current = self.filter(purpose=purpose).select_for_update().order_by("version").last()
        return self.create(purpose=purpose, text=text, version=current.version + 1 if current else 1)


class ConsentText(models.Model):
    """The words somebody agreed to. A new wording is a new version; an old one is never changed."""

    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    version = models.PositiveSmallIntegerField(_("version"))
    text = I18nTextField(_("text"))

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["purpose", "-version"]
        constraints = [
            models.UniqueConstraint(name="oberih_consenttext_once", fields=["purpose", "version"]),
        ]

    def __str__(self):
        return f"{self.purpose} {self.version}"


class Channel(models.TextChoices):
    WEB = "web", _("On the site")
    PAPER = "paper", _("On paper")
    SPOKEN = "spoken", _("Spoken")


class Giver(models.TextChoices):
    """Whose answer it is, whoever wrote it down."""

    SELF = "self", _("Themselves")
    GUARDIAN = "guardian", _("Parent or guardian")


class ConsentQuerySet(AppendOnlyQuerySet):
    def standing(self, purpose, about=""):
        """The answers that stand for a purpose, one a person: the last about everything or about the subject `about`.

        They carry `person`, the key of who is counted, since the answer of one row stands for all rows of a person.
        """
        answers = self.annotate(person=Coalesce("participant__merged_into", "participant"))
        numbered = answers.filter(text__purpose=purpose, subject_key__in={"", about}).annotate(
            place=models.Window(
                RowNumber(), partition_by="person", order_by=[models.F("at").desc(), models.F("pk").desc()]
            )
        )
        return answers.filter(pk__in=numbered.filter(place=1).values("pk"))

    def lately_refused(self, purpose, now=None):
        """What a sweep looks at again, should the news of it have been lost."""
        since = (now or timezone.now()) - dt.timedelta(days=7)
        return self.filter(text__purpose=purpose, given=False, at__gte=since)


class Consent(AppendOnly):
    """One answer to one text. Withdrawing is another row."""

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    given = models.BooleanField(_("given"))
    language = models.CharField(_("language"), max_length=10)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.WEB)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    giver = models.CharField(_("given by"), max_length=8, choices=Giver.choices, default=Giver.SELF)
    # What the answer is about, where it is not about everything: `event:<uuid>`, as an achievement's key is made.
    subject_key = models.CharField(_("subject"), max_length=80, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["at", "pk"]
        constraints = [known("oberih_consent_giver_known", "giver", Giver)]

    def __str__(self):
        return f"{self.text_id} {self.given}"
