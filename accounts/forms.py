from django import forms
from django.utils.translation import gettext_lazy as _


class SignUpForm(forms.Form):
    """What is asked of somebody who signs up, besides allauth's own questions.

    The name is what a certificate is made out to; without one none is issued.
    """

    full_name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        help_text=_("First name and surname, as you write them."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    field_order = ["full_name", "email", "password1"]

    def clean_full_name(self):
        return " ".join(self.cleaned_data["full_name"].split())

    def signup(self, request, user):
        # In one field: not every name has two parts, nor does everybody write the surname last.
        user.first_name = self.cleaned_data["full_name"]
        user.save(update_fields=["first_name"])
