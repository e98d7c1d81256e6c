import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from courses.packages.storage import private
from events.models.event import Event
from events.models.registration import Registration
from events.models.states import QuestionKind
from participants.codes import known


def validate_options(options):
    """`[{"key": "a1", "text": {"en": "…", "uk": "…"}}, …]` with a key for each that stays when its words change."""
    keys = [option.get("key") for option in options if isinstance(option, dict)]
    if len(keys) != len(options) or not all(keys) or len(set(keys)) != len(keys):
        raise ValidationError(_("Each answer to choose from needs a key of its own."), code="options")


class RegistrationQuestion(models.Model):
    """Something that is asked of everybody who registers for an event, and why it is."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="questions")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    kind = models.CharField(
        _("kind of answer"), max_length=7, choices=QuestionKind.choices, default=QuestionKind.TEXT
    )
    text = I18nCharField(_("question"), max_length=1000)
    purpose = I18nCharField(
        _("why it is asked"), max_length=1000, help_text=_("Shown under the question, such as “To order lunch.”")
    )
    options = models.JSONField(
        _("answers to choose from"), default=list, blank=True, validators=[validate_options]
    )
    is_required = models.BooleanField(_("has to be answered"), default=False)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "pk"]
        constraints = [
            known("oberih_registrationquestion_kind_known", "kind", QuestionKind),
            models.CheckConstraint(
                name="oberih_registrationquestion_says_why",
                condition=~Q(purpose="") & ~Q(text=""),
                violation_error_message=_("Say why you ask: nothing is asked without a purpose."),
            ),
        ]

    def __str__(self):
        return str(self.text)


class RegistrationAnswerQuerySet(models.QuerySet):
    def for_trainer(self, user):
        """What this user may read: the answers at events that they train, and nothing for anybody else."""
        return self.filter(registration__event__in=Event.objects.trained_by(user))


class RegistrationAnswer(models.Model):
    """What somebody answered. Only the event's trainers read it, and it is deleted after the event."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="answers")
    question = models.ForeignKey(RegistrationQuestion, models.PROTECT, related_name="answers")
    text = models.TextField(_("answer"), max_length=2000, blank=True)
    # Keys of the question's options.
    chosen = models.JSONField(_("chosen"), default=list, blank=True)
    file = models.FileField(_("file"), upload_to="oberih/answers/", storage=private, max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True, editable=False)

    objects = RegistrationAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a question")
        verbose_name_plural = _("answers to questions")
        constraints = [
            models.UniqueConstraint(
                name="oberih_registrationanswer_once",
                fields=["registration", "question"],
                violation_error_message=_("This question is answered already."),
            ),
        ]

    def __str__(self):
        return f"{self.registration_id} {self.question_id}"
