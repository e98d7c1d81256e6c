from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why you need the names"),
        min_length=10,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One sentence, such as “The donor’s auditor checks the signed lists of March.” Write no names here."
        ),
        error_messages={"min_length": _("Say it in a sentence, so that whoever reads the log understands it.")},
    )
