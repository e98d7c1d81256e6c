"""One school for the young in three oblasts: two were held, one is to come."""

import dataclasses
import datetime as dt

from i18nfield.strings import LazyI18nString

from attendance import actions as attendance
from attendance.models import MarkSource, MarkStatus
from cms.demo import people
from events import guardians
from events.models import ParallelGroup, QuestionKind, RegistrationQuestion, Session
from events.people import Reply
from events.schedule import Slot
from participants.codes import ActivityType


def held(calendar):
    """The same school in two other oblasts, over and counted by attendance."""
    places = (
        (
            "school-vinnytsia",
            -76,
            "UA05",
            "Camp by the river",
            "Табір біля річки",
            "вул. Річкова, 800, Вороновиця",
        ),
        ("school-lviv", -48, "UA46", "House on the hill", "Дім на пагорбі", "вул. Польова, 850, Брюховичі"),
    )
    days = (
        ("Safe migration", "Безпечна міграція"),
        ("How people are deceived", "Як обманюють людей"),
        ("Planning our actions", "Плануємо свої акції"),
    )
    for (code, offset, area, name_en, name_uk, address), comers in zip(places, people.alumni(), strict=True):
        first = calendar.day(offset)
        event, made = calendar.schedule(
            code,
            [
                Slot(
                    first + dt.timedelta(days=n),
                    dt.time(9, 30),
                    dt.time(17),
                    LazyI18nString({"en": en, "uk": uk}),
                )
                for n, (en, uk) in enumerate(days)
            ],
            kind=ActivityType.SUMMER_SCHOOL,
            texts=calendar.texts[code],
            topics=["safe_migration", "leadership", "counter_trafficking"],
            areas=[area],
            venue=calendar.venue(
                name_en,
                name_uk,
                area,
                address,
                "Ground floor rooms; a bus from the station is organised.",
                "Кімнати на першому поверсі; від вокзалу буде автобус.",
            ),
            capacity=25,
            attendance_threshold=None,
        )
        if made:
            _hold(calendar, event, calendar.register(event, comers))


def _hold(calendar, event, registrations):
    for number, session in enumerate(event.sessions.all()):
        if number == 2:
            # Somebody had to go home a day early.
            attendance.mark(
                session=session,
                registration=registrations[-1],
                status=MarkStatus.ABSENT,
                by=calendar.trainer,
                source=MarkSource.TRAINER,
                device_time=session.starts_at,
            )
        attendance.mark_all_present(session=session, by=calendar.trainer)
        attendance.close_register(session=session, by=calendar.trainer)
    attendance.close_event(event=event, by=calendar.trainer)


def to_come(calendar):
    first = calendar.day(24, weekday=True)
    first -= dt.timedelta(days=first.weekday())
    titles = [
        ("Safe migration", "Безпечна міграція"),
        ("Leadership", "Лідерство"),
        ("How people are deceived", "Як обманюють людей"),
        ("Planning an action", "Плануємо акцію"),
        ("Presenting our actions", "Представляємо свої акції"),
    ]
    event, made = calendar.schedule(
        "summer-school",
        [
            Slot(first + dt.timedelta(days=n), dt.time(9, 30), dt.time(13), LazyI18nString({"en": en, "uk": uk}))
            for n, (en, uk) in enumerate(titles)
        ],
        kind=ActivityType.SUMMER_SCHOOL,
        texts=calendar.texts["summer-school"],
        topics=["safe_migration", "leadership", "counter_trafficking"],
        areas=["UA26"],
        venue=calendar.venue(
            "Youth house in the valley",
            "Молодіжний дім у долині",
            "UA26",
            "вул. Лісова, 700, Ворохта",
            "Ground floor rooms; a bus from the station is organised.",
            "Кімнати на першому поверсі; від вокзалу буде автобус.",
        ),
        capacity=20,
    )
    if made:
        groups = _parallel_groups(event)
        shirt, town = _questions(event)
        sizes = [option["key"] for option in shirt.options]
        comers = [
            dataclasses.replace(
                person,
                group=groups[number % 2],
                replies={
                    shirt: Reply(chosen=(sizes[number % len(sizes)],)),
                    town: Reply("Калуш" if number % 2 else "Вінниця"),
                },
            )
            for number, person in enumerate(people.young())
        ]
        for registration in calendar.register(event, comers):
            # One was registered by themselves, and their mother has not answered yet.
            if registration.is_minor and not hasattr(registration, "confidential"):
                guardians.see_paper(registration=registration, by=calendar.trainer)


def _parallel_groups(event):
    """The fourth day in two rooms at one time."""
    films, streets = (
        ParallelGroup.objects.create(
            event=event, title=LazyI18nString({"en": en, "uk": uk}), capacity=10, position=position
        )
        for position, (en, uk) in enumerate(
            (("Short films", "Короткі фільми"), ("Street actions", "Вуличні акції"))
        )
    )
    day = event.sessions.all()[3]
    day.group = films
    day.save(update_fields=["group"])
    Session.objects.create(
        event=event,
        title=day.title,
        date=day.date,
        start_time=day.start_time,
        end_time=day.end_time,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        group=streets,
    )
    return films, streets


def _questions(event):
    sizes = [{"key": size.lower(), "text": {"en": size, "uk": size}} for size in ("S", "M", "L", "XL")]
    shirt = RegistrationQuestion.objects.create(
        event=event,
        position=0,
        kind=QuestionKind.CHOICE,
        text=LazyI18nString({"en": "Which size of T-shirt do you wear?", "uk": "Який розмір футболки ви носите?"}),
        purpose=LazyI18nString({"en": "To order the shirts of the school.", "uk": "Щоб замовити футболки школи."}),
        options=sizes,
    )
    town = RegistrationQuestion.objects.create(
        event=event,
        position=1,
        text=LazyI18nString(
            {
                "en": "In which town would you like to hold your action?",
                "uk": "У якому місті чи селищі ви хотіли б провести свою акцію?",
            }
        ),
        purpose=LazyI18nString(
            {
                "en": "To bring people of one place together on the last day.",
                "uk": "Щоб останнього дня об’єднати тих, хто з одного місця.",
            }
        ),
    )
    return shirt, town
