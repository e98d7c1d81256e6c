"""Invented people of the demonstration. None of them exists."""

from django.utils import timezone

from events.people import Guardian, Person, Relative
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


# Put together anew for every school: first names with the sex, and surnames that are the same for all.
FIRST_NAMES = [
    *(
        (name, "F")
        for name in ("Аліна", "Софія", "Мар’яна", "Юлія", "Тетяна", "Христина", "Вероніка", "Інна", "Леся")
    ),
    *((name, "M") for name in ("Павло", "Ілля", "Остап", "Матвій", "Євген", "Кирило", "Олег", "Данило")),
]
SURNAMES = ["Верес", "Калина", "Журба", "Ремез", "Липа", "Мороз", "Гайда", "Берест", "Кожух", "Дзвін", "Явір"]

# Code and name in two languages; the first is the one whose focal point the demonstration has.
ORGANISATIONS = [
    ("demo-partner", "Partner of the demonstration", "Партнер демонстрації"),
    ("demo-centre", "Family centre of the demonstration", "Сімейний центр демонстрації"),
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


def alumni():
    """Two groups of young people who are of age: those of the schools that are over, 21 and 20 of them."""
    youth = Category.objects.get(code="youth")
    areas = {area.code: area for area in Area.objects.all()}
    # Where they live, and where the displaced among them come from.
    homes = (("UA05", ("UA14", "UA63", "UA65")), ("UA46", ("UA12", "UA44", "UA23")))
    everybody = []
    for number in range(41):
        first, sex = FIRST_NAMES[number % len(FIRST_NAMES)]
        home, left = homes[number >= 21]
        is_displaced = number % 3 == 0
        everybody.append(
            Person(
                full_name=f"{first} {SURNAMES[number % len(SURNAMES)]}",
                birth_year=timezone.localdate().year - 20 - number % 4,
                sex=sex,
                category=youth,
                origin_area=areas[left[number % len(left)] if is_displaced else home],
                displacement="IDP" if is_displaced else "HOST",
                language="uk",
                is_of_age=True,
                email=f"alumni{number + 1}@example.org",
                consents=_consents(number),
            )
        )
    return everybody[:21], everybody[21:]


def family():
    """A mother with two children, whom she registers by her own contact."""
    contact = "halyna.kushnir@example.org"
    mother = "Галина Кушнір"
    year = timezone.localdate().year
    children = [
        Person(
            full_name=name,
            birth_year=year - turns,
            language="uk",
            email=contact,
            consents=_consents(1),
            relative=Relative(mother, "мати"),
            guardian=Guardian(mother, "мати", email=contact),
        )
        for name, turns in (("Марко Кушнір", 14), ("Оленка Кушнір", 9))
    ]
    return [
        Person(
            full_name=mother,
            birth_year=year - 38,
            sex="F",
            language="uk",
            is_of_age=True,
            email=contact,
            consents=_consents(1),
        ),
        *children,
    ]


def known(person):
    """The participant of an earlier registration, so that the same invented person is not made twice."""
    return Participant.objects.filter(full_name=person.full_name, erased_at=None).first()
