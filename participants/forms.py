from django import forms

from participants.models import Purpose


class DecisionForm(forms.Form):
    """What somebody decided about a pair, and which pair."""

    DEEDS = ("keep_first", "keep_second", "not_same", "later")

    first = forms.UUIDField()
    second = forms.UUIDField()
    do = forms.ChoiceField(choices=[(deed, deed) for deed in DEEDS])


class ChangeConsentForm(forms.Form):
    """A button of the page of consents. It names the text that stood beside it."""

    purpose = forms.ChoiceField(choices=Purpose.choices)
    given = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda value: value == "yes")
    subject = forms.CharField(max_length=80, required=False)
    version = forms.IntegerField()
