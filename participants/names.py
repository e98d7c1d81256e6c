"""Names as given, their Latin form, and the folded form by which two spellings are compared."""

import re
import unicodedata

# Cabinet of Ministers of Ukraine, resolution 55 of 27 January 2010. The second form stands at the start of a word.
_UKRAINIAN = (
    dict(zip("абвгґдезиіклмнопрстуф", "abvhgdezyiklmnoprstuf", strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"}
    | dict.fromkeys("ь’'ʼ", "")
)
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


# What passports and lists write for one Ukrainian letter: Olha and Olga, Yuliia and Julia, Наталія and Наталия.
_ALIKE = str.maketrans({"g": "h", "y": "i", "j": "i"} | dict.fromkeys("’'ʼ`", ""))


def fold(name):
    """The form in which two spellings of a name are equal: Latin letters, no accents, no case, letters that are written
    for one another as one, parts in order of the alphabet. "Коваль Ольга" and "Olga Koval" give the same."""
    plain = unicodedata.normalize("NFKD", latin(unicodedata.normalize("NFC", name)).casefold()).translate(_ALIKE)
    letters = "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return " ".join(sorted(re.sub("i+", "i", letters).split()))


def contradict(one, other):
    """Whether two folded names speak of two people. Relatives share a phone: a common surname alone is not enough."""
    first, second = set(one.split()), set(other.split())
    if first == second:
        return False
    return not (min(len(first), len(second)) >= 2 and (first <= second or second <= first))
