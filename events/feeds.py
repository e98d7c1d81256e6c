"""Feeds of events: for everybody what is coming, for a trainer what they hold."""

import datetime as dt

from django.contrib.syndication.views import Feed
from django.core import signing
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from events import calendar, listing, seats, when
from events.filter_forms import FilterForm
from events.models import CalendarLink, Event, EventState, Naming
from notifications.conf import site_url
from safeguarding import client, limits
from safeguarding.limits import Limit
from safeguarding.models import Role
from safeguarding.roles import grants_of
from ui import page_cache

_SALT = "oberih.events.feed"
# Calendars of some hundred events are slow on a telephone, and nobody plans further.
_MOST = 300
_BACK = dt.timedelta(days=60)
# What XML cannot hold, and what comes along when text is copied out of other programs.
_UNWRITABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32)], " ")
# A calendar asks once in some minutes at most; several devices of one person may.
PER_LINK = Limit("events.feed.link", "120/h")
WRONG_LINKS = Limit("events.feed.wrong", "60/h")


def _coming(request):
    """What the list shows, narrowed by the same filters."""
    events = listing.shown_events()
    return listing.told_to_come(FilterForm(request.GET, events=events).narrow(events))


@require_GET
@page_cache.public("events")
def public_calendar(request):
    """The sessions of all coming events. Whoever follows it says nothing of which of them they attend."""
    now = timezone.now()
    events = _coming(request).prefetch_related("sessions__venue")[:_MOST]
    entries = [
        calendar.public_entry(
            event,
            session,
            summary=_public_title(event),
            place=calendar.place_of(event, session),
            now=now,
            url=f"{site_url()}{listing.address(event)}",
            description=str(event.summary),
        )
        for event in events
        for session in event.sessions.all()
    ]
    return _answer(calendar.feed(entries, name=_("Events")))


def _public_title(event):
    return event.get_kind_display() if event.naming == Naming.NEUTRAL else str(event.title)


def _answer(file):
    return HttpResponse(file, content_type="text/calendar; charset=utf-8")


class EventFeed(Feed):
    """The same as news, for readers of feeds and for other sites."""

    feed_type = Rss201rev2Feed

    def get_object(self, request):
        self.language = get_language()
        return list(_coming(request)[:_MOST])

    def title(self):
        return _("Events")

    def link(self):
        return f"{site_url()}{reverse('oberih_events:list')}"

    def description(self):
        return _("Trainings, workshops and webinars you can register for in a minute. They cost nothing.")

    def feed_url(self):
        return f"{site_url()}{reverse('oberih_events:feed')}"

    def items(self, events):
        # The newest first, as readers of feeds expect.
        return sorted(events, key=lambda event: (event.created_at, event.pk), reverse=True)

    def item_title(self, event):
        return _public_title(event).translate(_UNWRITABLE)

    def item_description(self, event):
        told = " · ".join(filter(None, [when.begins(event), when.place(event), str(event.summary)]))
        return told.translate(_UNWRITABLE)

    def item_link(self, event):
        return f"{site_url()}{listing.address(event)}"

    def item_guid(self, event):
        return f"urn:uuid:{event.uuid}"

    item_guid_is_permalink = False

    def item_pubdate(self, event):
        return event.created_at

    def item_categories(self, event):
        return [event.get_kind_display()]


# An instance for each request: a Feed keeps its language on itself.
@require_GET
@page_cache.public("events")
def rss(request):
    return EventFeed()(request)


def may_follow(user):
    return user.is_active and any(grant.role == Role.TRAINER for grant in grants_of(user))


def path_of(link):
    """The secret address of a trainer's feed."""
    return reverse(
        "oberih_events:own_calendar", kwargs={"token": _signer().sign(f"{link.user_id}.{link.version}")}
    )


def _signer():
    return signing.Signer(sep=".", salt=_SALT)


def _follower(token):
    """Whose feed it is; None for an address that is forged, was replaced, or belongs to nobody who trains any more."""
    try:
        user, version = _signer().unsign(token).split(".")
    except (signing.BadSignature, ValueError):
        return None
    link = CalendarLink.objects.select_related("user").filter(user=user, version=version).first()
    return link.user if link and may_follow(link.user) else None


@never_cache
@require_GET
def own_calendar(request, token):
    """A trainer's own trainings, for their calendar. It opens nothing else, and names nobody who comes."""
    user = _follower(token)
    if user is None:
        # Only those who have no right address: many trainers sit behind the one address of their office.
        if refusal := limits.refuse(request, (WRONG_LINKS, client.address(request))):
            return refusal
        raise Http404
    if refusal := limits.refuse(request, (PER_LINK, user.pk)):
        return refusal
    now = timezone.now()
    events = (
        Event.objects.trained_by(user)
        .filter(
            state__in=[EventState.SCHEDULED, EventState.CANCELLED, EventState.CLOSED],
            is_imported=False,
            ends_on__gte=timezone.localdate(now) - _BACK,
        )
        .with_seats()
        .with_sessions()
        .order_by("starts_on", "code")[:_MOST]
    )
    entries = [_own_entry(event, session, now) for event in events for session in event.sessions.all()]
    response = _answer(calendar.feed(entries, name=_("My trainings")))
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _own_entry(event, session, now):
    parts = [str(event.title), str(session.title), str(session.group or "")]
    return calendar.public_entry(
        event,
        session,
        summary=" · ".join(filter(None, parts)),
        place=calendar.place_of(event, session),
        now=now,
        url=f"{site_url()}{reverse('oberih_events:training', kwargs={'uuid': event.uuid})}",
        description="\n".join(filter(None, [seats.taken(event), event.online_link])),
    )
