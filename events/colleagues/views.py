"""One event and the people of one organisation: who comes, and who comes instead of somebody who cannot."""

import uuid as uuids

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from events import seats, when
from events.colleagues import reach, registering
from events.colleagues.columns import Reader
from events.colleagues.facts import LOOKS, about, address, of_seats, until
from events.colleagues.forms import PersonForm, ToldForm
from events.colleagues.planning import Fate
from events.exceptions import EventsError
from events.facts import when_and_where
from events.models import RegistrationPolicy, Status
from participants.models import Purpose
from safeguarding import audit, limits


@never_cache
@reach.registered
@require_GET
def event(request, organisation, uuid):
    place = reach.place(request.user, organisation, uuid)
    rows = list(reach.people(request.user, place))
    audit.saw(request, "registration", [row.uuid for row in rows])
    facts = when_and_where(place.event)
    link = ""
    if place.allocation is not None:
        place.allocation.event = place.event
        facts += [{"icon": "people", "text": of_seats(place.allocation)[0]}, until(place.allocation)]
        # Whoever opens it takes one of these seats, see `entrance`.
        path = reverse("oberih_events:register", kwargs={"code": place.event.code})
        link = request.build_absolute_uri(f"{path}?for={place.allocation.key}")
    else:
        facts.append(
            {"icon": "clock", "text": _("Registration until %(moment)s") % {"moment": _until(place.event)}}
        )
    return render(
        request,
        "oberih/events/colleagues_event.html",
        {
            **about(place),
            "facts": facts,
            "closed": place.closed(),
            "link": link,
            "approval": place.event.policy == RegistrationPolicy.APPROVAL,
            "people": [_person(row) for row in rows],
        },
    )


def _until(event):
    return when.until(seats.deadline(event), event.tz)


def _person(row):
    return {
        "name": str(row.participant),
        "group": str(row.group) if row.group_id else "",
        "status": row.get_status_display(),
        "look": LOOKS.get(row.status, "info"),
        "minor": reach.is_shown_young(row),
        "cancel_url": reverse("oberih_events:colleagues_cancel", args=[row.uuid]) if reach.may_end(row) else "",
        "replace_url": reverse("oberih_events:colleagues_replace", args=[row.uuid])
        if reach.may_replace(row)
        else "",
    }


def _mine(request, uuid):
    """A registration that the organisation made, and its place."""
    found = reach.registration(request.user, uuid)
    return found, reach.place(request.user, found.organisation_id, found.event.uuid)


@never_cache
@reach.registered
@require_http_methods(["GET", "POST"])
def cancel(request, uuid):
    """Take back the place of somebody who cannot come."""
    found, place = _mine(request, uuid)
    back = redirect(address(place.organisation, place.event))
    if not found.is_active:
        return back
    if request.method == "POST":
        try:
            registering.cancel(registration=found, by=request.user)
        except EventsError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The registration is cancelled; the person is told."))
        return back
    audit.saw(request, "registration", [found.uuid])
    return render(
        request,
        "oberih/events/colleagues_cancel.html",
        {**about(place), "name": str(found.participant), "is_set_aside": found.allocation_id is not None},
    )


@never_cache
@reach.registered
@require_http_methods(["GET", "POST"])
def replace(request, uuid):
    """Give the place of somebody who cannot come to a colleague."""
    found, place = _mine(request, uuid)
    back = redirect(address(place.organisation, place.event))
    if reason := place.closed() or (
        not reach.may_replace(found) and _("There is no seat any more to be given on.")
    ):
        messages.info(request, reason)
        return back
    posted = request.POST if request.method == "POST" else None
    reader = Reader(place.event, [])
    person = PersonForm(posted, reader=reader)
    told = ToldForm(posted, initial={"language": get_language()}, of_one=True)
    submission = _submission(request)
    if posted is not None and all([person.is_valid(), told.is_valid()]):
        if person.person is None:
            person.add_error("full_name", _("Write the name of who comes instead."))
        elif refusal := limits.refuse(
            request,
            (registering.PEOPLE, request.user.pk),
            (registering.PER_CONTACT, person.person.email or person.person.phone),
        ):
            return refusal
        else:
            try:
                fate = registering.replace(
                    registration=found,
                    place=place,
                    person=person.person,
                    submission=submission,
                    by=request.user,
                    told=told.told(),
                )
            except EventsError as error:
                person.add_error(None, str(error))
            else:
                messages.success(request, _replaced(person.person.full_name, fate))
                return back
    if request.method == "GET":
        audit.saw(request, "registration", [found.uuid])
    return render(
        request,
        "oberih/events/colleagues_replace.html",
        {
            **about(place),
            "name": str(found.participant),
            "keeps_seat": _keeps_seat(found, place),
            "submission": submission,
            "person": person,
            "files": reader.file_names,
            "form": told,
            "register_text": told.asked[Purpose.REGISTER].text,
            "statistics_text": told.asked[Purpose.STATISTICS].text,
        },
        status=400 if posted is not None else 200,
    )


def _submission(request):
    try:
        return uuids.UUID(request.POST.get("submission", ""))
    except ValueError:
        return uuids.uuid4()


def _keeps_seat(registration, place):
    """Whether the seat goes from one to the other before anybody who waits."""
    return (
        place.allocation is not None
        and registration.allocation_id == place.allocation.pk
        and registration.status in Status.holding_a_seat()
        and place.event.policy != RegistrationPolicy.APPROVAL
    )


def _replaced(name, fate):
    said = {
        Fate.SEAT: _("%(name)s has the seat. Both are told."),
        Fate.WAITS: _("%(name)s is on the waiting list. Both are told."),
        Fate.PENDING: _("%(name)s waits for the trainer’s approval. Both are told."),
    }.get(fate, _("%(name)s was registered already. The other place is given back."))
    # Between isolating signs, since a name may run in another direction than the sentence.
    return said % {"name": f"\u2068{name}\u2069"}
