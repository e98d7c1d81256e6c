"""One training with its people, and what is decided about each of them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from events import actions, registers, seats, when
from events.exceptions import EventsError
from events.facts import sessions_strip
from events.models import Event, EventState, Registration, Status
from events.staff.access import may_see_names, need_names, subject, trainers_only
from events.staff.forms import DecisionForm
from notifications.models import Message, MessageState
from safeguarding import reasons


@never_cache
@trainers_only
@require_GET
def training(request, uuid):
    rows = Event.objects.for_staff(request.user).with_seats().with_times().select_related("course", "project")
    event = get_object_or_404(rows.prefetch_related("areas", "venues", "sessions__venue"), uuid=uuid)
    named = may_see_names(request, event)
    if named:
        need_names(request, event)
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
            "named": named,
            "numbers": [
                {"label": status.label, "value": localize(len(rows))} for status, rows in by_status.items() if rows
            ],
            "why_url": "" if named else reasons.question(subject(event), event.title, request.get_full_path()),
            "kind": event.get_kind_display(),
            "days": when.days(event),
            "place": when.place(event),
            "spoken": when.spoken(event),
            "seats": seats.taken(event),
            "zone": when.zone(event),
            "sessions": sessions_strip(event, url=lambda session: registers.url("register", session.pk)),
            "confirmed": [_person_row(person, event, failed) for person in by_status[Status.CONFIRMED]],
            "offered": [_person_row(person, event, failed) for person in by_status[Status.OFFERED]],
            "line": [_person_row(person, event, failed, place) for place, person in enumerate(line, 1)],
            "pending": [_person_row(person, event, failed) for person in by_status[Status.PENDING]],
            "ended": [
                _person_row(person, event, failed)
                for person in by_status[Status.CANCELLED] + by_status[Status.DECLINED]
            ],
            "public_url": ""
            if event.is_imported or event.state == EventState.DRAFT
            else reverse("oberih_events:detail", kwargs={"code": event.code}),
            "scheduled": scheduled,
            "may_close": scheduled and begun,
            "walk_in_url": registers.url("walk_in", event.uuid) if scheduled else "",
            "headcount_url": "" if event.is_imported else registers.url("headcount", event.uuid),
            "close_url": registers.url("close_event", event.uuid) if scheduled and begun else "",
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
    need_names(request, event, kind="registration", keys=[found.uuid])
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
