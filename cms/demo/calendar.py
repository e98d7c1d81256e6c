"""With what the events of the demonstration are made."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from django.utils import timezone
from i18nfield.strings import LazyI18nString

from cms.demo import people
from cms.demo.pages import load
from courses.models import Course
from events import actions as events
from events.models import Event, Venue
from participants.models import Area, Project, Topic

KYIV = ZoneInfo("Europe/Kyiv")


class Calendar:
    """The days around today, so that something is always about to happen, and what is held on them by one trainer."""

    def __init__(self, trainer):
        self.trainer = trainer
        self.today = timezone.localdate(timezone=KYIV)
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

    def schedule(self, code, slots, *, topics, areas, venue=None, texts=None, **fields):
        """The event of this code and whether it had to be made: one that is there already is left alone."""
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

    def venue(self, name_en, name_uk, area, address_uk, access_en, access_uk):
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

    def hall(self):
        return self.venue(
            "Training hall on Zelena Street",
            "Навчальний зал на вулиці Зеленій",
            "UA46",
            "вул. Зелена, 900, Львів",
            "Step-free entrance from the yard, lift to the second floor, shelter in the basement.",
            "Вхід без сходів із двору, ліфт на другий поверх, укриття в підвалі.",
        )

    def register(self, event, persons, *, days_before=10, **how):
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
