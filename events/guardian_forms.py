from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from participants.fields import NameField

_DECISIONS = [("agree", _("I agree")), ("refuse", _("I do not agree"))]


class GuardianForm(forms.Form):
    """What a parent or guardian answers on the page that their link opens, about each of `registrations`."""

    full_name = NameField(label=_("Your full name"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, text, registrations, **kwargs):
        self.text = text
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = text.version
        # Not by their numbers: whoever has two children could count who registered between them.
        self.keys = {f"decision_{one.uuid}": one.pk for one in registrations}
        for name, one in zip(self.keys, registrations, strict=True):
            self.fields[name] = forms.TypedChoiceField(
                label=format_html("<bdi>{}</bdi>", one.participant.full_name),
                choices=_DECISIONS,
                coerce=lambda value: value == "agree",
                widget=forms.RadioSelect,
                error_messages={"required": _("Say whether you agree.")},
            )

    def decisions(self):
        return [self[name] for name in self.keys]

    def given(self):
        """{key of a registration: whether they agree}"""
        return {key: self.cleaned_data[name] for name, key in self.keys.items()}

    def clean(self):
        cleaned = super().clean()
        if "version" in self.cleaned_data and self.cleaned_data["version"] != self.text.version:
            self.data = self.data.copy()
            self.data["version"] = self.text.version
            self.add_error(
                None,
                forms.ValidationError(
                    _("The words of what you agree to have changed meanwhile. Read them and decide again."),
                    code="texts",
                ),
            )
        return cleaned
