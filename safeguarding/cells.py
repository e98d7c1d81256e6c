"""Cells of spreadsheets that are only read. CSV knows no types, so a program guesses from the first sign."""

import unicodedata

from django.utils.encoding import force_str

# What spreadsheets begin a formula, a command or a new cell with; `normalize` finds its full-width forms.
_STARTS = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\n")


def plain(value):
    """`value` for a cell of CSV: text that a spreadsheet would run stands behind an apostrophe, numbers stay numbers."""
    value = force_str(value, strings_only=True)
    if not isinstance(value, str) or not unicodedata.normalize(
        "NFKC", value.lstrip(" \ufeff\u200b")[:1]
    ).startswith(_STARTS):
        return value
    return value if _is_number(value) else f"'{value}"


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    # Not "+380…": as a number it would lose its sign.
    return text.isascii() and text[0] == "-" and text[1:2].isdigit()
