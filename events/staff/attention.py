"""What a trainer or manager should see to, the most urgent first. Each row leads to where it is done."""

import datetime as dt

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import registers, when
from events.staff import undelivered
from participants.codes import DeliveryMode

_FAILED_FOR_DAYS = 30
_PREPARED_DAYS_BEFORE = 30


def rows(mine, *, over, to_come, states, now):
    """`over` and `to_come` are scheduled events with their sessions, `states` those of their registers."""
    return [
        *(row for event in to_come if (row := _open_registers(event, states, now))),
        *(_not_closed(event, states) for event in over),
        *(_pending(event) for event in to_come if event.pending_count),
        *_failed(mine, now),
        *(row for event in to_come if (row := _unprepared(event, now))),
    ]


def _row(event, *, tag, text, url, label):
    return {"title": event.title, "tag": tag, "text": text, "url": url, "label": label}


def _training_url(event):
    return reverse("oberih_events:training", kwargs={"uuid": event.uuid})


def _open_among(sessions, states):
    return [one for one in sessions if not states.get(one.pk, registers.UNTOUCHED).is_closed]


def _open_registers(event, states, now):
    """Registers of days before today, while the event goes on. Those of today stand under "Today"."""
    today = timezone.localdate(now, event.tz)
    left = _open_among([one for one in event.sessions.all() if one.date < today], states)
    url = registers.url("register", left[0].pk) if left else ""
    if not url or not event.confirmed_count:
        return None
    return _row(
        event,
        tag=_("Register not closed"),
        text=_("%(session)s: whoever has no mark there is not counted yet.")
        % {"session": when.session_line(left[0])},
        url=url,
        label=_("Open the register"),
    )


def _not_closed(event, states):
    text = _("Over since %(day)s and not closed: it is in no report yet.") % {"day": when.day(event.ends_on)}
    left = _open_among(event.sessions.all(), states)
    if left and event.confirmed_count and registers.url("register", left[0].pk):
        text = " ".join(
            [
                text,
                ngettext("%(count)s register is still open.", "%(count)s registers are still open.", len(left))
                % {"count": localize(len(left))},
            ]
        )
    return _row(
        event,
        tag=_("Not closed"),
        text=text,
        url=registers.url("close_event", event.uuid) or _training_url(event),
        label=_("Close it"),
    )


def _pending(event):
    return _row(
        event,
        tag=_("Waiting for approval"),
        text=ngettext(
            "%(count)s registration waits for your approval.",
            "%(count)s registrations wait for your approval.",
            event.pending_count,
        )
        % {"count": localize(event.pending_count)},
        url=f"{_training_url(event)}#pending",
        label=_("Decide"),
    )


def _failed(mine, now):
    """Events with messages that reached nobody. Three statements at most, however many there are."""
    since = now - dt.timedelta(days=_FAILED_FOR_DAYS)
    keys = list(undelivered.concerning(undelivered.failed().filter(queued_at__gte=since)))
    if not keys:
        return []
    events = (
        mine.annotate(unreached=Count("registrations", filter=Q(registrations__uuid__in=keys), distinct=True))
        .filter(unreached__gt=0)
        .order_by("starts_on", "code")
    )
    return [
        _row(
            event,
            tag=_("Message not delivered"),
            text=ngettext(
                "A message to %(count)s person could not be delivered.",
                "Messages to %(count)s people could not be delivered.",
                event.unreached,
            )
            % {"count": localize(event.unreached)},
            url=f"{_training_url(event)}#unreached",
            label=_("See who"),
        )
        for event in events
    ]


def _unprepared(event, now):
    """What an event that comes soon still lacks."""
    if event.starts_on > timezone.localdate(now, event.tz) + dt.timedelta(days=_PREPARED_DAYS_BEFORE):
        return None
    lacks = []
    if not event.has_trainer:
        lacks.append(_("It has no trainer yet."))
    if event.mode == DeliveryMode.ONLINE:
        if not event.online_link:
            lacks.append(_("The link to the meeting is missing."))
    elif not event.venues.all():
        lacks.append(_("It has no venue yet."))
    if not lacks:
        return None
    return _row(
        event,
        tag=_("Not ready"),
        text=" ".join([_("It begins on %(day)s.") % {"day": when.day(event.starts_on)}, *lacks]),
        url=reverse("oberih_events:edit", kwargs={"uuid": event.uuid}),
        label=_("Complete it"),
    )
