"""Several who wait for approval are let in or declined at once."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import actions, seats
from events.exceptions import EventsError
from events.models import Event, EventState, Status
from events.staff.access import need_names, trainers_only
from events.staff.people import concern
from events.staff.person_forms import SeveralForm


@never_cache
@trainers_only
@require_http_methods(["GET", "POST"])
def decide(request, uuid):
    event = get_object_or_404(Event.objects.for_staff(request.user).with_seats(), uuid=uuid)
    pending = list(
        event.registrations.filter(status=Status.PENDING)
        .select_related("participant", "organisation", "category", "group")
        .order_by("created_at", "pk")
    )
    need_names(request, event, kind="registration", keys=[one.uuid for one in pending])
    form = SeveralForm(
        request.POST if request.method == "POST" else None,
        event=event,
        offered=[(one, _said_of(one, event)) for one in pending],
    )
    if form.is_bound and form.is_valid():
        _decide(request, event, form)
        return redirect(_back(event))
    if not pending or event.state != EventState.SCHEDULED:
        return redirect("oberih_events:training", uuid=uuid)
    return render(
        request,
        "oberih/events/decide.html",
        {"event": event, "form": form, "free": _free(event)},
        status=400 if form.is_bound else 200,
    )


def _decide(request, event, form):
    """Do it, and say what came of it."""
    approved = form.cleaned_data["do"] == "approve"
    try:
        decided, passed_over = actions.decide_several(
            event=event,
            chosen=form.cleaned_data["people"],
            approved=approved,
            by=request.user,
            reason=form.cleaned_data["reason"],
        )
    except EventsError as error:
        messages.error(request, str(error))
        return
    tell = messages.success if decided else messages.warning
    tell(request, " ".join([*_done_words(decided, approved=approved), *_passed_over_words(passed_over)]))


def _done_words(decided, *, approved):
    if not decided:
        return []
    if approved:
        done = ngettext("%(count)s approved.", "%(count)s approved.", len(decided))
    else:
        done = ngettext("%(count)s declined.", "%(count)s declined.", len(decided))
    words = [done % {"count": localize(len(decided))}]
    if waiting := sum(one.status == Status.WAITLISTED for one in decided):
        wait = ngettext(
            "%(count)s of them is on the waiting list, since no seat was free.",
            "%(count)s of them are on the waiting list, since no seat was free.",
            waiting,
        )
        words.append(wait % {"count": localize(waiting)})
    return words


def _passed_over_words(passed_over):
    withdrawn = [one for one in passed_over if one.status == Status.CANCELLED]
    others = [one for one in passed_over if one.status != Status.CANCELLED]
    return [
        words % {"names": _(", ").join(str(one.participant) for one in people)}
        for people, words in (
            (withdrawn, ngettext("%(names)s had withdrawn.", "%(names)s had withdrawn.", len(withdrawn))),
            (
                others,
                ngettext(
                    "About %(names)s somebody had decided already.",
                    "About %(names)s somebody had decided already.",
                    len(others),
                ),
            ),
        )
        if people
    ]


def _back(event):
    page = reverse("oberih_events:training", kwargs={"uuid": event.uuid})
    waits = event.registrations.filter(status=Status.PENDING).exists()
    return f"{page}#pending" if waits else page


def _said_of(person, event):
    """The name and what helps to decide, in one line; no more than staff read of somebody elsewhere."""
    words = (person.participant, *person.belongs_to, person.group, concern(person, event)[0])
    return " · ".join(str(part) for part in words if part)


def _free(event):
    """How many can be approved to a seat, as a sentence; "" where as many may come as like."""
    found = seats.of(event)
    if found.capacity is None:
        return ""
    if not found.for_newcomers:
        return _("No seat is free for them: whoever you approve waits in line.")
    return ngettext(
        "%(count)s seat is free. Whoever you approve beyond that waits in line.",
        "%(count)s seats are free. Whoever you approve beyond that waits in line.",
        found.free,
    ) % {"count": localize(found.free)}
