"""The values with which the form of an event begins."""

from django.conf import settings
from django.utils.translation import get_language

from events import conf
from events.models import Naming, RegistrationPolicy
from events.models.event import usual_reminders
from events.staff import texts
from events.staff.access import scope_countries
from events.wall_time import first_day, last_day

# What somebody who holds trainings rarely changes from one to the next.
_REMEMBERED = ("country", "zone", "languages", "project", "naming")
_REMEMBERED_PLACE = ("area", "venue")


def initial_of(event):
    """The form's values of an event."""
    language = texts.main_language(event)
    title, summary = texts.by_language(event.title, language), texts.by_language(event.summary, language)
    second = next((code for code, _name in settings.LANGUAGES if code != language and title.get(code)), "")
    area, venue = event.areas.first(), event.venues.first()
    return {
        "kind": event.kind,
        "title": title.get(language, ""),
        "summary": summary.get(language, ""),
        "second_language": second,
        "second_title": title.get(second, ""),
        "second_summary": summary.get(second, ""),
        "course": event.course_id,
        "project": event.project_id,
        "programme": event.programme_id,
        "languages": event.languages,
        "mode": event.mode,
        "country": event.country,
        # An area that is the venue's is left to it: whoever chooses another venue would forget to change both.
        "area": area.pk if area is not None and not (venue is not None and venue.area_id == area.pk) else None,
        "venue": venue and venue.pk,
        "online_link": event.online_link,
        "zone": event.zone,
        "capacity": event.capacity,
        "policy": event.policy,
        "has_waiting_list": event.has_waiting_list,
        "opens_on": first_day(event.registration_opens_at, event.tz),
        "closes_on": last_day(event.registration_closes_at, event.tz),
        "naming": event.naming,
        "reminder_hours": event.reminder_hours,
        "attendance_threshold": event.attendance_threshold,
        "trainers": list(event.trainers.values_list("pk", flat=True)),
    }


def initial_for(user):
    """The values of a new event: what is the same as in the newest that this trainer holds, otherwise the usual."""
    countries = scope_countries(user) or conf.countries()
    usual = {
        "country": countries[0],
        "zone": conf.zones()[0],
        "languages": [get_language()],
        "policy": RegistrationPolicy.OPEN,
        "has_waiting_list": True,
        "naming": Naming.KIND,
        "reminder_hours": usual_reminders(),
        "attendance_threshold": 80,
    }
    held = user.oberih_events.filter(is_imported=False).order_by("-created_at", "-pk")
    last, last_on_site = held.first(), held.filter(venues__isnull=False).first()
    for event, names in ((last, _REMEMBERED), (last_on_site, _REMEMBERED_PLACE)):
        if event is not None and event.country == last.country:
            values = initial_of(event)
            usual |= {name: values[name] for name in names if values[name]}
    return usual
