"""What this room offers to the pages of the rooms below: menu entries, and parts of My learning and of a course."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events import programmes, when
from events.listing import entry, listed_events, told_to_come
from events.models import Registration, Status
from participants import identity
from safeguarding.models import Role
from safeguarding.rights import may
from safeguarding.roles import codes_of
from ui import kept, page_cache
from ui.hooks import MenuItem, Part

_ON_A_COURSE_PAGE = 5
# What strangers' pages show of them is kept for as long.
_coming = kept.Store(page_cache.SITE, "events", most=256)


def events_menu(request):
    return [MenuItem(_("Events"), reverse("oberih_events:list"))]


def trainings_menu(request):
    if not may(request.user, "oberih_events.hold_event"):
        return []
    return [MenuItem(_("My trainings"), reverse("oberih_events:trainings"))]


def colleagues_menu(request):
    # An administrator holds every role, but is no organisation's focal point.
    if not codes_of(request.user, Role.FOCAL_POINT, "organisation"):
        return []
    return [MenuItem(_("My colleagues"), reverse("oberih_events:colleagues"))]


def start(request):
    """Trainers begin with their trainings, so do managers on a site without reports; focal points with their people."""
    if may(request.user, "oberih_events.hold_event"):
        return reverse("oberih_events:trainings")
    return next((entry.url for entry in colleagues_menu(request)), None)


def registrations_part(request):
    """The person's registrations for events that are not over."""
    participant = identity.current(request)
    if participant is None:
        return None
    rows = (
        Registration.objects.of(participant)
        .active()
        .filter(event__ends_on__gte=timezone.localdate())
        .select_related("event")
        .prefetch_related("event__areas", "event__venues")
        .order_by("event__starts_on", "pk")
    )
    looks = {Status.CONFIRMED: "success", Status.OFFERED: "attention"}
    entries = [
        {
            "title": row.event.title,
            "url": reverse("oberih_events:registration", kwargs={"uuid": row.uuid}),
            "date": row.event.starts_on,
            "kind": row.event.get_kind_display(),
            "facts": [
                {"icon": "calendar", "text": when.days(row.event)},
                {"icon": "place", "text": when.place(row.event)},
            ],
            "tag": row.get_status_display(),
            "tag_kind": looks.get(row.status, "info"),
        }
        for row in rows
    ]
    return Part("oberih/events/_learning.html", {"entries": entries}) if entries else None


def _coming_events(course_key):
    rows = told_to_come(listed_events().filter(course=course_key))[:_ON_A_COURSE_PAGE]
    return [entry(event) for event in rows]


def coming_events_part(request, course_key):
    """The next events that deliver a course."""
    entries = _coming.get(request, (course_key, get_language()), lambda: _coming_events(course_key))
    return Part("oberih/events/_course.html", {"entries": entries}) if entries else None


def programmes_part(request):
    """The programmes that the person has begun, with how far they are."""
    entries = [
        {
            "title": way.title,
            "url": way.url,
            "facts": [
                {
                    "icon": "check",
                    "text": _("%(done)d of %(all)d steps")
                    % {"done": states.count(programmes.DONE), "all": len(states)},
                }
            ],
            "tag": _("Completed") if states.count(programmes.DONE) == len(states) else "",
            "tag_kind": "success",
        }
        for way, states in programmes.taken(identity.current(request))
    ]
    return Part("oberih/events/_my_programmes.html", {"entries": entries}) if entries else None


def course_programmes_part(request, course_key):
    return _programmes_with(("course", course_key))


def event_programmes_part(request, event):
    return _programmes_with(("event", event.pk))


def _programmes_with(key):
    ways = [way for way in programmes.public_ways() if key in way.keys]
    return Part("oberih/events/_programmes.html", {"ways": ways}) if ways else None
