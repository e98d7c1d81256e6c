"""What the pages of an event say of it: key facts, sessions, venues, the course behind it; and how a registration stands."""

from urllib.parse import quote

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses import trees
from events import conf, seats, when
from events.models import OrganisationRole, RegistrationPolicy, Status


def key_facts(event):
    """When, where and in which language; needs `with_times`, areas, venues."""
    facts = [{"icon": "calendar", "label": _("When"), "text": when.begins(event)}]
    if place := when.place(event):
        facts.append({"icon": "place", "label": _("Where"), "text": place})
    if spoken := when.spoken(event):
        facts.append({"icon": "globe", "label": _("Language"), "text": spoken})
    return facts


def when_and_where(event, *, days=False):
    """What lists say of it first: the days on which it is held, or the moment at which it begins, which needs `with_times`."""
    facts = [{"icon": "calendar", "text": when.days(event) if days else when.begins(event)}]
    if place := when.place(event):
        facts.append({"icon": "place", "text": place})
    return facts


def about(event):
    """What every page about a registration says of its event."""
    return {"event": event, "kind": event.get_kind_display(), "facts": key_facts(event)}


def public_facts(event, *, is_open):
    """All that decides whether somebody comes. Who trains is not among it: trainers' names are not public.

    Needs `with_seats` and `with_times`.
    """
    facts = [*key_facts(event), {"icon": "ticket", "label": _("Cost"), "text": _("Free of charge")}]
    if is_open:
        if event.policy != RegistrationPolicy.ORGANISATION and (free := seats.free_of_all(event)):
            facts.append({"icon": "people", "label": _("Seats"), "text": free})
        until = when.until(seats.deadline(event), event.tz)
        facts.append({"icon": "clock", "label": _("Registration until"), "text": until})
    if event.policy == RegistrationPolicy.INVITATION:
        facts.append({"icon": "lock", "label": _("Who it is for"), "text": _("By invitation")})
    if event.policy == RegistrationPolicy.ORGANISATION:
        facts.append({"icon": "lock", "label": _("Who it is for"), "text": _("Through organisations")})
    if partners := _partners(event):
        names = ", ".join(dict.fromkeys(str(one.organisation) for one in partners))
        facts.append({"icon": "person", "label": _("Held together with"), "text": names})
    return facts


def _partners(event):
    """The organisations that hold the event together with whoever runs this site."""
    roles = [OrganisationRole.CO_ORGANISER, OrganisationRole.HOST]
    return event.organisations.filter(role__in=roles).select_related("organisation").order_by("pk")


def sessions_strip(event, *, url=None, of=None):
    """The sessions as the strip draws them, with their groups; `url` maps a session to where its title leads.

    Those of another parallel group than the registration `of` is in are left out.
    """
    sessions = [one for one in event.sessions.all() if of is None or one.group_id in {None, of.group_id}]
    several = len({session.venue_id for session in sessions}) > 1
    return [
        {
            "starts_at": session.starts_at,
            "ends_at": session.ends_at,
            "title": str(session.title)
            or (_("Session %(number)s") % {"number": number} if len(sessions) > 1 else event.get_kind_display()),
            "place": str(session.venue.name) if several and session.venue else "",
            "url": url(session) if url else "",
            # Of two at once, which is whose.
            "group": str(session.group) if session.group else "",
        }
        for number, session in enumerate(sessions, 1)
    ]


def venues(event):
    """Where to go. The map is a link and nothing more: the page itself asks no other host for anything."""
    return [
        {
            "name": str(venue.name),
            "address": str(venue.address),
            "access": str(venue.access_notes),
            "map_url": conf.map_url().format(address=quote(str(venue.address)))
            if venue.address and conf.map_url()
            else "",
        }
        for venue in event.venues.all()
    ]


def course_page(event):
    if event.course_id is None:
        return None
    return trees.preferred(trees.course_pages(event.course_id), get_language())


def state(status):
    """The icon and the words of a registration in this status, to the person."""
    return {
        Status.CONFIRMED: {"kind": "success", "title": _("You have a seat")},
        Status.WAITLISTED: {"kind": "info", "title": _("You are on the waiting list")},
        Status.OFFERED: {"kind": "attention", "title": _("A seat is free for you")},
        Status.PENDING: {"kind": "info", "title": _("Your registration waits for approval")},
        Status.CANCELLED: {"kind": "info", "title": _("Your registration is cancelled")},
        Status.DECLINED: {"kind": "info", "title": _("Your registration was not accepted")},
    }[Status(status)]
