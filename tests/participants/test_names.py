import openpyxl
import pytest
import translitua
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from participants.fields import NameField
from participants.names import contradict, fold, latin

UKRAINIAN = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
# Words as names have them: letters, an apostrophe now and then, a hyphen between two of them; none begins with ь.
parts = st.from_regex(f"[{UKRAINIAN.replace('ь', '')}][{UKRAINIAN}’']{{1,11}}", fullmatch=True)
words = st.builds(
    lambda ones, case: case("-".join(ones)),
    st.lists(parts, min_size=1, max_size=2),
    st.sampled_from([str.lower, str.title]),
)
names = st.lists(st.text(UKRAINIAN + "abcdefghijklmnopqrstuvwxyzéłş’'-.", min_size=1, max_size=8), max_size=4)

WORDS = [
    "Згурський",
    "Знам’янка",
    "Єнакієве",
    "Короп’є",
    "Їжакевич",
    "Юрій",
    "Яготин",
    "Щербак",
    "Розгон",
    "Костянтин",
    "Стецьківка",
    "Йосипівка",
    "Наталія",
    "Ґалаґан",
    "Гадяч",
    "Їжакевич-Ґонтаренко",
    "Олександр-Єгор",
    "Ющенко",
    "Дар’я",
    "Жанна",
    "Хмельницький",
    "Цеценко",
    "Чуйко",
    "Алчевськ",
    "Щербухи",
    "Гоща",
    "Гаращенко",
    "Біла Церква",
    "ЗГУРСЬКИЙ",
    "КОРОП’Є",
]


@pytest.mark.parametrize("word", WORDS)
def test_ukrainian_is_written_in_latin_letters_by_the_national_table(word):
    assert latin(word) == translitua.translit(word)


@given(words)
def test_any_word_is_written_as_the_table_says(word):
    assert latin(word) == translitua.translit(word)


@given(parts)
def test_capitals_stay_capitals(part):
    shouted = part.upper()
    assert latin(f"Б{shouted}") == f"B{latin(f'б{part}')[1:].upper()}"


@pytest.mark.parametrize("name", ["Zoë O’Brien", "Łukasz Świętosławski", "Ștefania Țurcanu", "ليلى حسن"])
def test_other_letters_stay(name):
    assert latin(name) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Олена Коваль", "Koval Olena"),
        ("ОЛЕНА КОВАЛЬ", "Олена  Коваль "),
        ("Дар'я Щербак", "Дар’я Щербак"),
        ("Zoë Brien", "Zoe Brien"),
        ("Ольга Гнатюк", "Olga Gnatyuk"),
        ("Ольга Гнатюк", "Ol'ha Hnatiuk"),
        ("Юлія Бойко", "Julia Boyko"),
        ("Наталія Сидоренко", "Наталия Сидоренко"),
        ("Наталія Сидоренко", "Nataliya SYDORENKO"),
        ("Їжакевич-Ґонтаренко Ганна", "Ganna Izhakevich Gontarenko"),
    ],
)
def test_spellings_of_one_name_fold_to_the_same(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        ("Олена Коваль", "Olena Koval", False),
        ("Олена Коваль", "Олена Петрівна Коваль", False),
        ("Олена Коваль", "Андрій Коваль", True),
        ("Коваль", "Олена Коваль", True),
        ("Іванна Коваль", "Іван Ковальчук", True),
    ],
)
def test_relatives_who_share_a_phone_are_two_people(one, other, different):
    assert contradict(fold(one), fold(other)) is different


@pytest.mark.parametrize(("one", "other"), [("Сергій Бойко", "Сергей Бойко"), ("Олена Бойко", "Елена Бойко")])
def test_another_form_of_a_name_is_another_name(one, other):
    """Two languages have two forms of it; only a contact can say that one person uses both."""
    assert fold(one) != fold(other)


@given(names)
def test_folding_a_folded_name_changes_nothing(parts):
    folded = fold(" ".join(parts))
    assert fold(folded) == folded


@given(names, st.randoms())
def test_the_order_of_the_parts_does_not_matter(parts, pick):
    shuffled = pick.sample(parts, len(parts))
    assert fold(" ".join(parts)) == fold(" ".join(shuffled))


@given(names, names)
def test_contradicting_goes_both_ways_and_nobody_contradicts_themselves(one, other):
    one, other = fold(" ".join(one)), fold(" ".join(other))
    assert contradict(one, other) == contradict(other, one)
    assert contradict(one, one) is False


@given(names, names)
def test_a_name_does_not_contradict_one_that_adds_a_part_to_two(parts, more):
    short = fold(" ".join(["abel", "zola", *parts]))
    assert contradict(short, fold(" ".join([short, *more]))) is False


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Olena  Koval ", "Olena Koval"),
        ("Olena\x01 \x1bKoval", "Olena Koval"),
        ("\u202elavoK anelO", "lavoK anelO"),
        ("Olena \u200b Koval\ufeff", "Olena Koval"),
        ("مینا می\u200cخواهم", "مینا می\u200cخواهم"),
    ],
)
def test_what_cannot_be_seen_is_no_part_of_a_name(typed, kept):
    assert NameField().clean(typed) == kept


def test_a_name_of_which_nothing_can_be_seen_is_none():
    with pytest.raises(ValidationError):
        NameField().clean("\u200b\u2066 \x02 \u200d")


@given(st.text(max_size=50))
def test_whatever_is_typed_a_name_can_be_written_into_every_file(typed):
    name = NameField(required=False).to_python(typed)
    assert NameField(required=False).to_python(name) == name
    openpyxl.Workbook().active.append([name])
