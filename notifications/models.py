import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.codes import known
from participants.models import Participant


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    BOUNCED = "bounced", _("Returned")
    CANCELLED = "cancelled", _("Cancelled")


class MessageChannel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")


class MessageQuerySet(models.QuerySet):
    def due(self, now=None):
        """Messages that a sweep has to try: queued, and past their next attempt."""
        return self.filter(state=MessageState.QUEUED, next_attempt_at__lte=now or timezone.now())


class Message(models.Model):
    """Something owed to a person, written in the transaction of its cause.

    A cause that is repeated names the same (purpose, subject, occurrence, recipient) and is one message; a second
    change is a second occurrence. The text is made when it is sent, by the function registered for the purpose.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(_("purpose"), max_length=60)
    subject_key = models.CharField(_("subject"), max_length=100)
    occurrence = models.CharField(_("occurrence"), max_length=60, default="1")
    recipient = models.CharField(_("recipient"), max_length=254)
    channel = models.CharField(_("channel"), max_length=5, choices=MessageChannel.choices)
    participant = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="messages")
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=9, choices=MessageState.choices, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    queued_at = models.DateTimeField(_("queued at"), default=timezone.now)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-queued_at", "-pk"]
        indexes = [
            models.Index(
                name="oberih_message_due",
                fields=["next_attempt_at"],
                condition=Q(state=MessageState.QUEUED),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="oberih_message_owed_once",
                fields=["purpose", "subject_key", "occurrence", "recipient"],
            ),
            known("oberih_message_state_known", "state", MessageState),
            models.CheckConstraint(
                name="oberih_message_sent_has_time",
                condition=~Q(state=MessageState.SENT) | Q(sent_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.purpose} {self.subject_key}"
