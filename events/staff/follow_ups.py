"""What the people of a training did afterwards, as its staff write it down."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import actions, follow_ups, when
from events.exceptions import EventsError
from events.models import Event, FollowUp
from events.staff.access import trainers_only
from events.staff.programme_forms import FollowUpDeedForm, FollowUpForm, initial_of
from participants.codes import qualified


def of_training(event):
    """What the page of a training says of it; None where there is nothing to say and nothing to record."""
    closed = follow_ups.refusal(event)
    rows = [row(one, is_open=not closed) for one in event.follow_ups.all()]
    if closed and not rows:
        return None
    return {"rows": rows, "url": "" if closed else address(event), "closed": closed}


def address(event):
    return reverse("oberih_events:new_follow_up", kwargs={"uuid": event.uuid})


def row(follow_up, *, is_open):
    """One entry as a row of a list."""
    change = {"uuid": follow_up.cohort.uuid, "follow_up": follow_up.pk}
    return {
        "name": _("%(kind)s: %(number)s")
        % {
            "kind": follow_ups.label(follow_up.kind),
            "number": qualified(follow_up.qualifier, localize(follow_up.value)),
        },
        "url": reverse("oberih_events:follow_up", kwargs=change) if is_open else "",
        "secondary": " · ".join(filter(None, [when.span(follow_up.held_from, follow_up.held_to), follow_up.note])),
    }


@never_cache
@trainers_only
@require_http_methods(["GET", "POST"])
def new(request, uuid):
    event = get_object_or_404(Event.objects.for_staff(request.user).select_related("programme"), uuid=uuid)
    if reason := follow_ups.refusal(event):
        messages.error(request, reason)
        return redirect("oberih_events:training", uuid=uuid)
    form = FollowUpForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _done(form, actions.record_follow_up, cohort=event, by=request.user):
        messages.success(request, _("Recorded. Reports count it from now on."))
        return redirect(_back(request, event))
    return _page(request, event, form)


@never_cache
@trainers_only
@require_http_methods(["GET", "POST"])
def change(request, uuid, follow_up):
    event = get_object_or_404(Event.objects.for_staff(request.user).select_related("programme"), uuid=uuid)
    held = get_object_or_404(FollowUp, pk=follow_up, cohort=event)
    if reason := follow_ups.refusal(event):
        messages.error(request, reason)
        return redirect("oberih_events:training", uuid=uuid)
    if request.method != "POST":
        return _page(request, event, FollowUpForm(initial=initial_of(held)), held)
    deed = FollowUpDeedForm(request.POST)
    if not deed.is_valid():
        return HttpResponse(status=400)
    if deed.cleaned_data["do"] == "remove":
        actions.remove_follow_up(follow_up=held, by=request.user)
        messages.success(request, _("Deleted. Reports no longer count it."))
        return redirect(_back(request, event))
    form = FollowUpForm(request.POST)
    if form.is_valid() and _done(form, actions.change_follow_up, follow_up=held, by=request.user):
        messages.success(request, _("Saved."))
        return redirect(_back(request, event))
    return _page(request, event, form, held)


def _done(form, do, **whose):
    """Do it with what the form says; what is refused stands beside its field."""
    try:
        do(**whose, **form.fields_of_the_action())
    except EventsError as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        form.add_error(None, error)
    return not form.errors


def _back(request, event):
    """The page that led here: that of the programme, or of the training."""
    if request.GET.get("from") == "programme" and event.programme is not None:
        return reverse("oberih_events:held_programme", kwargs={"code": event.programme.code})
    return reverse("oberih_events:training", kwargs={"uuid": event.uuid})


def _page(request, event, form, held=None):
    return render(
        request,
        "oberih/events/follow_up.html",
        {
            "event": event,
            "form": form,
            "held": row(held, is_open=True) if held is not None else None,
            "days": when.days(event),
            "back_url": _back(request, event),
        },
        status=400 if form.is_bound else 200,
    )
