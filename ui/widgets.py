"""The browser's own pickers; they speak ISO whatever language the page is in."""

from django import forms


class DateInput(forms.DateInput):
    def __init__(self):
        super().__init__(format="%Y-%m-%d", attrs={"type": "date"})


class TimeInput(forms.TimeInput):
    def __init__(self):
        super().__init__(format="%H:%M", attrs={"type": "time"})
