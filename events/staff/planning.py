"""Scheduling, changing and calling off an event."""

import uuid as uuids

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import actions
from events.exceptions import EventsError, ScheduleError
from events.models import Event, EventState, Programme
from events.staff import plan
from events.staff.access import trainers_only
from events.staff.forms import CancelEventForm
from events.staff.initial import initial_for, initial_of
from events.staff.plan import Plan


@never_cache
@trainers_only
@require_http_methods(["GET", "POST"])
def schedule(request):
    """A new event: with the usual values, or with those of the one that `?again=` names. Nothing is kept before it is sent."""
    source = _source(request)
    if source is not None:
        initial, rows = plan.again(source)
    else:
        initial, rows = initial_for(request.user), {"sessions": [{}]}
        programme = Programme.objects.filter(code=request.GET.get("programme", "").replace("\0", "")).first()
        initial["programme"] = programme and programme.pk
    return _planning(request, event=None, source=source, initial=initial, rows=rows)


def _source(request):
    if not request.GET.get("again"):
        return None
    try:
        uuid = uuids.UUID(request.GET["again"])
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Event.objects.for_staff(request.user), uuid=uuid)


@never_cache
@trainers_only
@require_http_methods(["GET", "POST"])
def edit(request, uuid):
    event = get_object_or_404(Event.objects.for_staff(request.user), uuid=uuid)
    if event.state not in {EventState.DRAFT, EventState.SCHEDULED}:
        messages.error(request, _("An event that was cancelled or closed can no longer be changed."))
        return redirect("oberih_events:training", uuid=uuid)
    return _planning(request, event=event, initial=initial_of(event), rows=plan.rows_of(event))


def _planning(request, *, event, initial, rows, source=None):
    """Show and take the form of an event. The buttons of the rows send it back without judging it."""
    given = {"user": request.user, "event": event, "source": source}
    if request.method == "POST":
        planned = Plan(**given, data=request.POST)
        revision = event.revision if event else None
        do = request.POST.get("do", "save")
        if do != "save" and planned.is_whole:
            planned = planned.rearranged(do, request.POST.get("weeks", ""))
        elif planned.judge():
            try:
                saved = planned.keep(request.user)
            except EventsError as error:
                planned.form.add_error(None, str(error))
            except ValidationError as error:
                planned.form.add_error(None, error.messages)
            else:
                messages.success(request, _kept(saved, revision))
                return redirect("oberih_events:training", uuid=saved.uuid)
    else:
        planned = Plan(**given, initial=initial, rows=rows)
    return render(
        request,
        "oberih/events/schedule.html",
        {
            "plan": planned,
            "form": planned.form,
            "formset": planned.sessions,
            "sides": planned.sides(),
            "event": event,
            "source": source,
            "weeks": request.POST.get("weeks", "") or "1",
            "may_remove": len(planned.sessions.forms) > 1,
            "has_errors": planned.has_errors,
        },
        status=400 if planned.form.is_bound else 200,
    )


def _kept(saved, revision):
    """What became of the form. Whoever moved a training is told that those who come are told."""
    if revision is None:
        return _("The training is scheduled.")
    is_told = saved.state == EventState.SCHEDULED and saved.revision != revision
    if is_told and saved.registrations.active().exists():
        return _("Saved. Everybody registered is told what changed.")
    return _("Saved.")


@never_cache
@trainers_only
@require_http_methods(["GET", "POST"])
def cancel_event(request, uuid):
    event = get_object_or_404(Event.objects.for_staff(request.user), uuid=uuid)
    form = CancelEventForm(request.POST if request.method == "POST" else None)
    told = event.registrations.active().count()
    if form.is_bound and form.is_valid():
        try:
            actions.cancel_event(event=event, reason=form.cleaned_data["reason"], by=request.user)
        except ScheduleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("The event is cancelled; everybody concerned is told.")
                if told
                else _("The event is cancelled."),
            )
            return redirect("oberih_events:training", uuid=uuid)
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
            % {"count": localize(told)}
            if told
            else "",
        },
        status=400 if form.is_bound else 200,
    )
