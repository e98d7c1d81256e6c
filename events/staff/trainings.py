"""*My trainings*: what is held today, what somebody must see to, what is coming and what is over."""

import datetime as dt

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from events import registers, seats, when
from events.facts import sessions_strip, when_and_where
from events.models import Event, EventState, ParallelGroup, Status
from events.staff import attention, following
from events.staff.access import trainers_only

_PAST_PER_PAGE = 15
_SOON = dt.timedelta(minutes=60)


@never_cache
@trainers_only
@require_GET
def trainings(request):
    now = timezone.now()
    mine = Event.objects.for_staff(request.user)
    rows = mine.with_seats().with_times().prefetch_related("areas", "venues")
    trainers = Event.trainers.through.objects.filter(event=OuterRef("pk"))
    scheduled = list(
        rows.filter(state=EventState.SCHEDULED)
        .annotate(
            pending_count=Count("registrations", filter=Q(registrations__status=Status.PENDING), distinct=True),
            has_trainer=Exists(trainers),
        )
        .prefetch_related("sessions__venue", Prefetch("sessions__group", _groups_with_people()))
        .order_by("starts_on", "code")
    )
    states = registers.states(
        [session for event in scheduled for session in event.sessions.all() if session.starts_at <= now + _SOON]
    )
    over = [event for event in scheduled if _is_over(event, now)]
    to_come = [event for event in scheduled if not _is_over(event, now)]
    # A day on, since "today" is that of each event's own zone.
    past = rows.filter(
        Q(state__in=[EventState.CLOSED, EventState.CANCELLED]),
        ends_on__lte=timezone.localdate(now) + dt.timedelta(days=1),
    )
    page = Paginator(past.order_by("-starts_on", "-pk"), _PAST_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "oberih/events/trainings.html",
        {
            "today": _today(scheduled, states, now),
            "attention": attention.rows(mine, over=over, to_come=to_come, states=states, now=now),
            "coming": [_entry(event) for event in to_come if event.ends_on > _local_day(event, now)],
            "page": page,
            "past": [_entry(event) for event in page],
            "follow": following.shown(request.user),
        },
    )


def _local_day(event, now):
    return timezone.localdate(now, event.tz)


def _is_over(event, now):
    if event.last_end is not None:
        return event.last_end < now
    return event.ends_on < _local_day(event, now)


def _today(events, states, now):
    """The sessions of today: those that run or come next first, in the order they begin, then what is over."""
    held = [
        (session, event, strip)
        for event in events
        for session, strip in zip(event.sessions.all(), sessions_strip(event), strict=True)
        if session.date == _local_day(event, now)
    ]
    held.sort(key=lambda row: (row[0].ends_at <= now, row[0].starts_at, row[0].pk))
    return [
        _today_row(event, session, strip, states.get(session.pk, registers.UNTOUCHED), now, is_first=place == 0)
        for place, (session, event, strip) in enumerate(held)
    ]


def _today_row(event, session, strip, state, now, *, is_first):
    url = registers.url("register", session.pk)
    is_due = (is_first or session.starts_at <= now + _SOON) and not state.is_closed
    return {
        "event": event,
        "title": event.title,
        "session": strip["title"] if strip["title"] != event.get_kind_display() else "",
        "hours": when.hours(session),
        "zone": when.elsewhere(event),
        "place": str(session.venue.name) if session.venue else when.place(event),
        "group": strip["group"],
        "seats": _there(event, session, state) if state.marked else seats.taken(event),
        "online_link": event.online_link if session.ends_at > now else "",
        "url": _training_url(event),
        "register_url": url,
        "register_label": _register_label(state),
        "register_kind": "primary" if is_due else "secondary",
        **_moment_of(event, session, state, now, has_register=bool(url)),
    }


def _groups_with_people():
    confirmed = Q(registrations__status=Status.CONFIRMED)
    return ParallelGroup.objects.annotate(confirmed_count=Count("registrations", filter=confirmed))


def _there(event, session, state):
    return ngettext("%(there)s of %(total)s present", "%(there)s of %(total)s present", state.there) % {
        "there": localize(state.there),
        "total": localize((session.group or event).confirmed_count),
    }


def _register_label(state):
    if state.is_closed:
        return _("See the register")
    return _("Go on with the register") if state.marked else _("Open the register")


def _moment_of(event, session, state, now, *, has_register):
    """Where the day stands for this session, in a tag."""
    if state.is_closed:
        return {"tag": _("Register closed"), "tag_kind": "success"}
    if session.ends_at <= now:
        if has_register and event.confirmed_count:
            return {"tag": _("Register not closed"), "tag_kind": "attention"}
        return {"tag": _("Over"), "tag_kind": "neutral"}
    if session.starts_at <= now:
        return {"tag": _("Now"), "tag_kind": "info"}
    if session.starts_at <= now + _SOON:
        minutes = -((now - session.starts_at) // dt.timedelta(minutes=1))
        words = ngettext("In %(count)s minute", "In %(count)s minutes", minutes) % {"count": localize(minutes)}
        return {"tag": words, "tag_kind": "info"}
    return {"tag": "", "tag_kind": ""}


def _training_url(event):
    return reverse("oberih_events:training", kwargs={"uuid": event.uuid})


def _entry(event):
    looks = {EventState.CANCELLED: "error", EventState.CLOSED: "success"}
    facts = when_and_where(event)
    # Nobody registers for a stand at a festival; that nobody did would read as if nobody had come.
    if event.confirmed_count or event.state == EventState.SCHEDULED:
        facts.append({"icon": "people", "text": seats.taken(event)})
    if event.waiting_count and event.state == EventState.SCHEDULED:
        waiting = ngettext(
            "%(count)s on the waiting list", "%(count)s on the waiting list", event.waiting_count
        ) % {"count": localize(event.waiting_count)}
        facts.append({"icon": "clock", "text": waiting})
    return {
        "title": event.title,
        "url": _training_url(event),
        "date": event.starts_on,
        "kind": event.get_kind_display(),
        "facts": facts,
        "tag": "" if event.state == EventState.SCHEDULED else event.get_state_display(),
        "tag_kind": looks.get(event.state, "neutral"),
    }
