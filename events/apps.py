from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    label = "oberih_events"
    verbose_name = _("Events")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from courses import reach as learning
        from events import (  # noqa: F401
            consents,
            digests,
            messages,
            participations,
            parts,
            personal_data,
            programmes,
            reach,
            receivers,
            rights,
            sweeps,
        )
        from events.checks import check_sqlite_locks
        from events.entrance import PLANS
        from events.models import (
            Allocation,
            Event,
            FollowUp,
            OrganisationAttendance,
            ParallelGroup,
            Programme,
            ProgrammeStep,
            Registration,
            RegistrationQuestion,
            Session,
            Venue,
        )
        from participants import participations as people
        from participants import rotation, subjects
        from participants.models import ConsentText
        from participants.signals import consent_changed
        from ui import hooks, page_cache

        checks.register(check_sqlite_locks)
        personal_data.register()
        rights.register()
        rotation.register(digests.rotate)
        learning.register(learning.Reach(reach.courses, reach.learners, reach.people))
        people.register(told=participations.told, within=participations.within)
        subjects.register("event", consents.name_subjects)
        consent_changed.connect(receivers.on_consent_changed, dispatch_uid="oberih_events.consent_changed")
        hooks.register("menu", parts.events_menu, order=20)
        hooks.register("staff", parts.trainings_menu, order=20)
        hooks.register("staff", parts.colleagues_menu, order=30)
        hooks.register("start", parts.start, order=20)
        hooks.register("learning", parts.registrations_part, order=10)
        hooks.register("learning", parts.programmes_part, order=5)
        hooks.register("course", parts.coming_events_part, order=10)
        hooks.register("course", parts.course_programmes_part, order=20)
        hooks.register("event", parts.event_programmes_part, order=5)
        programmes.connect()
        planned = [Event, Session, Venue, ParallelGroup]
        page_cache.forget_with("events", *planned, Allocation, Registration, OrganisationAttendance, FollowUp)
        page_cache.forget_with(PLANS, *planned, RegistrationQuestion, ConsentText)
        page_cache.forget_with(page_cache.SITE, Programme, ProgrammeStep)
