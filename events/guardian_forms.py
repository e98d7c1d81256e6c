from django import forms
from django.utils.translation import gettext_lazy as _

from participants.fields import NameField


class GuardianForm(forms.Form):
    """What a parent or guardian answers on the page that their link opens."""

    full_name = NameField(label=_("Your full name"))
    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.TypedChoiceField(
        choices=[("agree", ""), ("refuse", "")], coerce=lambda value: value == "agree"
    )

    def __init__(self, *args, text, **kwargs):
        self.text = text
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = text.version

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
