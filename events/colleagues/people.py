"""*My colleagues*: the people of an organisation at trainings, and where more can be registered. No contact and no answer
of theirs is shown."""

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from events import awards, seats, when
from events.colleagues import reach
from events.colleagues.facts import LOOKS, address, of_seats, until
from events.facts import when_and_where
from events.models import Event, Registration
from participants.names import latin
from safeguarding import audit

_PEOPLE_PER_PAGE = 30
_EVENTS_PER_PAGE = 30
_FIRST_EVENTS = 5


@never_cache
@reach.seen
@require_GET
def colleagues(request):
    rows = Registration.objects.for_focal_point(request.user).active().select_related("participant", "event")
    people = {}
    for row in rows.order_by("-event__starts_on", "-pk"):
        people.setdefault(row.participant.root_id, []).append(row)
    given = awards.of_colleagues(request.user)
    in_order = sorted(people.items(), key=lambda one: latin(one[1][0].participant.full_name).casefold())
    page = Paginator(in_order, _PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    shown = [_person(rows, given.get(root, [])) for root, rows in page]
    audit.saw(request, "registration", [row.uuid for _root, rows in page for row in rows])
    organisations = list(reach.organisations(request.user))
    chosen = _chosen(request, organisations)
    where = _where(request.user, chosen) if chosen else {}
    return render(
        request,
        "oberih/events/colleagues.html",
        {
            "organisations": ", ".join(str(one) for one in organisations),
            "choices": organisations if len(organisations) > 1 else [],
            "chosen": chosen,
            "people": shown,
            "page": page,
            **where,
        },
    )


def _chosen(request, organisations):
    """The organisation that the address names, or the first of them."""
    wanted = request.GET.get("organisation")
    return next((one for one in organisations if str(one.pk) == wanted), next(iter(organisations), None))


def _where(user, organisation):
    """The events that people can be registered for: those with seats of their own, and the first few others."""
    others = list(_told(reach.open_events(user, organisation))[: _FIRST_EVENTS + 1])
    return {
        "allocations": _set_aside(user, organisation),
        "events": [_entry(event, organisation) for event in others[:_FIRST_EVENTS]],
        "more_url": _events_url(organisation) if len(others) > _FIRST_EVENTS else "",
    }


def _events_url(organisation):
    return f"{reverse('oberih_events:colleagues_events')}?organisation={organisation.pk}"


@never_cache
@reach.registered
@require_GET
def events(request):
    """All events that anybody may register for, from which the focal point chooses one."""
    organisations = list(reach.organisations(request.user))
    chosen = _chosen(request, organisations)
    rows = _told(reach.open_events(request.user, chosen)) if chosen else Event.objects.none()
    page = Paginator(rows, _EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "oberih/events/colleagues_events.html",
        {
            "chosen": chosen,
            "choices": organisations if len(organisations) > 1 else [],
            "page": page,
            "entries": [_entry(event, chosen) for event in page],
        },
    )


def _told(events):
    rows = events.with_seats().prefetch_related("areas", "venues")
    return rows.order_by("starts_on", "first_start", "code")


def _entry(event, organisation, facts=(), tag=None):
    words, free = seats.words(event) if tag is None else tag
    return {
        "title": event.title,
        "url": address(organisation, event),
        "date": event.starts_on,
        "kind": event.get_kind_display(),
        "facts": [*when_and_where(event), *facts],
        "tag": words,
        "tag_kind": "info" if free else "neutral",
    }


def _set_aside(user, organisation):
    events = Event.objects.with_times().prefetch_related("areas", "venues")
    rows = reach.allocations(user, organisation).prefetch_related(Prefetch("event", queryset=events))
    return [_entry(one.event, organisation, [until(one)], of_seats(one)) for one in rows]


def _person(rows, given):
    return {
        "name": str(rows[0].participant),
        "minor": any(reach.is_shown_young(row) for row in rows),
        "trainings": [
            {
                "title": row.event.title,
                "days": when.days(row.event),
                "status": row.get_status_display(),
                "look": LOOKS.get(row.status, "info"),
            }
            for row in rows
        ],
        "awards": given,
    }
