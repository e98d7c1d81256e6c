from django import forms


class DecisionForm(forms.Form):
    """What somebody decided about a pair, and which pair."""

    DEEDS = ("keep_first", "keep_second", "not_same", "later")

    first = forms.UUIDField()
    second = forms.UUIDField()
    do = forms.ChoiceField(choices=[(deed, deed) for deed in DEEDS])
