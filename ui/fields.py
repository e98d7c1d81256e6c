"""Fields as browsers draw and send them."""

from django import forms
from django.utils.text import normalize_newlines

from ui.widgets import DateInput


class DayField(forms.DateField):
    """A day, as the picker sends it."""

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d"], widget=DateInput(), **kwargs)


class LinesField(forms.CharField):
    """A text of several lines. The end of one is one sign, as browsers count it, and not the two that they send."""

    def __init__(self, *, rows, attrs=None, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, **(attrs or {})}), **kwargs)

    def to_python(self, value):
        return normalize_newlines(super().to_python(value))
