"""What people write as an answer: when two texts say the same word, and which number a text is."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

# Apostrophes of all keyboards, soft hyphen, and the stroke that lengthens an Arabic word.
_DROPPED = dict.fromkeys(map(ord, "’'ʼ`´‘\u00ad\u0640"))
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")


def fold(text):
    """The form in which two ways to write a word are equal: no case, accents, apostrophes, or signs at the end."""
    plain = unicodedata.normalize("NFKD", text.translate(_DROPPED).translate(_DASHES).casefold())
    letters = "".join(_digit(char) for char in plain if not unicodedata.combining(char))
    return " ".join(letters.split()).strip(' .,;:!?؟،"«»“”')


def _digit(char):
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def readings(text):
    """Every number that a text may be; none if it is no number.

    One comma or point may part thousands or begin the fraction: “1,234” is read both ways, since what is usual differs
    between the languages that read the same question.
    """
    plain = "".join(_digit(char) for char in text.translate(_DASHES) if not char.isspace())
    plain = plain.translate(_DROPPED).replace("٬", "").replace("٫", ".")
    if not re.fullmatch(r"[+-]?[0-9]+(?:[.,][0-9]+)*|[+-]?[.,][0-9]+", plain):
        return set()
    sign, digits = (plain[0], plain[1:]) if plain[0] in "+-" else ("", plain)
    marks = re.findall("[.,]", digits)
    found = set()
    if _parts_thousands(digits):
        found.add(re.sub("[.,]", "", digits))
    if len(marks) == 1:
        found.add(digits.replace(",", "."))
    elif len(set(marks)) == 2 and marks.count(marks[-1]) == 1:
        whole, fraction = digits.rsplit(marks[-1], 1)
        if _parts_thousands(whole):
            found.add(f"{re.sub('[.,]', '', whole)}.{fraction}")
    return {Decimal(sign + one) for one in found}


def _parts_thousands(digits):
    return bool(re.fullmatch(r"[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+", digits))


def number_in(value):
    """A decimal as it is kept and shown: without the zeros that the column fills up with."""
    try:
        plain = Decimal(value).normalize()
    except InvalidOperation:
        return ""
    return f"{plain:f}"
