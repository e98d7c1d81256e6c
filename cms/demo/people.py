"""Invented people of the demonstration. None of them exists."""

from events.people import Person
from participants.models import Area, Category, Participant, Purpose

# name, year of birth, sex, category, area, displacement, language, how they are reached
PEOPLE = [
    ("Олена Коваль", 1989, "F", "border_guard", "UA46", "PRO", "uk", "participant@example.org"),
    ("Андрій Мельник", 1984, "M", "border_guard", "UA46", "PRO", "uk", "andrii.melnyk@example.org"),
    ("Наталія Ющенко", 1977, "F", "social_worker", "UA46", "PRO", "uk", "nataliia.yu@example.org"),
    ("Іван Їжакевич", 1992, "M", "volunteer", "UA26", "HOST", "uk", "ivan.yi@example.org"),
    ("Дар’я Щербак", 2001, "F", "volunteer", "UA63", "IDP", "uk", "daria.s@example.org"),
    ("Марина Гончаренко-Ґудзь", 1968, "F", "educator", "UA05", "PRO", "uk", "maryna.g@example.org"),
    ("Тарас Бондар", 1995, "M", "police", "UA46", "PRO", "uk", "taras.bondar@example.org"),
    ("Світлана Прокопенко", 1981, "F", "rac_staff", "UA21", "PRO", "uk", "+380671110021"),
    ("Юрій Кравець", 1973, "M", "local_authority", "UA46", "PRO", "uk", "yurii.kravets@example.org"),
    ("Олександра Литвин", 1998, "F", "ngo_staff", "UA80", "IDP", "uk", "o.lytvyn@example.org"),
    ("Богдан Савчук", 1990, "M", "ngo_staff", "UA07", "PRO", "uk", "b.savchuk@example.org"),
    ("Ірина Захарченко", 1986, "F", "health", "UA63", "IDP", "uk", "iryna.zakh@example.org"),
    ("Agnieszka Świętosławska", 1979, "F", "ngo_staff", "PL-18", "PRO", "en", "agnieszka@example.org"),
    ("Ștefania Țurcanu", 1991, "F", "social_worker", "MD-CU", "PRO", "en", "stefania@example.org"),
    ("Микола Дяченко", 1960, "M", "volunteer", "UA53", "HOST", "uk", "+380501110022"),
    ("Катерина Романюк", 1994, "F", "frontline_border_info", "UA21", "PRO", "uk", "k.romaniuk@example.org"),
    ("Ліна Остапчук", 2003, "X", "volunteer", "UA46", "HOST", "uk", "lina.o@example.org"),
    ("Петро Шульга", 1987, "M", "legal_counsellor", "UA80", "PRO", "uk", "petro.shulha@example.org"),
    ("Галина Ткачук", 1970, "F", "child_protection", "UA61", "PRO", "uk", "halyna.t@example.org"),
    ("Максим Руденко", 1999, "M", "volunteer", "UA12", "IDP", "uk", "maksym.r@example.org"),
    ("Вікторія Панченко", 1996, "F", "own_staff", "UA46", "PRO", "uk", "v.panchenko@example.org"),
    ("Сергій Клименко", 1982, "M", "police", "UA46", "PRO", "uk", "s.klymenko@example.org"),
    ("Оксана Федорчук", 1975, "F", "educator", "UA07", "PRO", "uk", "oksana.f@example.org"),
    ("Роман Гнатюк", 1993, "M", "border_guard", "UA21", "PRO", "uk", "roman.hnatiuk@example.org"),
]

YOUTH = [
    ("Соломія Гринь", 2008, "F", "UA26", "HOST"),
    ("Артем Лисенко", 2007, "M", "UA63", "IDP"),
    ("Злата Кузьменко", 2009, "F", "UA65", "IDP"),
    ("Назар Волошин", 2006, "M", "UA26", "HOST"),
    ("Яна Білоус", 2008, "F", "UA14", "IDP"),
    ("Денис Чорний", 2007, "M", "UA46", "HOST"),
    ("Емілія Сорока", 2009, "F", "UA05", "HOST"),
    ("Владислав Гай", 2006, "M", "UA12", "IDP"),
]


def grown():
    """The grown-ups as what a registration form would have said of them."""
    categories = {category.code: category for category in Category.objects.all()}
    areas = {area.code: area for area in Area.objects.all()}
    return [
        Person(
            full_name=name,
            birth_year=born,
            sex=sex,
            category=categories[category],
            origin_area=areas[area],
            displacement=displacement,
            language=language,
            consents={Purpose.REGISTER: True, Purpose.STATISTICS: True},
            **{"phone" if contact.startswith("+") else "email": contact},
        )
        for name, born, sex, category, area, displacement, language, contact in PEOPLE
    ]


def young():
    youth = Category.objects.get(code="youth")
    areas = {area.code: area for area in Area.objects.all()}
    return [
        Person(
            full_name=name,
            birth_year=born,
            sex=sex,
            category=youth,
            origin_area=areas[area],
            displacement=displacement,
            language="uk",
            email=f"youth{number}@example.org",
            consents={Purpose.REGISTER: True, Purpose.STATISTICS: True},
        )
        for number, (name, born, sex, area, displacement) in enumerate(YOUTH, start=1)
    ]


def known(person):
    """The participant of an earlier registration, so that the same invented person is not made twice."""
    return Participant.objects.filter(full_name=person.full_name, erased_at=None).first()
