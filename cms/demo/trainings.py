"""The trainings for people at work: one that was held, one today, one to come, one by approval and one by invitation."""

import datetime as dt

from i18nfield.strings import LazyI18nString

from attendance import actions as attendance
from attendance.models import MarkSource, MarkStatus
from cms.demo import people
from cms.demo.calendar import KYIV
from events.schedule import Slot
from participants.codes import ActivityType


def held(calendar):
    event, made = calendar.schedule(
        "lviv-autumn",
        _two_days(calendar.day(-23, weekday=True)),
        kind=ActivityType.TRAINING,
        title=LazyI18nString(
            {
                "en": "Counter-trafficking in emergencies: first group",
                "uk": "Протидія торгівлі людьми в надзвичайних ситуаціях: перша група",
            }
        ),
        topics=["counter_trafficking", "identification", "referral_nrm"],
        areas=["UA46"],
        venue=calendar.hall(),
        capacity=20,
        course=calendar.course,
    )
    if not made:
        return
    registrations = calendar.register(event, people.grown()[:14])
    for number, session in enumerate(event.sessions.all()):
        for place, registration in enumerate(registrations):
            # Two miss the second day, one is excused from it; somebody is late.
            status = MarkStatus.PRESENT
            if number >= 2 and place in {3, 8}:
                status = MarkStatus.ABSENT
            elif number >= 2 and place == 11:
                status = MarkStatus.EXCUSED
            elif (number, place) == (0, 5):
                status = MarkStatus.LATE
            attendance.mark(
                session=session,
                registration=registration,
                status=status,
                by=calendar.trainer,
                source=MarkSource.TRAINER,
                device_time=session.starts_at,
            )
        attendance.close_register(session=session, by=calendar.trainer)
    attendance.close_event(event=event, by=calendar.trainer)


def today(calendar):
    event, made = calendar.schedule(
        "referral-workshop",
        [
            Slot(
                calendar.today, dt.time(9, 30), dt.time(12, 30), LazyI18nString({"en": "Morning", "uk": "Ранок"})
            ),
            Slot(
                calendar.today,
                dt.time(13, 30),
                dt.time(16, 30),
                LazyI18nString({"en": "Afternoon", "uk": "Після обіду"}),
            ),
        ],
        kind=ActivityType.WORKSHOP,
        title=LazyI18nString(
            {
                "en": "Safe referral in practice: one-day workshop",
                "uk": "Безпечне перенаправлення на практиці: одноденний семінар",
            }
        ),
        summary=LazyI18nString(
            {
                "en": "Work through real-life situations with the people you would call.",
                "uk": "Розбираємо життєві ситуації разом із тими, кому ви телефонуватимете.",
            }
        ),
        topics=["referral_nrm"],
        areas=["UA46"],
        venue=calendar.hall(),
        capacity=16,
    )
    if made:
        calendar.register(event, people.grown()[4:16])


def to_come(calendar):
    first = calendar.day(9, weekday=True)
    if first.weekday() == 4:
        first += dt.timedelta(days=3)
    event, made = calendar.schedule(
        "lviv-training",
        _two_days(first),
        kind=ActivityType.TRAINING,
        texts=calendar.texts["lviv-training"],
        topics=["counter_trafficking", "identification", "referral_nrm"],
        areas=["UA46"],
        venue=calendar.hall(),
        capacity=25,
        course=calendar.course,
        registration_closes_at=dt.datetime.combine(first - dt.timedelta(days=2), dt.time(18), KYIV),
    )
    if made:
        calendar.register(event, people.grown()[2:24])


def by_approval(calendar):
    event, made = calendar.schedule(
        "new-trainers",
        [Slot(calendar.day(17, weekday=True), dt.time(10), dt.time(16))],
        kind=ActivityType.WORKSHOP,
        title=LazyI18nString(
            {"en": "For new trainers: leading a session", "uk": "Для нових тренерів: як провести заняття"}
        ),
        summary=LazyI18nString(
            {
                "en": "Plan a session, hold ten minutes of it, and hear what the others saw.",
                "uk": "Сплануйте заняття, проведіть десять хвилин із нього й почуйте, що побачили інші.",
            }
        ),
        topics=["referral_nrm"],
        areas=["UA46"],
        venue=calendar.hall(),
        capacity=8,
        policy="approval",
    )
    if made:
        calendar.register(event, people.grown()[8:18])


def by_invitation(calendar):
    event, made = calendar.schedule(
        "closed-police",
        [Slot(calendar.day(13, weekday=True), dt.time(9), dt.time(17))],
        kind=ActivityType.TRAINING,
        texts=calendar.texts["closed-police"],
        topics=["identification", "referral_nrm"],
        areas=["UA46"],
        venue=calendar.hall(),
        capacity=15,
        policy="invitation",
    )
    if made:
        calendar.register(event, [people.grown()[6], people.grown()[21]])


def _two_days(first):
    second = first + dt.timedelta(days=1)
    return [
        Slot(day, dt.time(*start), dt.time(*end), LazyI18nString({"en": en, "uk": uk}))
        for day, start, end, en, uk in (
            (first, (10, 0), (12, 30), "What trafficking is and is not", "Що є торгівлею людьми, а що ні"),
            (first, (13, 30), (16, 30), "Indicators in daily work", "Ознаки у щоденній роботі"),
            (second, (10, 0), (12, 30), "The first conversation", "Перша розмова"),
            (second, (13, 30), (16, 0), "Referral, step by step", "Перенаправлення крок за кроком"),
        )
    ]
