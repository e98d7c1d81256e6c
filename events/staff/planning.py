"""Scheduling, changing and calling off an event."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import localize
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import actions, conf
from events.exceptions import EventsError, ScheduleError
from events.models import Event, EventState
from events.staff.access import trainers_only
from events.staff.forms import CancelEventForm, ScheduleForm, initial_of, scope_countries
from events.staff.session_forms import (
    SessionFormSet,
    next_day,
    sessions_of,
    slots,
    typed,
    typed_sessions,
)


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
