from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from courses import kinds
from courses.previews import QuestionPreview
from participants.codes import known
from participants.models import Topic


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("One right answer")
    MULTIPLE = "multiple", _("Several right answers")
    TRUE_FALSE = "true_false", _("True or false")
    ORDERING = "ordering", _("Putting things in order")
    MATCHING = "matching", _("Matching pairs")
    SHORT_TEXT = "short_text", _("A word or two")
    NUMERIC = "numeric", _("A number")
    LIKERT = "likert", _("How much somebody agrees")
    OPEN = "open", _("An answer that a trainer marks")


class OptionBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Answer"))
    # An empty text, since options that were written before there were pairs hold none, and translators get no None.
    match = blocks.TextBlock(
        label=_("What belongs to it"), required=False, default="", help_text=_("For pairs only.")
    )
    correct = blocks.BooleanBlock(label=_("Right"), required=False)
    feedback = blocks.TextBlock(label=_("What the learner is told"), required=False)

    class Meta:
        icon = "list-ul"
        label = _("Answer")


class Question(QuestionPreview, TranslatableMixin, models.Model):
    """A question of the bank, one row a language. The options' block ids are the same in all languages."""

    kind = models.CharField(_("kind"), max_length=12, choices=QuestionKind.choices, default=QuestionKind.SINGLE)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    text = models.TextField(_("question"))
    options = StreamField([("option", OptionBlock())], verbose_name=_("answers"), blank=True)
    number = models.DecimalField(
        _("right number"), max_digits=14, decimal_places=4, null=True, blank=True, help_text=_("For numbers only.")
    )
    tolerance = models.DecimalField(
        _("how far off still counts"), max_digits=14, decimal_places=4, default=0, help_text=_("For numbers only.")
    )
    points = models.PositiveSmallIntegerField(_("points"), default=1, validators=[MinValueValidator(1)])
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic")
    )

    # How a question is scored is no matter of language.
    override_translatable_fields = [
        SynchronizedField(name, overridable=False) for name in ("kind", "number", "tolerance", "points", "topic")
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            known("oberih_question_kind_known", "kind", QuestionKind),
            models.CheckConstraint(
                name="oberih_question_worth_something",
                condition=Q(points__gte=1, tolerance__gte=0),
                violation_error_message=_(
                    "A question is worth at least one point, and a tolerance is not negative."
                ),
            ),
        ]

    def __str__(self):
        return self.text[:80]

    def save(self, *args, **kwargs):
        """Raise the version when what is asked changed: attempts name the version that they drew."""
        if self.pk is not None:
            stored = Question.objects.filter(pk=self.pk).first()
            if stored is not None and stored.wording() != self.wording():
                self.version = stored.version + 1
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        problem = self.problem
        if problem is not None:
            raise ValidationError({problem.field: problem.message}, code=problem.code)

    def asked(self, accepted=()):
        """What `courses.kinds` needs to know; `accepted` are short answers that are right in other languages."""
        return kinds.Asked(
            options=tuple(
                kinds.Option(
                    option["id"],
                    option["value"].get("text") or "",
                    option["value"].get("match") or "",
                    bool(option["value"].get("correct")),
                )
                for option in self.options.raw_data
            ),
            number=self.number,
            tolerance=self.tolerance,
            accepted=tuple(accepted),
        )

    @property
    def problem(self):
        """Why it cannot be asked (`courses.kinds.Problem`), or None."""
        return kinds.KINDS[self.kind].problem(self.asked())

    def wording(self):
        return self.kind, self.text, list(self.options.raw_data), self.number, self.tolerance, self.points

    @property
    def correct_ids(self):
        return [option["id"] for option in self.options.raw_data if option["value"].get("correct")]

    @property
    def option_ids(self):
        return [option["id"] for option in self.options.raw_data]
