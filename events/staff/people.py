"""One training with its people, and what is decided about each of them."""

from collections import Counter
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events import actions, guardians, listing, registers, revisions, seats, when
from events.exceptions import EventsError
from events.facts import sessions_strip
from events.models import (
    Confidential,
    Event,
    EventState,
    GuardianConsent,
    Registration,
    RegistrationPolicy,
    Status,
)
from events.staff import answers, follow_ups, programmes, undelivered
from events.staff.access import may_see_names, need_names, trainers_only, trains
from events.staff.forms import DecisionForm, GroupForm, GuardianContactForm, GuardianDeedForm
from participants.models import Consent, Purpose
from safeguarding import audit, reasons

_DECISIONS = {
    "approve": actions.approve,
    "decline": actions.decline,
    "cancel": actions.cancel_registration,
}
_PRIORITIES = {"first": 1, "in_line": 0}


@never_cache
@trainers_only
@require_GET
def training(request, uuid):
    rows = Event.objects.for_staff(request.user).with_seats().with_times().select_related("course", "project")
    event = get_object_or_404(
        rows.prefetch_related("areas", "venues", "sessions__venue", "sessions__group"), uuid=uuid
    )
    named = may_see_names(request, event)
    if named:
        need_names(request, event)
    people = list(
        event.registrations.select_related("participant", "category", "organisation").order_by(
            "participant__full_name", "pk"
        )
    )
    failed = undelivered.of(people)
    by_status = {status: [person for person in people if person.status == status] for status in Status}
    line = sorted(by_status[Status.WAITLISTED], key=lambda person: (-person.priority, person.queued_at, person.pk))
    agreed = _may_be_photographed(event, people)
    waiting = Counter(person.party for person in line if person.party)

    def row(person):
        return _person_row(person, event, failed, agreed)

    def row_in_line(person, place):
        more = [_("Number %(place)s in line") % {"place": localize(place)}]
        if others := waiting[person.party] - 1 if person.party else 0:
            # Why somebody waits although there are free seats.
            words = ngettext("only together with %(count)s other", "only together with %(count)s others", others)
            more.append(words % {"count": localize(others)})
        return _person_row(person, event, failed, agreed, more)

    scheduled = event.state == EventState.SCHEDULED
    now = timezone.now()
    begun = event.first_start is not None and event.first_start <= now
    # Pending ones are decided in the order in which they came: seats may not suffice for all.
    arrived = sorted(by_status[Status.PENDING], key=lambda person: (person.created_at, person.pk))
    return render(
        request,
        "oberih/events/training.html",
        {
            "event": event,
            "named": named,
            "numbers": [
                {"label": status.label, "value": localize(len(rows))} for status, rows in by_status.items() if rows
            ],
            "why_url": "" if named else reasons.question(event.subject_key, event.title, request.get_full_path()),
            "kind": event.get_kind_display(),
            "days": when.days(event),
            "place": when.place(event),
            "spoken": when.spoken(event),
            "seats": seats.taken(event),
            "overfull": _overfull(event) if scheduled else "",
            "groups": _groups(event),
            "links": _links(request, event) if scheduled else [],
            "zone": when.zone(event),
            "sessions": sessions_strip(event, url=lambda session: registers.url("register", session.pk)),
            "confirmed": [row(person) for person in by_status[Status.CONFIRMED]],
            "offered": [row(person) for person in by_status[Status.OFFERED]],
            "line": [row_in_line(person, place) for place, person in enumerate(line, 1)],
            "pending": [row(person) for person in arrived],
            "ended": [row(person) for person in by_status[Status.CANCELLED] + by_status[Status.DECLINED]],
            "unreached": [
                row(person) | {"secondary": undelivered.sentence(failed[str(person.uuid)], person)}
                for person in people
                if str(person.uuid) in failed
            ],
            "history": revisions.history(event),
            "to_prepare": _to_prepare(request.user, event),
            "chosen": answers.chosen(request.user, event),
            "afterwards": follow_ups.of_training(event),
            "joining": programmes.joining(event),
            "public_url": ""
            if event.is_imported or event.state == EventState.DRAFT
            else reverse("oberih_events:detail", kwargs={"code": event.code}),
            "again_url": ""
            if event.is_imported
            else reverse("oberih_events:schedule") + "?" + urlencode({"again": event.uuid}),
            "scheduled": scheduled,
            "over": listing.is_over(event, now),
            "may_decide": "oberih/events/_approve.html" if scheduled else "",
            "register_url": _register_of_today(event, now) if scheduled else "",
            "walk_in_url": registers.url("walk_in", event.uuid) if scheduled else "",
            "headcount_url": "" if event.is_imported else registers.url("headcount", event.uuid),
            "close_url": registers.url("close_event", event.uuid) if scheduled and begun else "",
        },
    )


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


def _taken_of(taken, capacity):
    if capacity is None:
        return ngettext("%(count)s registered", "%(count)s registered", taken) % {"count": localize(taken)}
    return _("%(taken)s of %(seats)s seats") % {"taken": localize(taken), "seats": localize(capacity)}


def _groups(event):
    return [
        {"label": str(group.title), "value": _taken_of(group.taken, group.capacity)}
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
        note = _taken_of(one.taken, one.seats)
        if one.held_until is not None:
            note = _("%(taken)s, until %(day)s") % {"taken": note, "day": when.until(one.held_until, event.tz)}
        address = f"{form}?{urlencode({'for': one.key})}"
        links.append({"label": str(one.organisation), "note": note, "address": address})
    return [{**link, "address": request.build_absolute_uri(link["address"])} for link in links]


def _may_be_photographed(event, people):
    """The keys of the persons among these who agreed to photographs of this event."""
    answers = Consent.objects.standing(Purpose.PHOTO, event.subject_key).filter(
        given=True, person__in={one.participant.root_id for one in people}
    )
    return set(answers.values_list("person", flat=True))


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


def _person_row(person, event, failed, agreed, first=()):
    more = list(first)
    if not person.is_attached:
        more += [str(part) for part in (person.organisation, person.category) if part is not None]
    if person.is_active and person.participant.root_id not in agreed:
        more.append(_("No photographs"))
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
    elif person.is_active and not person.may_attend:
        row |= {"tag": _("No consent of a parent or guardian"), "tag_kind": "error"}
    elif person.is_minor or person.participant.may_be_minor(event.starts_on, event.country):
        row |= {"tag": _("May be under 18"), "tag_kind": "attention"}
    return row


@never_cache
@trainers_only
@require_http_methods(["GET", "POST"])
def person(request, uuid, registration):
    """One registration as staff see it, and what they can decide about it."""
    event, found = _found(request, uuid, registration)
    was_pending = found.status == Status.PENDING
    if request.method == "POST":
        form = DecisionForm(request.POST)
        page = reverse("oberih_events:training", kwargs={"uuid": uuid})
        if form.is_valid() and _decide(request, event, found, form.cleaned_data["do"]):
            others = event.registrations.filter(status=Status.PENDING)
            return redirect(f"{page}#pending" if was_pending and others.exists() else page)
        return redirect(page)
    return _person_page(request, event, found)


def _decide(request, event, found, do):
    """Do it, and say what came of it. Returns whether it was done."""
    told = _("Saved. The person is told.")
    try:
        if do in _PRIORITIES:
            # Who goes before whom is decided by those who hold the training.
            if not trains(request.user, event):
                raise PermissionDenied
            actions.set_priority(registration=found, priority=_PRIORITIES[do], by=request.user)
            told = _("Saved. The person is told when a seat is free.")
        else:
            _DECISIONS[do](registration=found, by=request.user)
    except EventsError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, told)
    return True


@never_cache
@trainers_only
@require_POST
def guardian(request, uuid, registration):
    """What a trainer of the event does about the consent of a parent or guardian."""
    event, found = _found(request, uuid, registration)
    if not trains(request.user, event):
        raise PermissionDenied
    deed = GuardianDeedForm(request.POST)
    if not deed.is_valid():
        return HttpResponse(status=400)
    do = deed.cleaned_data["do"]
    contact = GuardianContactForm(
        request.POST if do == "send" else None, country=event.country, participant=found.participant
    )
    if do == "send" and not contact.is_valid():
        return _person_page(request, event, found, contact=contact)
    try:
        if do == "paper":
            guardians.see_paper(registration=found, by=request.user)
            told = _("Written down: the paper form was seen.")
        elif do == "withdraw":
            guardians.withdraw(registration=found, by=request.user)
            told = _("Written down: they do not agree.")
        else:
            guardians.ask_again(registration=found, by=request.user, guardian=contact.guardian())
            told = _("A new link is on its way. Earlier ones no longer work.")
    except EventsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, told)
    return redirect("oberih_events:person", uuid=uuid, registration=registration)


@never_cache
@trainers_only
@require_POST
def group(request, uuid, registration):
    """Put somebody into another parallel group."""
    _event, found = _found(request, uuid, registration)
    chosen = GroupForm(request.POST, registration=found)
    if not chosen.is_valid():
        return HttpResponse(status=400)
    try:
        actions.change_group(registration=found, group=chosen.cleaned_data["group"], by=request.user)
    except EventsError as error:
        messages.error(request, str(error))
    else:
        if chosen.cleaned_data["group"] != found.group:
            messages.success(request, _("Saved. The person is told."))
    return redirect("oberih_events:person", uuid=uuid, registration=registration)


def _found(request, uuid, registration):
    event = get_object_or_404(Event.objects.for_staff(request.user), uuid=uuid)
    rows = Registration.objects.select_related(
        "participant", "category", "organisation", "event", "group", "allocation__organisation"
    )
    found = get_object_or_404(rows, event=event, uuid=registration)
    need_names(request, event, kind="registration", keys=[found.uuid])
    return event, found


def _person_page(request, event, found, *, contact=None):
    who, contacts = found.participant, found.contacts_for_staff()
    organisation, category = (None, None) if found.is_attached else (found.organisation, found.category)
    held = Confidential.objects.for_trainer(request.user).filter(registration=found).first()
    if held is not None:
        audit.record(request.user, "see", "confidential", [found.uuid])
    asks_guardian = found.is_minor and found.is_active and trains(request.user, event)
    if asks_guardian and contact is None:
        contact = GuardianContactForm(initial=_guardian_of(held), country=event.country, participant=who)
    unreached = undelivered.of([found, *guardians.together(found)]).get(str(found.uuid))
    facts = [
        (_("Status"), found.get_status_display()),
        (_("Name in Latin letters"), who.latin_name),
        (_("E-mail"), contacts.get("email")),
        (_("Phone"), contacts.get("phone")),
        (_("Organisation"), str(organisation or "")),
        (_("What they do"), str(category or "")),
        # Of whoever was registered by a relative the source says that they registered themselves.
        (_("How they registered"), "" if _registered_by(held) else found.get_source_display()),
        (_("Registered by"), _registered_by(held)),
        (_("Group"), str(found.group or "")),
        (_("Seats of"), str(found.allocation.organisation) if found.allocation else ""),
        (_("Registered"), when.moment(found.created_at, event.tz)),
        (_("Parent or guardian"), found.get_guardian_consent_display()),
        (
            _("Photographs"),
            _("Agreed") if who.root_id in _may_be_photographed(event, [found]) else _("No photographs"),
        ),
        (_("To prepare"), held.access_needs if held else ""),
    ]
    return render(
        request,
        "oberih/events/person.html",
        {
            "event": event,
            "registration": found,
            "name": str(who),
            "rows": [{"label": label, "value": value} for label, value in facts if value],
            "answers": answers.rows(request.user, found),
            "may_be_minor": found.is_minor or who.may_be_minor(event.starts_on, event.country),
            "blocked": found.is_active and not found.may_attend,
            "agreed": found.guardian_consent == GuardianConsent.GIVEN,
            "contact": contact if asks_guardian else None,
            "unreached": undelivered.sentence(unreached, found) if unreached else "",
            "groups": GroupForm(registration=found) if found.is_active and _may_change_group(found) else None,
            "pending": found.status == Status.PENDING,
            "may_go_first": found.status == Status.WAITLISTED and trains(request.user, event),
            "goes_first": found.priority > 0,
            "holds_seat": found.status in Status.holding_a_seat(),
            "active": found.is_active and event.state == EventState.SCHEDULED,
        },
        status=400 if contact is not None and contact.is_bound else 200,
    )


def _may_change_group(registration):
    return registration.event.groups.exclude(pk=registration.group_id).exists()


def _registered_by(held):
    """The relative who registered somebody, whose contact is the one above."""
    if held is None or not held.relative_name:
        return ""
    return ", ".join(filter(None, [held.relative_name, held.relative_relation]))


def _guardian_of(held):
    if held is None:
        return {}
    return {
        "name": held.guardian_name,
        "relation": held.guardian_relation,
        "email": held.guardian_email,
        "phone": held.guardian_phone,
    }
