"""The public's pages of events. Nothing on them depends on who a stranger is, so that they can be cached whole."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from events import calendar, facts, listing, programmes, when
from events import month as months
from events.entrance import entrance
from events.filter_forms import FilterForm
from events.models import Event, EventState, Registration, RegistrationPolicy
from events.registering import opens
from participants import identity
from ui import page_cache

_PER_PAGE = 20


@require_GET
@page_cache.public("events")
def event_list(request):
    events = listing.shown_events()
    form = FilterForm(request.GET, events=events)
    rows = listing.told_to_come(form.narrow(events))
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "oberih/events/list.html",
        {
            "page": page,
            "months": listing.by_month(page),
            "has_programmes": bool(programmes.public_ways()),
            **_filters(request, form),
        },
    )


@require_GET
@page_cache.public("events")
def month(request, year, month):
    now = timezone.now()
    today = timezone.localdate(now)
    shown = months.Month(year, month)
    if not shown.is_within_reach(today):
        raise Http404
    everything = Event.objects.on_the_calendar(today)
    form = FilterForm(request.GET, events=everything.upcoming(min(today, shown.first)))
    events = form.narrow(everything)
    first, *_between, last = [date for week in months.weeks(shown) for date in week]
    held = listing.told(events.filter(starts_on__lte=last, ends_on__gte=first)).prefetch_related("sessions")
    this = months.Month.of(today)
    return render(
        request,
        "oberih/events/month.html",
        {
            "shown": shown,
            "this": None if shown == this else this,
            "grid": months.grid(shown, held, now),
            **months.neighbours(shown, events, today),
            **_filters(request, form),
        },
    )


def _filters(request, form):
    """The filters in use, each with the address without it, and what of the address the other view takes over."""
    chosen = form.in_use()
    kept = {name: request.GET[name] for name, _label in chosen}
    return {
        "form": form,
        "active": [
            {"label": label, "url": "?" + urlencode({key: value for key, value in kept.items() if key != name})}
            for name, label in chosen
        ],
        "kept": f"?{urlencode(kept)}" if kept else "",
        "list_url": reverse("oberih_events:list"),
        "month_url": months.Month.of(timezone.localdate()).url,
    }


def public_event(code):
    """An event that the public may open, with its seats as they are."""
    rows = Event.objects.published().with_seats().with_times().with_sessions().select_related("course")
    return get_object_or_404(rows, code=code)


@require_GET
@page_cache.public("events")
def detail(request, code):
    event = public_event(code)
    now = timezone.now()
    is_over = listing.is_over(event, now)
    door = entrance(event, now=now)
    participant = identity.current(request)
    mine = Registration.objects.of(participant).active().filter(event=event).first() if participant else None
    return render(
        request,
        "oberih/events/detail.html",
        {
            "event": event,
            "kind": event.get_kind_display(),
            "facts": facts.public_facts(event, is_open=not opens(event, now=now)),
            "sessions": facts.sessions_strip(event),
            "zone": when.zone(event),
            "venues": facts.venues(event),
            "is_online": event.mode in listing.ONLINE,
            "course": facts.course_page(event),
            "closed": _why_closed(event, door, now),
            "is_open": not door.closed,
            "is_over": is_over,
            "is_to_come": event.state == EventState.SCHEDULED and not is_over,
            "by_invitation": event.policy == RegistrationPolicy.INVITATION,
            "by_approval": event.policy == RegistrationPolicy.APPROVAL,
            "free": door.has_seat,
            "mine": mine,
            "neighbours": listing.neighbours(event),
        },
    )


def _why_closed(event, door, now):
    """Why nobody can register, with what helps somebody who would like to; "" where a notice says it already."""
    if event.state == EventState.CANCELLED or listing.is_over(event, now):
        return ""
    if event.registration_opens_at is not None and event.registration_opens_at > now:
        return _("Registration opens on %(moment)s.") % {
            "moment": when.moment(event.registration_opens_at, event.tz)
        }
    return door.closed


@require_GET
def dates_file(request, code):
    """The sessions for a stranger's calendar. Without a word of who asked, so that it can be cached, too."""
    event = public_event(code)
    if event.state != EventState.SCHEDULED:
        raise Http404
    return HttpResponse(
        calendar.public_entries(event),
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"Content-Disposition": 'attachment; filename="calendar.ics"'},
    )
