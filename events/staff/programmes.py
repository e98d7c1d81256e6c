"""The programmes as trainers and managers see them: each with those of its events that they may work with."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from events import actions, cohorts, follow_ups, listing
from events.exceptions import EventsError
from events.facts import when_and_where
from events.models import CountBasis, Event, EventState, Programme, ProgrammeStep
from events.staff import follow_ups as follow_up_pages
from events.staff.access import trainers_only
from events.staff.programme_forms import ProgrammeChoiceForm
from participants.codes import NOT_COUNTED_TYPES, Qualifier, qualified

_LOOKS = {EventState.CANCELLED: "error", EventState.CLOSED: "success"}


def joining(event):
    """The form by which a training joins a programme or leaves it; None where it can do neither."""
    if cohorts.refusal(event):
        return None
    form = ProgrammeChoiceForm(initial={"programme": event.programme_id})
    # Without any there is nothing to choose.
    return form if len(form.fields["programme"].choices) > 1 else None


@never_cache
@trainers_only
@require_POST
def join(request, uuid):
    event = get_object_or_404(Event.objects.for_staff(request.user), uuid=uuid)
    form = ProgrammeChoiceForm(request.POST)
    if form.is_valid():
        try:
            actions.join_programme(event=event, programme=form.cleaned_data["programme"], by=request.user)
        except EventsError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Saved."))
    else:
        messages.error(request, _("This programme is no longer there. Choose another one."))
    return redirect("oberih_events:training", uuid=uuid)


@never_cache
@trainers_only
@require_GET
def programmes(request):
    """All of them, since a first event can be planned for any, with how many events of each are the reader's."""
    mine = list(Event.objects.for_staff(request.user).exclude(programme=None).values_list("pk", "programme"))
    steps = ProgrammeStep.objects.filter(event__in=Event.objects.for_staff(request.user))
    events = {*mine, *steps.values_list("event", "programme")}
    rows = Programme.objects.order_by("code")
    return render(
        request,
        "oberih/events/held_programmes.html",
        {"entries": [_programme_entry(row, sum(key == row.pk for _event, key in events)) for row in rows]},
    )


def _programme_entry(programme, number):
    events = ngettext("%(count)s event", "%(count)s events", number) % {"count": localize(number)}
    return {
        "title": programme.title,
        "url": reverse("oberih_events:held_programme", kwargs={"code": programme.code}),
        "text": programme.summary,
        "facts": [{"icon": "calendar", "text": events if number else _("No event of yours yet")}],
        "tag": _("On the site") if programme.is_public else "",
    }


@never_cache
@trainers_only
@require_GET
def programme(request, code):
    found = get_object_or_404(Programme, code=code)
    of_it = cohorts.of(found)
    mine = Event.objects.for_staff(request.user).filter(pk__in=of_it.values("pk"))
    names_it = Exists(Programme.objects.filter(pk=found.pk, events=OuterRef("pk")))
    events = list(
        mine.with_times()
        .annotate(names_it=names_it)
        .prefetch_related("areas", "venues", "follow_ups")
        .order_by("-starts_on", "-pk")
    )
    now = timezone.now()
    figures = cohorts.figures(events)
    last = next((event for event in events if not event.is_imported), None)
    return render(
        request,
        "oberih/events/held_programme.html",
        {
            "programme": found,
            "public_url": reverse("oberih_events:programme", kwargs={"code": code}) if found.is_public else "",
            "entries": [_entry(event, figures, now) for event in events],
            "figures": _figures(events, figures) if events else [],
            "others": of_it.count() - len(events),
            "plan_url": _plan_url(found, last),
            "is_first": last is None,
            "has_headcounts": any(event.counted_by == CountBasis.HEADCOUNT for event in events),
        },
    )


def _plan_url(programme, last):
    """The form of a new event, filled in as the last one was."""
    query = {"programme": programme.code} if last is None else {"again": last.uuid}
    return reverse("oberih_events:schedule", query=query)


def _figures(events, figures):
    """Participations add up over events and persons do not, so the two are always said together."""
    rows = [one for event in events for one in event.follow_ups.all()]
    done = qualified(Qualifier.combined(one.qualifier for one in rows), localize(sum(one.value for one in rows)))
    return [
        {
            "label": _("Events"),
            "value": localize(sum(event.state != EventState.CANCELLED for event in events)),
        },
        {
            "label": _("Participations"),
            "value": localize(figures.participations),
            "note": _("who came, at each event anew"),
        },
        {
            "label": _("Different people"),
            "value": localize(figures.persons),
            "note": _("each counted once, at however many events"),
        },
        {
            "label": _("Follow-up actions"),
            "value": done,
            "note": ", ".join(one.words for one in follow_ups.summed(rows)),
        },
    ]


def _entry(event, figures, now):
    facts = when_and_where(event, days=True)
    if people := _people(event, figures):
        facts.append({"icon": "people", "text": people})
    facts += [{"icon": "check", "text": one.words} for one in follow_ups.summed(event.follow_ups.all())]
    records = not follow_ups.refusal(event, now=now)
    back = "?from=programme" if event.names_it else ""
    return {
        "title": event.title,
        "url": reverse("oberih_events:training", kwargs={"uuid": event.uuid}),
        "date": event.starts_on,
        "kind": event.get_kind_display(),
        "facts": facts,
        "tag": "" if event.state == EventState.SCHEDULED else event.get_state_display(),
        "tag_kind": _LOOKS.get(event.state, "neutral"),
        "button": _("Record what they did afterwards") if records and listing.is_over(event, now) else "",
        "button_url": f"{follow_up_pages.address(event)}{back}" if records and listing.is_over(event, now) else "",
    }


def _people(event, figures):
    """How many registered and came, as far as it is known here."""
    if event.kind in NOT_COUNTED_TYPES:
        return ""
    if event.counted_by == CountBasis.HEADCOUNT:
        return _("Counted by a headcount")
    if event.counted_by == CountBasis.NOT_COUNTED:
        return _("Nobody was counted")
    registered, came = figures.registered[event.pk], figures.attended[event.pk]
    words = ngettext("%(count)s registered", "%(count)s registered", registered) % {"count": localize(registered)}
    if not came and event.state != EventState.CLOSED:
        return words
    return _("%(registered)s, %(came)s came") % {"registered": words, "came": localize(came)}
