from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import QuestionKind


def choice_field(*, multiple, label, options, **kwargs):
    """One question: circles where one answer is right, boxes where several are."""
    if multiple:
        return forms.MultipleChoiceField(
            label=label, choices=options, required=False, widget=forms.CheckboxSelectMultiple, **kwargs
        )
    return forms.ChoiceField(label=label, choices=options, required=False, widget=forms.RadioSelect, **kwargs)


def as_list(value):
    return value if isinstance(value, list) else [value] if value else []


class CheckForm(forms.Form):
    """A knowledge check of a lesson."""

    def __init__(self, check, *args, chosen=(), **kwargs):
        super().__init__(*args, prefix=f"check-{check.id}", **kwargs)
        self.fields["choice"] = choice_field(
            multiple=check.multiple,
            label=check.question,
            options=[(option.id, option.text) for option in check.options],
            initial=list(chosen) if check.multiple else next(iter(chosen), None),
            help_text=_("Several answers may be right.") if check.multiple else "",
        )

    @property
    def field(self):
        return self["choice"]

    def clean_choice(self):
        chosen = as_list(self.cleaned_data["choice"])
        if not chosen:
            raise forms.ValidationError(_("Choose an answer first."), code="required")
        return chosen


class AttemptForm(forms.Form):
    """All questions of an attempt. None is required: what is missing may be answered later."""

    def __init__(self, drawn, questions, *args, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        self.keys = {}
        for item in drawn:
            question = questions.get(item["key"])
            name = f"q-{item['key']}"
            self.keys[name] = item["key"]
            multiple = item["kind"] == QuestionKind.MULTIPLE
            known = chosen.get(item["key"], [])
            self.fields[name] = choice_field(
                multiple=multiple,
                label=question.text if question else _("This question is no longer available."),
                options=[(key, question.texts.get(key, key)) for key in item["options"]] if question else [],
                initial=known if multiple else next(iter(known), None),
                help_text=_("Several answers may be right.") if multiple else "",
            )

    def given(self):
        """(question's key, options chosen) of every question that was answered."""
        return [(key, as_list(self.cleaned_data[name])) for name, key in self.keys.items()]

    def unanswered(self):
        """The bound fields that nobody answered."""
        return [self[name] for name in self.keys if not self.cleaned_data[name]]
