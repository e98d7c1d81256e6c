from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from courses.models import AssessmentKind, AssessmentQuestion, Question, QuestionKind
from safeguarding.i18n_admin import I18nModelForm


class AssessmentForm(I18nModelForm):
    """An assessment and the bank it draws from, chosen in the site's first language for all of them."""

    questions = forms.MultipleChoiceField(
        label=_("Questions"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Each attempt draws from these. They are listed in the site’s first language and hold for all."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        questions = Question.objects.filter(locale=Locale.get_default()).order_by("pk")
        self.kinds = {str(one.translation_key): one.kind for one in questions}
        self.fields["questions"].choices = [
            (str(one.translation_key), f"{one.text} ({one.get_kind_display()})") for one in questions
        ]
        self.fields["questions"].initial = [str(key) for key in self.chosen]

    @cached_property
    def chosen(self):
        bank = AssessmentQuestion.objects.filter(assessment=self.instance.pk)
        return list(bank.values_list("question_key", flat=True))

    def clean(self):
        cleaned = super().clean()
        draw, questions = cleaned.get("draw"), cleaned.get("questions")
        if draw and questions and draw > len(questions):
            self.add_error(
                "draw",
                forms.ValidationError(
                    _("Only %(count)d questions are chosen."), code="draw", params={"count": len(questions)}
                ),
            )
        if cleaned.get("kind") == AssessmentKind.TEST and questions:
            self._refuse_scales(questions)
        # A preview shows what is chosen in the form, before anything is saved.
        self.instance.chosen_keys = questions
        return cleaned

    def _refuse_scales(self, questions):
        if any(self.kinds[key] == QuestionKind.LIKERT for key in questions):
            self.add_error(
                "questions",
                forms.ValidationError(
                    _("“How much somebody agrees” has no right answer: ask it in a survey."), code="scale"
                ),
            )

    def _save_m2m(self):
        super()._save_m2m()
        wanted = self.cleaned_data["questions"]
        self.instance.bank.exclude(question_key__in=wanted).delete()
        for position, key in enumerate(wanted):
            AssessmentQuestion.objects.update_or_create(
                assessment=self.instance, question_key=key, defaults={"position": position}
            )
