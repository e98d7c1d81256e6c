"""What somebody says who wants to take a course."""

from django import forms
from django.utils.translation import gettext_lazy as _


class KeyForm(forms.Form):
    code = forms.CharField(
        label=_("Your key"),
        max_length=60,
        help_text=_("The word that you were given. Capitals and spaces do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Write the key that you were given.")},
    )


class AskForm(forms.Form):
    motivation = forms.CharField(
        label=_("Why you would like to take the course"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The people who decide read it. Write nothing about those you help."),
    )


class RemindersForm(forms.Form):
    wanted = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda value: value == "yes")
