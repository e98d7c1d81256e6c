"""What the demonstration's trainer holds: dates are relative to today, so that something is always about to happen."""

import dataclasses
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
from events.models import (
    Allocation,
    Event,
    FollowUpKind,
    ParallelGroup,
    Programme,
    ProgrammeStep,
    QuestionKind,
    RegistrationQuestion,
    Session,
    Venue,
)
from events.people import Reply
from events.schedule import Slot
from participants.codes import ActivityType, DeliveryMode, HeadcountMethod, Qualifier
from participants.models import Area, Organisation, Project, Topic

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
        self._schools_before()
        self._family_evening()
        self._festival_stand()
        self._webinar()
        self._closed_training()
        self._programme()
        self._school_programme()

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

    def _register(self, event, persons, *, days_before=10, **how):
        now = event.sessions.earliest("starts_at").starts_at - dt.timedelta(days=days_before)
        return [
            events.register(
                event=event,
                person=person,
                participant=people.known(person),
                submission=uuid.uuid4(),
                language=person.language,
                now=min(now, timezone.now()),
                **how,
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
            groups = self._parallel_groups(event)
            shirt, town = self._school_questions(event)
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
            for registration in self._register(event, comers):
                # One was registered by themselves, and their mother has not answered yet.
                if registration.is_minor and not hasattr(registration, "confidential"):
                    guardians.see_paper(registration=registration, by=self.trainer)

    def _parallel_groups(self, event):
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

    def _school_questions(self, event):
        sizes = [{"key": size.lower(), "text": {"en": size, "uk": size}} for size in ("S", "M", "L", "XL")]
        shirt = RegistrationQuestion.objects.create(
            event=event,
            position=0,
            kind=QuestionKind.CHOICE,
            text=LazyI18nString(
                {"en": "Which size of T-shirt do you wear?", "uk": "Який розмір футболки ви носите?"}
            ),
            purpose=LazyI18nString(
                {"en": "To order the shirts of the school.", "uk": "Щоб замовити футболки школи."}
            ),
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

    def _schools_before(self):
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
            first = self.day(offset)
            event, made = self._schedule(
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
                texts=self.texts[code],
                topics=["safe_migration", "leadership", "counter_trafficking"],
                areas=[area],
                venue=self._venue(
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
                self._hold(event, self._register(event, comers))

    def _hold(self, event, registrations):
        for number, session in enumerate(event.sessions.all()):
            if number == 2:
                # Somebody had to go home a day early.
                attendance.mark(
                    session=session,
                    registration=registrations[-1],
                    status=MarkStatus.ABSENT,
                    by=self.trainer,
                    source=MarkSource.TRAINER,
                    device_time=session.starts_at,
                )
            attendance.mark_all_present(session=session, by=self.trainer)
            attendance.close_register(session=session, by=self.trainer)
        attendance.close_event(event=event, by=self.trainer)

    def _family_evening(self):
        """Seats that are set aside for two organisations, and a family of three that waits for three seats at once."""
        event, made = self._schedule(
            "family-evening",
            [Slot(self.day(17, weekday=True), dt.time(16), dt.time(18, 30))],
            kind=ActivityType.INFO_SESSION,
            texts=self.texts["family-evening"],
            topics=["safe_migration"],
            areas=["UA46"],
            venue=self._hall(),
            capacity=14,
            attendance_threshold=None,
        )
        if not made:
            return
        partner, centre = (self._organisation(*one) for one in people.ORGANISATIONS)
        until = event.sessions.get().starts_at - dt.timedelta(days=4)
        partners, centres = (
            Allocation.objects.create(event=event, organisation=one, seats=seats, held_until=until)
            for one, seats in ((partner, 4), (centre, 3))
        )
        grown = people.grown()
        # Five of the seven seats that are everybody's, and some of those that are set aside.
        self._register(event, [grown[place] for place in (2, 4, 5, 12, 18)])
        for place, allocation in ((11, partners), (20, partners), (22, centres)):
            comer = dataclasses.replace(grown[place], organisation=allocation.organisation)
            self._register(event, [comer], allocation=allocation)
        family = people.family()
        registered = events.register_together(
            event=event, people=family, submission=uuid.uuid4(), language=family[0].language
        )
        for outcome in registered:
            if outcome.registration.is_minor and not outcome.registration.may_attend:
                guardians.see_paper(registration=outcome.registration, by=self.trainer)

    def _organisation(self, code, en, uk):
        """By its code, which is all that an import may have made of it."""
        label = LazyI18nString({"en": en, "uk": uk})
        return Organisation.objects.get_or_create(code=code, defaults={"label": label})[0]

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

    def _school_programme(self):
        """A course, one school in three oblasts, and what those who were there did afterwards."""
        programme, made = Programme.objects.get_or_create(
            code="youth-schools",
            defaults={
                "title": LazyI18nString({"en": "Youth for safe journeys", "uk": "Молодь за безпечні подорожі"}),
                "summary": LazyI18nString(
                    {
                        "en": "Active young people from displaced and host communities learn what protects them on a "
                        "journey, and pass it on at home in actions of their own.",
                        "uk": "Активна молодь із переміщених і місцевих громад дізнається, що захищає в дорозі, і "
                        "ділиться цим удома у власних акціях.",
                    }
                ),
                "is_public": True,
            },
        )
        if not made:
            return
        ProgrammeStep.objects.create(
            programme=programme, position=0, course=Course.objects.get(code="safe-migration")
        )
        vinnytsia, lviv, coming = (
            Event.objects.get(code=code) for code in ("school-vinnytsia", "school-lviv", "summer-school")
        )
        ProgrammeStep.objects.create(programme=programme, position=1, event=vinnytsia)
        for school in (vinnytsia, lviv, coming):
            events.join_programme(event=school, programme=programme, by=self.trainer)
        for school, value, first, last, note in (
            (vinnytsia, 3, -55, -50, "У двох школах і на ринку"),
            (lviv, 1, -20, -20, "На залізничному вокзалі"),
        ):
            events.record_follow_up(
                cohort=school,
                by=self.trainer,
                held_from=self.day(first),
                held_to=self.day(last),
                kind=FollowUpKind.PREVENTION_ACTION,
                value=value,
                note=note,
            )
