"""Fields that are drawn with the browser's own pickers."""

from django import forms

from ui.widgets import DateInput


class DayField(forms.DateField):
    """A day, as the picker sends it."""

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d"], widget=DateInput(), **kwargs)
