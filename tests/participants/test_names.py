import pytest
import translitua

from participants.names import contradict, fold, latin

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
]


@pytest.mark.parametrize("word", WORDS)
def test_ukrainian_is_written_in_latin_letters_by_the_national_table(word):
    assert latin(word) == translitua.translit(word)


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
