"""Names as given, their Latin form, and the folded form by which two spellings are compared."""

import unicodedata

# Cabinet of Ministers of Ukraine, resolution 55 of 27 January 2010. The second form stands at the start of a word.
_UKRAINIAN = dict(
    zip(
        "абвгґдезиіклмнопрстуфхцчшщ",
        [
            "a",
            "b",
            "v",
            "h",
            "g",
            "d",
            "e",
            "z",
            "y",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
        ],
        strict=True,
    )
) | {"ж": "zh", "ь": "", "’": "", "'": "", "ʼ": ""}
_IOTATED = {"є": ("ye", "ie"), "ї": ("yi", "i"), "й": ("y", "i"), "ю": ("yu", "iu"), "я": ("ya", "ia")}
# Letters of Russian and Belarusian that the table does not have; for names only, so that nothing is lost.
_OTHER_CYRILLIC = {"ы": "y", "э": "e", "ё": "io", "ъ": "", "ў": "u"}


def latin(name):
    """`name` with its Cyrillic letters in Latin ones, by the Ukrainian national table; other letters stay."""
    out = []
    for word in name.split(" "):
        letters = []
        at_start = True
        for i, char in enumerate(word):
            low = char.lower()
            previous = word[i - 1].lower() if i else ""
            if low == "г" and previous == "з":
                new = "gh"
            elif low in _IOTATED:
                new = _IOTATED[low][0 if at_start else 1]
            elif low in "’'ʼ" and not _is_cyrillic(word):
                new = char
            else:
                new = _UKRAINIAN.get(low, _OTHER_CYRILLIC.get(low, char))
            if char.isupper() and low != char:
                new = new.upper() if len(word) > 1 and word.isupper() else new.capitalize()
            letters.append(new)
            at_start = char == "-"
        out.append("".join(letters))
    return " ".join(out)


def _is_cyrillic(text):
    return any("Ѐ" <= char <= "ӿ" for char in text)


def fold(name):
    """The form in which two spellings of a name are equal: Latin letters, no accents, no case, parts in order of the
    alphabet. "Коваль Олена" and "Olena Koval" give the same."""
    plain = unicodedata.normalize("NFKD", latin(unicodedata.normalize("NFC", name)))
    letters = "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return " ".join(sorted(letters.casefold().split()))


def contradict(one, other):
    """Whether two folded names speak of two people. Relatives share a phone: a common surname alone is not enough."""
    first, second = set(one.split()), set(other.split())
    if first == second:
        return False
    return not (min(len(first), len(second)) >= 2 and (first <= second or second <= first))
