"""Courses and events in an order that belong together."""

import datetime as dt

from i18nfield.strings import LazyI18nString

from courses.models import Course
from events import actions as events
from events.models import Event, FollowUpKind, Programme, ProgrammeStep
from events.schedule import Slot
from participants.codes import ActivityType, DeliveryMode


def first_responders(calendar):
    """Self-study, a workshop in one of two forms, and a webinar afterwards."""
    follow_up, _made = calendar.schedule(
        "follow-up",
        [Slot(calendar.day(33, weekday=True), dt.time(17), dt.time(18, 30))],
        kind=ActivityType.WEBINAR,
        texts=calendar.texts["follow-up"],
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
            {"course": calendar.course},
            {"event": workshop},
            {"event": training, "is_alternative": True},
            {"event": follow_up},
        )
    ):
        ProgrammeStep.objects.create(programme=programme, position=position, **fields)


def schools(calendar):
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
    ProgrammeStep.objects.create(programme=programme, position=0, course=Course.objects.get(code="safe-migration"))
    vinnytsia, lviv, coming = (
        Event.objects.get(code=code) for code in ("school-vinnytsia", "school-lviv", "summer-school")
    )
    ProgrammeStep.objects.create(programme=programme, position=1, event=vinnytsia)
    for school in (vinnytsia, lviv, coming):
        events.join_programme(event=school, programme=programme, by=calendar.trainer)
    for school, value, first, last, note in (
        (vinnytsia, 3, -55, -50, "У двох школах і на ринку"),
        (lviv, 1, -20, -20, "На залізничному вокзалі"),
    ):
        events.record_follow_up(
            cohort=school,
            by=calendar.trainer,
            held_from=calendar.day(first),
            held_to=calendar.day(last),
            kind=FollowUpKind.PREVENTION_ACTION,
            value=value,
            note=note,
        )
