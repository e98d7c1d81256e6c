"""Invented people of the demonstration. None of them exists."""

from django.utils import timezone

from events.people import Guardian, Person
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
    # Олександра Литвин once more, at another address: a pair for staff to decide about.
    ("Oleksandra Lytvyn", 1998, "F", "ngo_staff", "UA80", "IDP", "en", "lytvyn.work@example.org"),
]

# name, how old they turn this year, and as above: the young do not grow up with the demonstration.
YOUTH = [
    ("Соломія Гринь", 16, "F", "UA26", "HOST"),
    ("Артем Лисенко", 19, "M", "UA63", "IDP"),
    ("Злата Кузьменко", 17, "F", "UA65", "IDP"),
    ("Назар Волошин", 20, "M", "UA26", "HOST"),
    ("Яна Білоус", 18, "F", "UA14", "IDP"),
    ("Денис Чорний", 19, "M", "UA46", "HOST"),
    ("Емілія Сорока", 17, "F", "UA05", "HOST"),
    ("Владислав Гай", 20, "M", "UA12", "IDP"),
]


# What is asked for every event; not everybody says yes to everything.
def _consents(number):
    return {
        Purpose.REGISTER: True,
        Purpose.STATISTICS: True,
        Purpose.CERTIFICATE: True,
        Purpose.FURTHER_TRAINING: number % 3 != 0,
        Purpose.PHOTO: number % 4 != 0,
    }


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
            is_of_age=True,
            access_needs="Потрібне місце ближче до екрана: погано бачу." if name == "Микола Дяченко" else "",
            consents=_consents(number),
            **{"phone" if contact.startswith("+") else "email": contact},
        )
        for number, (name, born, sex, category, area, displacement, language, contact) in enumerate(
            PEOPLE, start=1
        )
    ]


def young():
    youth = Category.objects.get(code="youth")
    areas = {area.code: area for area in Area.objects.all()}
    return [
        Person(
            full_name=name,
            birth_year=timezone.localdate().year - turns,
            sex=sex,
            category=youth,
            origin_area=areas[area],
            displacement=displacement,
            language="uk",
            email=f"youth{number}@example.org",
            consents=_consents(number),
            guardian=Guardian("Ірина Гринь", "мати", email="iryna.hryn@example.org") if number == 1 else None,
        )
        for number, (name, turns, sex, area, displacement) in enumerate(YOUTH, start=1)
    ]


def known(person):
    """The participant of an earlier registration, so that the same invented person is not made twice."""
    return Participant.objects.filter(full_name=person.full_name, erased_at=None).first()
