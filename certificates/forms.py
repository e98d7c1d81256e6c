import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_FILE = 2 * 1024 * 1024


class NumberForm(forms.Form):
    number = forms.CharField(
        label=_("Number of the certificate"),
        max_length=40,
        help_text=_("It stands at the foot of the certificate and begins with OB."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def clean_number(self):
        """The number in its own spelling, however it was typed: small letters, spaces, without dashes."""
        plain = re.sub(r"[^A-Z0-9]", "", self.cleaned_data["number"].upper()).removeprefix("OB")
        if len(plain) != 12:
            raise ValidationError(
                _("A number looks like OB-7KQM-4XTP-92HN: OB and twelve letters and digits."), code="shape"
            )
        return f"OB-{plain[:4]}-{plain[4:8]}-{plain[8:]}"


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name on the certificate"),
        max_length=200,
        help_text=_("As it is printed. Latin letters will do, too."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("PDF of the certificate"),
        help_text=_("At most 2 MB. It is compared and not kept."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE:
            raise ValidationError(
                _("This file is larger than 2 MB, so it is not one of our certificates."), code="size"
            )
        if file.read(5) != b"%PDF-":
            raise ValidationError(_("This is not a PDF file."), code="kind")
        file.seek(0)
        return file
