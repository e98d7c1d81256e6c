"""What the demonstration's trainer holds: dates are relative to today, so that something is always about to happen."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from django.utils import timezone
from i18nfield.strings import LazyI18nString

from attendance import actions as attendance
from attendance.models import MarkSource, MarkStatus
from cms.demo import people
from cms.demo.pages import load
from courses.models import Course
from events import actions as events
from events import guardians
from events.models import Event, Programme, ProgrammeStep, Venue
from events.schedule import Slot
from participants.codes import ActivityType, DeliveryMode, HeadcountMethod, Qualifier
from participants.models import Area, Project, Topic

KYIV = ZoneInfo("Europe/Kyiv")


class Calendar:
    """The demo's events, for one trainer. Every method leaves an event alone that is there already."""

    def __init__(self, trainer, today=None):
        self.trainer = trainer
        self.today = today or timezone.localdate(timezone=KYIV)
        texts = {language: load("pages", language)["event_titles"] for language in ("en", "uk")}
        self.texts = {
            name: {
                field: LazyI18nString({language: texts[language][name][field] for language in texts})
                for field in ("title", "summary")
            }
            for name in texts["en"]
        }
        self.course = Course.objects.get(code="counter-trafficking-in-emergencies")
        self.project, _made = Project.objects.get_or_create(
            code="CT-DEMO",
            defaults={
                "label": LazyI18nString({"en": "Safe on the move (demo)", "uk": "Безпечно в дорозі (демо)"})
            },
        )

    def day(self, offset, *, weekday=False):
        day = self.today + dt.timedelta(days=offset)
        while weekday and day.weekday() > 4:
            day += dt.timedelta(days=1)
        return day

    def seed(self):
        self._held_training()
        self._training_today()
        self._lviv_training()
        self._summer_school()
        self._festival_stand()
        self._webinar()
        self._closed_training()
        self._programme()

    def _schedule(self, code, slots, *, topics, areas, venue=None, texts=None, **fields):
        """The event of this code and whether it had to be made."""
        held = Event.objects.filter(code=code).first()
        if held is not None:
            return held, False
        event = events.schedule(
            by=self.trainer,
            sessions=slots,
            code=code,
            topics=list(Topic.objects.filter(code__in=topics)),
            areas=list(Area.objects.filter(code__in=areas)),
            venues=[venue] if venue else [],
            project=self.project,
            zone="Europe/Kyiv",
            **{"country": "UA", "languages": ["uk"], **(texts or {}), **fields},
        )
        return event, True

    def _venue(self, name_en, name_uk, area, address_uk, access_en, access_uk):
        area = Area.objects.get(code=area)
        for venue in Venue.objects.filter(area=area):
            if venue.name.data.get("en") == name_en:
                return venue
        return Venue.objects.create(
            name=LazyI18nString({"en": name_en, "uk": name_uk}),
            country="UA",
            area=area,
            address=LazyI18nString({"en": address_uk, "uk": address_uk}),
            access_notes=LazyI18nString({"en": access_en, "uk": access_uk}),
        )

    def _hall(self):
        return self._venue(
            "Training hall on Zelena Street",
            "Навчальний зал на вулиці Зеленій",
            "UA46",
            "вул. Зелена, 900, Львів",
            "Step-free entrance from the yard, lift to the second floor, shelter in the basement.",
            "Вхід без сходів із двору, ліфт на другий поверх, укриття в підвалі.",
        )

    def _two_days(self, first):
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

    def _register(self, event, persons, *, days_before=10):
        now = event.sessions.earliest("starts_at").starts_at - dt.timedelta(days=days_before)
        return [
            events.register(
                event=event,
                person=person,
                participant=people.known(person),
                submission=uuid.uuid4(),
                language=person.language,
                now=min(now, timezone.now()),
            ).registration
            for person in persons
        ]

    def _held_training(self):
        event, made = self._schedule(
            "lviv-autumn",
            self._two_days(self.day(-23, weekday=True)),
            kind=ActivityType.TRAINING,
            title=LazyI18nString(
                {
                    "en": "Counter-trafficking in emergencies: first group",
                    "uk": "Протидія торгівлі людьми в надзвичайних ситуаціях: перша група",
                }
            ),
            topics=["counter_trafficking", "identification", "referral_nrm"],
            areas=["UA46"],
            venue=self._hall(),
            capacity=20,
            course=self.course,
        )
        if not made:
            return
        registrations = self._register(event, people.grown()[:14])
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
                    by=self.trainer,
                    source=MarkSource.TRAINER,
                    device_time=session.starts_at,
                )
            attendance.close_register(session=session, by=self.trainer)
        attendance.close_event(event=event, by=self.trainer)

    def _training_today(self):
        event, made = self._schedule(
            "referral-workshop",
            [
                Slot(
                    self.today, dt.time(9, 30), dt.time(12, 30), LazyI18nString({"en": "Morning", "uk": "Ранок"})
                ),
                Slot(
                    self.today,
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
            venue=self._hall(),
            capacity=16,
        )
        if made:
            self._register(event, people.grown()[4:16])

    def _lviv_training(self):
        first = self.day(9, weekday=True)
        if first.weekday() == 4:
            first += dt.timedelta(days=3)
        event, made = self._schedule(
            "lviv-training",
            self._two_days(first),
            kind=ActivityType.TRAINING,
            texts=self.texts["lviv-training"],
            topics=["counter_trafficking", "identification", "referral_nrm"],
            areas=["UA46"],
            venue=self._hall(),
            capacity=25,
            course=self.course,
            registration_closes_at=dt.datetime.combine(first - dt.timedelta(days=2), dt.time(18), KYIV),
        )
        if made:
            self._register(event, people.grown()[2:24])

    def _summer_school(self):
        first = self.day(24, weekday=True)
        first -= dt.timedelta(days=first.weekday())
        titles = [
            ("Safe migration", "Безпечна міграція"),
            ("Leadership", "Лідерство"),
            ("How people are deceived", "Як обманюють людей"),
            ("Planning an action", "Плануємо акцію"),
            ("Presenting our actions", "Представляємо свої акції"),
        ]
        event, made = self._schedule(
            "summer-school",
            [
                Slot(
                    first + dt.timedelta(days=n), dt.time(9, 30), dt.time(13), LazyI18nString({"en": en, "uk": uk})
                )
                for n, (en, uk) in enumerate(titles)
            ],
            kind=ActivityType.SUMMER_SCHOOL,
            texts=self.texts["summer-school"],
            topics=["safe_migration", "leadership", "counter_trafficking"],
            areas=["UA26"],
            venue=self._venue(
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
            for registration in self._register(event, people.young()):
                # One was registered by themselves, and their mother has not answered yet.
                if registration.is_minor and not hasattr(registration, "confidential"):
                    guardians.see_paper(registration=registration, by=self.trainer)

    def _festival_stand(self):
        self._schedule(
            "festival-stand",
            [Slot(self.day(-1), dt.time(11), dt.time(18))],
            kind=ActivityType.FESTIVAL,
            texts=self.texts["festival-stand"],
            topics=["counter_trafficking"],
            areas=["UA46"],
            attendance_threshold=None,
        )
        past, held = self._schedule(
            "city-day-stand",
            [Slot(self.day(-40), dt.time(11), dt.time(18))],
            kind=ActivityType.FESTIVAL,
            title=LazyI18nString({"en": "Stand on the day of the city", "uk": "Стенд на дні міста"}),
            topics=["counter_trafficking"],
            areas=["UA46"],
            attendance_threshold=None,
        )
        if held:
            attendance.enter_headcount(
                event=past,
                by=self.trainer,
                rows=[
                    attendance.Count(180, Qualifier.AT_LEAST, HeadcountMethod.CLICKER),
                    attendance.Count(95, Qualifier.ABOUT, HeadcountMethod.ESTIMATE, sex="F"),
                    attendance.Count(80, Qualifier.ABOUT, HeadcountMethod.ESTIMATE, sex="M"),
                ],
            )
            attendance.close_event(event=past, by=self.trainer)

    def _webinar(self):
        event, made = self._schedule(
            "webinar",
            [Slot(self.day(3), dt.time(18), dt.time(19, 30))],
            kind=ActivityType.WEBINAR,
            texts=self.texts["webinar"],
            topics=["safe_migration", "labour_rights"],
            areas=[],
            mode=DeliveryMode.ONLINE,
            online_link="https://meet.example.org/safe-migration",
            capacity=200,
        )
        if made:
            self._register(event, [*people.grown()[15:20], people.grown()[24]])

    def _closed_training(self):
        event, made = self._schedule(
            "closed-police",
            [Slot(self.day(13, weekday=True), dt.time(9), dt.time(17))],
            kind=ActivityType.TRAINING,
            texts=self.texts["closed-police"],
            topics=["identification", "referral_nrm"],
            areas=["UA46"],
            venue=self._hall(),
            capacity=15,
            policy="invitation",
        )
        if made:
            self._register(event, [people.grown()[6], people.grown()[21]])

    def _programme(self):
        """Self-study, a workshop in one of two forms, and a webinar afterwards."""
        follow_up, _made = self._schedule(
            "follow-up",
            [Slot(self.day(33, weekday=True), dt.time(17), dt.time(18, 30))],
            kind=ActivityType.WEBINAR,
            texts=self.texts["follow-up"],
            topics=["referral_nrm"],
            areas=[],
            mode=DeliveryMode.ONLINE,
            online_link="https://meet.example.org/follow-up",
            capacity=100,
        )
        programme, made = Programme.objects.get_or_create(
            code="first-responders",
            defaults={
                "title": LazyI18nString(
                    {"en": "First responders, step by step", "uk": "Перші, хто реагує: крок за кроком"}
                ),
                "summary": LazyI18nString(
                    {
                        "en": "Learn the essentials online, practise them with the people you would call, and come "
                        "back with your questions. For everybody who meets people on the move in their work.",
                        "uk": "Опануйте основи онлайн, відпрацюйте їх разом із тими, кому ви телефонуватимете, і "
                        "поверніться зі своїми запитаннями. Для всіх, хто у роботі зустрічає людей у дорозі.",
                    }
                ),
                "is_public": True,
            },
        )
        if not made:
            return
        workshop, training = (Event.objects.get(code=code) for code in ("referral-workshop", "lviv-training"))
        for position, fields in enumerate(
            (
                {"course": self.course},
                {"event": workshop},
                {"event": training, "is_alternative": True},
                {"event": follow_up},
            )
        ):
            ProgrammeStep.objects.create(programme=programme, position=position, **fields)
