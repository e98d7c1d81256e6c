"""What is open to everybody: an evening for families, stands, a webinar."""

import dataclasses
import datetime as dt
import uuid

from i18nfield.strings import LazyI18nString

from attendance import actions as attendance
from cms.demo import people
from events import actions as events
from events import guardians
from events.models import Allocation
from events.schedule import Slot
from participants.codes import ActivityType, DeliveryMode, HeadcountMethod, Qualifier
from participants.models import Organisation


def family_evening(calendar):
    """Seats that are set aside for two organisations, and a family of three that waits for three seats at once."""
    event, made = calendar.schedule(
        "family-evening",
        [Slot(calendar.day(17, weekday=True), dt.time(16), dt.time(18, 30))],
        kind=ActivityType.INFO_SESSION,
        texts=calendar.texts["family-evening"],
        topics=["safe_migration"],
        areas=["UA46"],
        venue=calendar.hall(),
        capacity=14,
        attendance_threshold=None,
    )
    if not made:
        return
    partner, centre = (_organisation(*one) for one in people.ORGANISATIONS)
    until = event.sessions.get().starts_at - dt.timedelta(days=4)
    partners, centres = (
        Allocation.objects.create(event=event, organisation=one, seats=seats, held_until=until)
        for one, seats in ((partner, 4), (centre, 3))
    )
    grown = people.grown()
    # Five of the seven seats that are everybody's, and some of those that are set aside.
    calendar.register(event, [grown[place] for place in (2, 4, 5, 12, 18)])
    for place, allocation in ((11, partners), (20, partners), (22, centres)):
        comer = dataclasses.replace(grown[place], organisation=allocation.organisation)
        calendar.register(event, [comer], allocation=allocation)
    family = people.family()
    registered = events.register_together(
        event=event, people=family, submission=uuid.uuid4(), language=family[0].language
    )
    for outcome in registered:
        if outcome.registration.is_minor and not outcome.registration.may_attend:
            guardians.see_paper(registration=outcome.registration, by=calendar.trainer)


def _organisation(code, en, uk):
    """By its code, which is all that an import may have made of it."""
    label = LazyI18nString({"en": en, "uk": uk})
    return Organisation.objects.get_or_create(code=code, defaults={"label": label})[0]


def festival_stands(calendar):
    calendar.schedule(
        "festival-stand",
        [Slot(calendar.day(-1), dt.time(11), dt.time(18))],
        kind=ActivityType.FESTIVAL,
        texts=calendar.texts["festival-stand"],
        topics=["counter_trafficking"],
        areas=["UA46"],
        attendance_threshold=None,
    )
    past, held = calendar.schedule(
        "city-day-stand",
        [Slot(calendar.day(-40), dt.time(11), dt.time(18))],
        kind=ActivityType.FESTIVAL,
        title=LazyI18nString({"en": "Stand on the day of the city", "uk": "Стенд на дні міста"}),
        topics=["counter_trafficking"],
        areas=["UA46"],
        attendance_threshold=None,
    )
    if held:
        attendance.enter_headcount(
            event=past,
            by=calendar.trainer,
            rows=[
                attendance.Count(180, Qualifier.AT_LEAST, HeadcountMethod.CLICKER),
                attendance.Count(95, Qualifier.ABOUT, HeadcountMethod.ESTIMATE, sex="F"),
                attendance.Count(80, Qualifier.ABOUT, HeadcountMethod.ESTIMATE, sex="M"),
            ],
        )
        attendance.close_event(event=past, by=calendar.trainer)


def webinar(calendar):
    event, made = calendar.schedule(
        "webinar",
        [Slot(calendar.day(3), dt.time(18), dt.time(19, 30))],
        kind=ActivityType.WEBINAR,
        texts=calendar.texts["webinar"],
        topics=["safe_migration", "labour_rights"],
        areas=[],
        mode=DeliveryMode.ONLINE,
        online_link="https://meet.example.org/safe-migration",
        capacity=200,
    )
    if made:
        calendar.register(event, [*people.grown()[15:20], people.grown()[24]])
