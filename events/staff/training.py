"""The page of one training: what it is, what can be done now, who is in it and what followed."""

from collections import Counter
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from events import listing, registers, revisions, seats, when
from events.facts import sessions_strip
from events.models import Confidential, Event, EventState, RegistrationPolicy, Status
from events.staff import announcing, answers, follow_ups, programmes, undelivered
from events.staff.access import may_see_names, need_names, trainers_only
from events.staff.people import concern, may_be_photographed
from safeguarding import audit, reasons


@never_cache
@trainers_only
@require_GET
def training(request, uuid):
    rows = Event.objects.for_staff(request.user).with_seats().with_times().with_sessions()
    event = get_object_or_404(rows.select_related("course", "project"), uuid=uuid)
    named = may_see_names(request, event)
    if named:
        need_names(request, event)
    return render(
        request,
        "oberih/events/training.html",
        {
            "event": event,
            "scheduled": event.state == EventState.SCHEDULED,
            "named": named,
            **_what_it_is(event),
            **_what_can_be_done(request, event),
            **_who_is_in_it(request, event, named),
            **_what_followed(event),
        },
    )


def _what_it_is(event):
    return {
        "kind": event.get_kind_display(),
        "days": when.days(event),
        "place": when.place(event),
        "spoken": when.spoken(event),
        "seats": seats.taken(event),
        "overfull": _overfull(event) if event.state == EventState.SCHEDULED else "",
        "zone": when.zone(event),
        "sessions": sessions_strip(event, url=lambda session: registers.url("register", session.pk)),
        "groups": _groups(event),
        "public_url": ""
        if event.is_imported or event.state == EventState.DRAFT
        else reverse("oberih_events:detail", kwargs={"code": event.code}),
    }


def _what_can_be_done(request, event):
    """Now, by whoever looks; "" where something cannot."""
    scheduled = event.state == EventState.SCHEDULED
    now = timezone.now()
    begun = event.first_start is not None and event.first_start <= now
    return {
        "register_url": _register_of_today(event, now) if scheduled else "",
        "walk_in_url": registers.url("walk_in", event.uuid) if scheduled else "",
        "headcount_url": "" if event.is_imported else registers.url("headcount", event.uuid),
        "close_url": registers.url("close_event", event.uuid) if scheduled and begun else "",
        "over": listing.is_over(event, now),
        "again_url": ""
        if event.is_imported
        else reverse("oberih_events:schedule") + "?" + urlencode({"again": event.uuid}),
        "may_decide": "oberih/events/_approve.html" if scheduled else "",
        "links": _links(request, event) if scheduled else [],
        "joining": programmes.joining(event),
    }


def _who_is_in_it(request, event, named):
    """The people by what became of their registrations, and their number for whoever may not see them."""
    people = list(
        event.registrations.select_related("participant", "category", "organisation").order_by(
            "participant__full_name", "pk"
        )
    )
    failed = undelivered.of(people)
    agreed = may_be_photographed(event, people)
    by_status = {status: [person for person in people if person.status == status] for status in Status}
    line = sorted(by_status[Status.WAITLISTED], key=lambda person: (-person.priority, person.queued_at, person.pk))
    waiting = Counter(person.party for person in line if person.party)
    # Pending ones are decided in the order in which they came: seats may not suffice for all.
    arrived = sorted(by_status[Status.PENDING], key=lambda person: (person.created_at, person.pk))

    def row(person, first=()):
        return _person_row(person, event, failed, agreed, first)

    return {
        "numbers": [
            {"label": status.label, "value": localize(len(rows))} for status, rows in by_status.items() if rows
        ],
        "why_url": "" if named else reasons.question(event.subject_key, event.title, request.get_full_path()),
        "unreached": [
            row(person) | {"secondary": undelivered.sentence(failed[str(person.uuid)], person)}
            for person in people
            if str(person.uuid) in failed
        ],
        "pending": [row(person) for person in arrived],
        "decide_url": reverse("oberih_events:decide", kwargs={"uuid": event.uuid})
        if len(arrived) > 1 and event.state == EventState.SCHEDULED
        else "",
        "write_url": announcing.address(event) if people else "",
        "to_prepare": _to_prepare(request.user, event),
        "chosen": answers.chosen(request.user, event),
        "confirmed": [row(person) for person in by_status[Status.CONFIRMED]],
        "offered": [row(person) for person in by_status[Status.OFFERED]],
        "line": [row(person, _place_in_line(person, place, waiting)) for place, person in enumerate(line, 1)],
        "ended": [row(person) for person in by_status[Status.CANCELLED] + by_status[Status.DECLINED]],
    }


def _what_followed(event):
    return {"afterwards": follow_ups.of_training(event), "history": revisions.history(event)}


def _register_of_today(event, now):
    """The address of the register that is taken now or next, on a day on which the event is held."""
    today = timezone.localdate(now, event.tz)
    coming = (one for one in event.sessions.all() if one.date == today and one.ends_at > now)
    session = next(coming, None)
    return registers.url("register", session.pk) if session else ""


def _overfull(event):
    """That more people have a seat than there are, as when seats were taken away: nobody loses theirs by that."""
    if event.capacity is None or event.confirmed_count <= event.capacity:
        return ""
    return ngettext(
        "%(count)s person has a seat or is offered one, and there are %(seats)s. Nobody loses theirs; nobody new gets one.",
        "%(count)s people have a seat or are offered one, and there are %(seats)s. Nobody loses theirs; nobody new gets one.",
        event.confirmed_count,
    ) % {"count": localize(event.confirmed_count), "seats": localize(event.capacity)}


def _with_taken(rows):
    return rows.annotate(taken=Count("registrations", filter=Q(registrations__status__in=Status.holding_a_seat())))


def _groups(event):
    return [
        {"label": str(group.title), "value": seats.taken_of(group.taken, group.capacity)}
        for group in _with_taken(event.groups)
    ]


def _links(request, event):
    """The addresses that are passed on: of seats that are set aside, and of an event that is in no list."""
    page = reverse("oberih_events:detail", kwargs={"code": event.code})
    links = []
    if event.policy == RegistrationPolicy.INVITATION:
        links.append({"label": _("For everybody who is invited"), "note": "", "address": page})
    form = reverse("oberih_events:register", kwargs={"code": event.code})
    for one in _with_taken(event.allocations.select_related("organisation")):
        note = seats.taken_of(one.taken, one.seats)
        if one.held_until is not None:
            note = _("%(taken)s, until %(day)s") % {"taken": note, "day": when.until(one.held_until, event.tz)}
        address = f"{form}?{urlencode({'for': one.key})}"
        links.append({"label": str(one.organisation), "note": note, "address": address})
    return [{**link, "address": request.build_absolute_uri(link["address"])} for link in links]


def _to_prepare(user, event):
    """What people asked the event's trainers to prepare, for these alone. That it was seen is written down."""
    rows = list(
        Confidential.objects.for_trainer(user)
        .filter(registration__event=event, registration__status__in=Status.active())
        .exclude(access_needs="")
        .select_related("registration__participant")
        .order_by("registration__participant__full_name", "pk")
    )
    if rows:
        audit.record(user, "see", "confidential", [row.registration.uuid for row in rows])
    return [{"label": str(row.registration.participant), "value": row.access_needs} for row in rows]


def _place_in_line(person, place, waiting):
    """`waiting` says how many of each party wait."""
    words = [_("Number %(place)s in line") % {"place": localize(place)}]
    if others := waiting[person.party] - 1 if person.party else 0:
        # Why somebody waits although there are free seats.
        more = ngettext("only together with %(count)s other", "only together with %(count)s others", others)
        words.append(more % {"count": localize(others)})
    return words


def _person_row(person, event, failed, agreed, first=()):
    more = [*first, *(str(part) for part in person.belongs_to if part is not None)]
    if person.is_active and person.participant.root_id not in agreed:
        more.append(_("No photographs"))
    tag, tag_kind = concern(person, event)
    if str(person.uuid) in failed:
        tag, tag_kind = _("Message not delivered"), "error"
    return {
        "name": str(person.participant),
        "url": reverse("oberih_events:person", kwargs={"uuid": event.uuid, "registration": person.uuid}),
        "secondary": " · ".join(more),
        "status": person.get_status_display(),
        "tag": tag,
        "tag_kind": tag_kind,
    }
