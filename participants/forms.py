from django import forms

from participants.models import Purpose


class ChangeConsentForm(forms.Form):
    """A button of the page of consents. It names the text that stood beside it."""

    purpose = forms.ChoiceField(choices=Purpose.choices)
    given = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda value: value == "yes")
    subject = forms.CharField(max_length=80, required=False)
    version = forms.IntegerField()
