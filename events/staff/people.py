"""Somebody at a training as its staff see them, and what is decided about them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from events import actions, guardians, when
from events.exceptions import EventsError
from events.models import Confidential, Event, EventState, GuardianConsent, Registration, Status
from events.staff import answers, undelivered
from events.staff.access import need_names, trainers_only, trains
from events.staff.person_forms import DecisionForm, GroupForm, GuardianContactForm, GuardianDeedForm
from participants.models import Consent, Purpose
from safeguarding import audit

_DECISIONS = {
    "approve": actions.approve,
    "decline": actions.decline,
    "cancel": actions.cancel_registration,
}
_PRIORITIES = {"first": 1, "in_line": 0}


@never_cache
@trainers_only
@require_http_methods(["GET", "POST"])
def person(request, uuid, registration):
    """One registration as staff see it, and what they can decide about it."""
    event, found = _found(request, uuid, registration)
    was_pending = found.status == Status.PENDING
    if request.method == "POST":
        form = DecisionForm(request.POST)
        if form.has_error("reason"):
            return _person_page(request, event, found, decision=form)
        page = reverse("oberih_events:training", kwargs={"uuid": uuid})
        if form.is_valid() and _decide(request, event, found, **form.cleaned_data):
            others = event.registrations.filter(status=Status.PENDING)
            return redirect(f"{page}#pending" if was_pending and others.exists() else page)
        return redirect(page)
    return _person_page(request, event, found)


def _decide(request, event, found, do, reason):
    """Do it, with the `reason` of whoever declines, and say what came of it. Returns whether it was done."""
    told = _("Saved. The person is told.")
    try:
        if do in _PRIORITIES:
            # Who goes before whom is decided by those who hold the training.
            if not trains(request.user, event):
                raise PermissionDenied
            actions.set_priority(registration=found, priority=_PRIORITIES[do], by=request.user)
            told = _("Saved. The person is told when a seat is free.")
        else:
            said = {"reason": reason} if do == "decline" else {}
            _DECISIONS[do](registration=found, by=request.user, **said)
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


def _person_page(request, event, found, *, contact=None, decision=None):
    who, contacts = found.participant, found.contacts_for_staff()
    organisation, category = found.belongs_to
    held = Confidential.objects.for_trainer(request.user).filter(registration=found).first()
    if held is not None:
        audit.record(request.user, "see", "confidential", [found.uuid])
    asks_guardian = found.is_minor and found.is_active and trains(request.user, event)
    if asks_guardian and contact is None:
        contact = GuardianContactForm(initial=_guardian_of(held), country=event.country, participant=who)
    unreached = undelivered.of([found, *guardians.together(found)]).get(str(found.uuid))
    facts = [
        (_("Status"), found.get_status_display()),
        (_("Why it was declined"), found.declined_reason),
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
            _("Agreed") if who.root_id in may_be_photographed(event, [found]) else _("No photographs"),
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
            "decision": decision or DecisionForm(),
            "may_go_first": found.status == Status.WAITLISTED and trains(request.user, event),
            "goes_first": found.priority > 0,
            "holds_seat": found.status in Status.holding_a_seat(),
            "active": found.is_active and event.state == EventState.SCHEDULED,
        },
        status=400 if any(form is not None and form.is_bound for form in (contact, decision)) else 200,
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


def concern(person, event):
    """What whoever holds the training has to know of somebody who may be a minor, and the kind of its tag; "" twice else."""
    if person.is_active and not person.may_attend:
        return _("No consent of a parent or guardian"), "error"
    if person.is_minor or person.participant.may_be_minor(event.starts_on, event.country):
        return _("May be under 18"), "attention"
    return "", ""


def may_be_photographed(event, people):
    """The keys of the persons among these who agreed to photographs of this event."""
    answers = Consent.objects.standing(Purpose.PHOTO, event.subject_key).filter(
        given=True, person__in={one.participant.root_id for one in people}
    )
    return set(answers.values_list("person", flat=True))
