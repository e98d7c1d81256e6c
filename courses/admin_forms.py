from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.models import Locale

from courses.actions.keys import spelled
from courses.models import AssessmentKind, AssessmentQuestion, Course, Prerequisite, Question, QuestionKind
from participants.models import Project
from safeguarding.i18n_admin import I18nModelForm

SHORTEST_KEY = 6


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


class CourseForm(WagtailAdminModelForm):
    """How a course is taken. What it is called and what it holds follow its pages."""

    requires = forms.ModelMultipleChoiceField(
        label=_("Courses to complete first"),
        queryset=Course.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever comes by themselves, with a key or by approval has to complete these first."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        held = self.instance.requires.values("pk")
        offered = Course.objects.filter(archived_at=None) | Course.objects.filter(pk__in=held)
        self.fields["requires"].queryset = offered.exclude(pk=self.instance.pk).order_by("code")
        self.fields["requires"].initial = list(self.instance.requires.all())
        self.fields["project"].queryset = Project.objects.all()

    def clean_requires(self):
        chosen = self.cleaned_data["requires"]
        for required in chosen:
            try:
                Prerequisite(course=self.instance, required=required).clean()
            except ValidationError:
                raise ValidationError(
                    _("“%(course)s” requires this course, directly or through others."),
                    code="circle",
                    params={"course": required},
                ) from None
        return chosen


class EnrolmentKeyForm(WagtailAdminModelForm):
    def clean_code(self):
        code = " ".join(self.cleaned_data["code"].split())
        if len(code.replace(" ", "")) < SHORTEST_KEY:
            raise ValidationError(
                _("A key has at least %(count)d letters or digits, so that nobody guesses it."),
                code="short",
                params={"count": SHORTEST_KEY},
            )
        return code

    def clean(self):
        cleaned = super().clean()
        course, code = cleaned.get("course"), cleaned.get("code")
        if course and code and self._is_taken(course, code):
            # The database compares letters; people neither capitals nor spaces.
            self.add_error("code", ValidationError(_("This course has such a key already."), code="unique"))
        allowed = cleaned.get("uses_allowed")
        if allowed is not None and allowed < self.instance.uses:
            self.add_error(
                "uses_allowed",
                ValidationError(
                    _("%(count)d people have used it already."), code="used", params={"count": self.instance.uses}
                ),
            )
        return cleaned

    def _is_taken(self, course, code):
        others = course.keys.exclude(pk=self.instance.pk)
        return any(spelled(one.code) == spelled(code) for one in others)
