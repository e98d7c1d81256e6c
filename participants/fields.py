"""Form fields for what people say of themselves, each kept in the one way in which it is compared and printed."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.contacts import normal_phone
from ui.fields import JOINERS, seen


class NameField(forms.CharField):
    """A name in which everything can be seen: what is invisible, turns the line round or stops a spreadsheet is left out."""

    def __init__(self, *, autocomplete="name", **kwargs):
        widget = forms.TextInput(attrs={"autocomplete": autocomplete})
        super().__init__(**{"max_length": 200, "widget": widget, **kwargs})

    def to_python(self, value):
        words = super().to_python(value).split()
        return " ".join(filter(None, (seen(word).strip(JOINERS) for word in words)))


class LatinNameField(NameField):
    def __init__(self, **kwargs):
        super().__init__(
            **{"label": _("Your name in Latin letters"), "required": False, "autocomplete": "off", **kwargs}
        )

    def validate(self, value):
        super().validate(value)
        if any(char.isalpha() and not unicodedata.name(char, "").startswith("LATIN") for char in value):
            raise ValidationError(
                _("Write this name in Latin letters only, or leave the field empty."), code="not_latin"
            )


class PhoneField(forms.CharField):
    """A number without a country's code is read as one of `country`, which the form sets."""

    country = "UA"

    def __init__(self, *, autocomplete="tel", **kwargs):
        widget = forms.TextInput(attrs={"autocomplete": autocomplete, "inputmode": "tel", "type": "tel"})
        super().__init__(**{"max_length": 30, "required": False, "widget": widget, **kwargs})

    def to_python(self, value):
        typed = super().to_python(value)
        return normal_phone(typed, self.country) if typed else ""


class BirthYearField(forms.IntegerField):
    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year"})
        given = {"label": _("Year of birth"), "help_text": _("Four digits, such as 1990."), "widget": widget}
        super().__init__(**{"required": False, "min_value": 1900, **given, **kwargs})

    def validate(self, value):
        super().validate(value)
        if value is not None and value > timezone.localdate().year:
            raise ValidationError(_("This year has not come yet."), code="future")
