"""The pages of trainers and managers."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from events import actions, conf, when
from events.exceptions import EventsError, ScheduleError
from events.models import Event, EventState, Registration, Status
from events.staff_forms import (
    CancelEventForm,
    DecisionForm,
    ScheduleForm,
    SessionFormSet,
    initial_of,
    next_day,
    scope_countries,
    sessions_of,
    slots,
    typed,
    typed_sessions,
)
from events.views import sessions_strip
from notifications.models import Message, MessageState
from safeguarding.models import Role
from safeguarding.roles import role_required

_PAST_PER_PAGE = 15
_FAILED_FOR_DAYS = 30

trainers_only = role_required(Role.TRAINER, Role.MANAGER)


def _above(name, *args):
    """The address of a page in a room above, or "" where that room is not installed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@trainers_only
@require_GET
def trainings(request):
    now = timezone.now()
    # A day back, since "today" is that of each event's own zone.
    since = timezone.localdate(now) - dt.timedelta(days=1)
    mine = Event.objects.for_staff(request.user)
    rows = (
        mine.with_seats()
        .with_times()
        .annotate(
            pending_count=Count("registrations", filter=Q(registrations__status=Status.PENDING), distinct=True)
        )
        .prefetch_related("areas", "venues")
    )
    open_events = list(
        rows.filter(state=EventState.SCHEDULED).prefetch_related("sessions__venue").order_by("starts_on", "code")
    )
    over = [event for event in open_events if _is_over(event, now)]
    coming = [event for event in open_events if not _is_over(event, now)]
    past = rows.filter(
        Q(state__in=[EventState.CLOSED, EventState.CANCELLED]), ends_on__lte=since + dt.timedelta(days=1)
    )
    page = Paginator(past.order_by("-starts_on", "-pk"), _PAST_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "oberih/events/trainings.html",
        {
            "today": [
                _today_row(event, session)
                for event in coming + over
                for session in event.sessions.all()
                if session.date == timezone.localdate(now, event.tz)
            ],
            "attention": [
                *(_over_row(event) for event in over),
                *(_pending_row(event) for event in coming if event.pending_count),
                *_failed_rows(mine, now),
            ],
            "coming": [_entry(event) for event in coming],
            "page": page,
            "past": [_entry(event) for event in page],
        },
    )


def _is_over(event, now):
    if event.last_end is not None:
        return event.last_end < now
    return event.ends_on < timezone.localdate(now, event.tz)


def _seats(event):
    if event.capacity is None:
        return ngettext("%(count)s registered", "%(count)s registered", event.confirmed_count) % {
            "count": localize(event.confirmed_count)
        }
    return _("%(taken)s of %(seats)s seats") % {
        "taken": localize(event.confirmed_count),
        "seats": localize(event.capacity),
    }


def _training_url(event):
    return reverse("oberih_events:training", kwargs={"uuid": event.uuid})


def _today_row(event, session):
    return {
        "event": event,
        "title": event.title,
        "session": session.title,
        "hours": when.hours(session),
        "zone": when.zone(event),
        "place": str(session.venue.name) if session.venue else when.place(event),
        "seats": _seats(event),
        "url": _training_url(event),
        "register_url": _above("oberih_attendance:register", session.pk),
    }


def _over_row(event):
    return {
        "title": event.title,
        "text": _("Over since %(day)s and not closed: it is in no report yet.") % {"day": when.day(event.ends_on)},
        "url": _above("oberih_attendance:close_event", event.uuid) or _training_url(event),
        "label": _("Close it"),
    }


def _pending_row(event):
    return {
        "title": event.title,
        "text": ngettext(
            "%(count)s registration waits for your approval.",
            "%(count)s registrations wait for your approval.",
            event.pending_count,
        )
        % {"count": localize(event.pending_count)},
        "url": f"{_training_url(event)}#pending",
        "label": _("Decide"),
    }


def _failed_rows(mine, now):
    """Events with messages that reached nobody. Two statements, however many there are."""
    keys = Message.objects.filter(
        purpose__startswith="events.",
        state__in=[MessageState.FAILED, MessageState.BOUNCED],
        queued_at__gte=now - dt.timedelta(days=_FAILED_FOR_DAYS),
    ).values_list("subject_key", flat=True)
    keys = set(keys)
    if not keys:
        return []
    events = (
        mine.annotate(unreached=Count("registrations", filter=Q(registrations__uuid__in=keys), distinct=True))
        .filter(unreached__gt=0)
        .order_by("starts_on", "code")
    )
    return [
        {
            "title": event.title,
            "text": ngettext(
                "A message to %(count)s person could not be delivered.",
                "Messages to %(count)s people could not be delivered.",
                event.unreached,
            )
            % {"count": localize(event.unreached)},
            "url": _training_url(event),
            "label": _("See who"),
        }
        for event in events
    ]


def _entry(event):
    looks = {EventState.CANCELLED: "error", EventState.CLOSED: "success"}
    facts = [{"icon": "calendar", "text": when.days(event)}]
    if place := when.place(event):
        facts.append({"icon": "place", "text": place})
    facts.append({"icon": "people", "text": _seats(event)})
    return {
        "title": event.title,
        "url": _training_url(event),
        "date": event.starts_on,
        "kind": event.get_kind_display(),
        "facts": facts,
        "tag": "" if event.state == EventState.SCHEDULED else event.get_state_display(),
        "tag_kind": looks.get(event.state, "neutral"),
    }


@never_cache
@trainers_only
@require_http_methods(["GET", "POST"])
def schedule(request):
    countries = scope_countries(request.user) or conf.countries()
    initial = {
        "zone": conf.zones()[0],
        "country": countries[0],
        "languages": [get_language()],
        "attendance_threshold": 80,
    }
    return _planning(request, event=None, initial=initial, sessions=[{}])


@never_cache
@trainers_only
@require_http_methods(["GET", "POST"])
def edit(request, uuid):
    event = get_object_or_404(Event.objects.for_staff(request.user), uuid=uuid)
    if event.state not in {EventState.DRAFT, EventState.SCHEDULED}:
        messages.error(request, _("An event that was cancelled or closed can no longer be changed."))
        return redirect("oberih_events:training", uuid=uuid)
    return _planning(request, event=event, initial=initial_of(event), sessions=sessions_of(event))


def _planning(request, *, event, initial, sessions):
    """Show and take the form of an event. The buttons of the sessions' rows send it back without judging it."""
    kwargs = {"user": request.user, "event": event}
    if request.method == "POST":
        form = ScheduleForm(request.POST, **kwargs)
        formset = SessionFormSet(request.POST, prefix="sessions")
        do = request.POST.get("do", "save")
        if do != "save" and formset.management_form.is_valid():
            rows = _rearranged(do, typed_sessions(formset))
            form = ScheduleForm(initial=typed(form), **kwargs)
            formset = SessionFormSet(initial=rows, prefix="sessions")
        elif all([form.is_valid(), formset.is_valid()]):
            try:
                saved = _save(form, formset, event, request.user)
            except EventsError as error:
                form.add_error(None, str(error))
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, _("Saved.") if event else _("The training is scheduled."))
                return redirect("oberih_events:training", uuid=saved.uuid)
    else:
        form = ScheduleForm(initial=initial, **kwargs)
        formset = SessionFormSet(initial=sessions, prefix="sessions")
    return render(
        request,
        "oberih/events/schedule.html",
        {
            "form": form,
            "formset": formset,
            "event": event,
            "may_remove": len(formset.forms) > 1,
            "has_errors": bool(form.errors or any(formset.errors) or formset.non_form_errors())
            if form.is_bound
            else False,
        },
        status=400 if form.is_bound else 200,
    )


def _rearranged(do, rows):
    if do == "add":
        return [*rows, {"date": rows[-1]["date"] if rows else None}]
    if do == "copy":
        return next_day(rows)
    verb, _dash, number = do.partition("-")
    if verb == "remove" and number.isdecimal() and len(rows) > 1:
        return [row for place, row in enumerate(rows) if place != int(number)]
    return rows


@transaction.atomic
def _save(form, formset, event, user):
    fields = form.fields_of_the_event()
    planned = slots(formset, event, form.language)
    if event is None:
        return actions.schedule(by=user, sessions=planned, **fields)
    return actions.change(event=event, by=user, sessions=planned, **fields)


@never_cache
@trainers_only
@require_GET
def training(request, uuid):
    rows = Event.objects.for_staff(request.user).with_seats().with_times().select_related("course", "project")
    event = get_object_or_404(rows.prefetch_related("areas", "venues", "sessions__venue"), uuid=uuid)
    people = list(
        event.registrations.select_related("participant", "category", "organisation").order_by(
            "participant__full_name", "pk"
        )
    )
    failed = set(
        Message.objects.filter(
            subject_key__in=[str(person.uuid) for person in people],
            state__in=[MessageState.FAILED, MessageState.BOUNCED],
        ).values_list("subject_key", flat=True)
    )
    by_status = {status: [person for person in people if person.status == status] for status in Status}
    line = sorted(by_status[Status.WAITLISTED], key=lambda person: (-person.priority, person.queued_at, person.pk))
    scheduled = event.state == EventState.SCHEDULED
    begun = event.first_start is not None and event.first_start <= timezone.now()
    return render(
        request,
        "oberih/events/training.html",
        {
            "event": event,
            "kind": event.get_kind_display(),
            "days": when.days(event),
            "place": when.place(event),
            "spoken": when.spoken(event),
            "seats": _seats(event),
            "zone": when.zone(event),
            "sessions": sessions_strip(
                event, url=lambda session: _above("oberih_attendance:register", session.pk)
            ),
            "confirmed": [_person_row(person, event, failed) for person in by_status[Status.CONFIRMED]],
            "offered": [_person_row(person, event, failed) for person in by_status[Status.OFFERED]],
            "line": [_person_row(person, event, failed, place) for place, person in enumerate(line, 1)],
            "pending": [_person_row(person, event, failed) for person in by_status[Status.PENDING]],
            "ended": [
                _person_row(person, event, failed)
                for person in by_status[Status.CANCELLED] + by_status[Status.DECLINED]
            ],
            "public_url": ""
            if event.is_imported
            else reverse("oberih_events:detail", kwargs={"code": event.code}),
            "scheduled": scheduled,
            "may_close": scheduled and begun,
            "walk_in_url": _above("oberih_attendance:walk_in", event.uuid) if scheduled else "",
            "headcount_url": "" if event.is_imported else _above("oberih_attendance:headcount", event.uuid),
            "close_url": _above("oberih_attendance:close_event", event.uuid) if scheduled and begun else "",
        },
    )


def _person_row(person, event, failed, place=None):
    more = [] if place is None else [_("Number %(place)s in line") % {"place": localize(place)}]
    more += [str(part) for part in (person.organisation, person.category) if part is not None]
    row = {
        "name": str(person.participant),
        "url": reverse("oberih_events:person", kwargs={"uuid": event.uuid, "registration": person.uuid}),
        "secondary": " · ".join(more),
        "status": person.get_status_display(),
        "tag": "",
        "tag_kind": "",
    }
    if str(person.uuid) in failed:
        row |= {"tag": _("Message not delivered"), "tag_kind": "error"}
    elif person.participant.may_be_minor(event.starts_on):
        row |= {"tag": _("May be under 18"), "tag_kind": "attention"}
    return row


@never_cache
@trainers_only
@require_http_methods(["GET", "POST"])
def person(request, uuid, registration):
    """One registration as staff see it, and what they can decide about it."""
    event = get_object_or_404(Event.objects.for_staff(request.user), uuid=uuid)
    rows = Registration.objects.select_related("participant", "category", "organisation", "event")
    found = get_object_or_404(rows, event=event, uuid=registration)
    if request.method == "POST":
        form = DecisionForm(request.POST)
        if form.is_valid():
            do = {
                "approve": actions.approve,
                "decline": actions.decline,
                "cancel": actions.cancel_registration,
            }[form.cleaned_data["do"]]
            try:
                do(registration=found, by=request.user)
            except EventsError as error:
                messages.error(request, str(error))
            else:
                messages.success(request, _("Saved. The person is told."))
        return redirect("oberih_events:training", uuid=uuid)
    who = found.participant
    facts = [
        (_("Status"), found.get_status_display()),
        (_("Name in Latin letters"), who.latin_name),
        (_("E-mail"), who.email),
        (_("Phone"), who.phone),
        (_("Organisation"), str(found.organisation or "")),
        (_("What they do"), str(found.category or "")),
        (_("How they registered"), found.get_source_display()),
        (_("Registered"), when.moment(found.created_at, event.tz)),
    ]
    return render(
        request,
        "oberih/events/person.html",
        {
            "event": event,
            "registration": found,
            "name": str(who),
            "rows": [{"label": label, "value": value} for label, value in facts if value],
            "may_be_minor": who.may_be_minor(event.starts_on),
            "unreached": Message.objects.filter(
                subject_key=str(found.uuid), state__in=[MessageState.FAILED, MessageState.BOUNCED]
            ).exists(),
            "pending": found.status == Status.PENDING,
            "active": found.is_active and event.state == EventState.SCHEDULED,
        },
    )


@never_cache
@trainers_only
@require_http_methods(["GET", "POST"])
def cancel_event(request, uuid):
    event = get_object_or_404(Event.objects.for_staff(request.user), uuid=uuid)
    form = CancelEventForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.cancel_event(event=event, reason=form.cleaned_data["reason"], by=request.user)
        except ScheduleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The event is cancelled; everybody concerned is told."))
            return redirect("oberih_events:training", uuid=uuid)
    told = event.registrations.active().count()
    return render(
        request,
        "oberih/events/cancel_event.html",
        {
            "form": form,
            "event": event,
            "warning": ngettext(
                "%(count)s person who has a place or waits for one is told at once. This cannot be undone.",
                "%(count)s people who have a place or wait for one are told at once. This cannot be undone.",
                told,
            )
            % {"count": localize(told)},
        },
        status=400 if form.is_bound else 200,
    )
