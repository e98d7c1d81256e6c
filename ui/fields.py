"""Fields as browsers draw and send them."""

import unicodedata

from django import forms
from django.utils.text import normalize_newlines

from ui.widgets import DateInput

# These join letters in Persian names, and in those of many languages of India; and pictures.
JOINERS = "\u200c\u200d"
# Of direction; they turn nothing round but their neighbours.
_MARKS = "\u061c\u200e\u200f"


class DayField(forms.DateField):
    """A day, as the picker sends it."""

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d"], widget=DateInput(), **kwargs)


class LinesField(forms.CharField):
    """A text of several lines. The end of one is one sign, as browsers count it, and not the two that they send.

    What cannot be seen is left out: it could turn round what stands behind the text in a message, such as a link.
    """

    def __init__(self, *, rows, attrs=None, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, **(attrs or {})}), **kwargs)

    def to_python(self, value):
        return seen(normalize_newlines(super().to_python(value)), besides="\n\t" + _MARKS).strip()


def seen(text, *, besides=""):
    """The text without what is invisible or turns a line round, but for joiners and the signs `besides`."""
    kept = JOINERS + besides
    return "".join(char for char in text if char in kept or unicodedata.category(char) not in {"Cc", "Cf"})
