"""What is counted of an event as a whole: people who walk in, headcounts, and its closing."""

import uuid as uuids

from django.contrib import messages
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance import actions
from attendance.exceptions import AttendanceError
from attendance.forms import (
    CloseEventForm,
    HeadcountForm,
    HeadcountParts,
    WalkInForm,
)
from attendance.models import Attendance, Headcount, MarkStatus
from attendance.views import back_to_register
from events.exceptions import EventsError
from events.models import CountBasis, Event, EventState
from participants.codes import Unit
from safeguarding.rights import right_required

staff = right_required("oberih_attendance.take_register")


def _event(request, uuid):
    return get_object_or_404(Event.objects.for_staff(request.user), uuid=uuid)


@staff
def walk_in(request, event):
    """Somebody came without registering. `?session=` names the register in which they are marked present."""
    event = _event(request, event)
    session = None
    if (key := request.GET.get("session", "")).isdecimal():
        session = event.sessions.select_related("event").filter(pk=key).first()
    form = WalkInForm(
        request.POST if request.method == "POST" else None,
        initial={"submission": uuids.uuid4()},
        event=event,
        session=session,
    )
    if form.is_bound and form.is_valid():
        try:
            registration = actions.add_walk_in(
                event=event,
                by=request.user,
                person=form.person(),
                session=session,
                submission=form.cleaned_data["submission"],
                saw_paper=form.cleaned_data["saw_paper"],
                override=form.cleaned_data.get("override", ""),
            )
        except (AttendanceError, EventsError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(name)s is on the list.") % {"name": form.cleaned_data["full_name"]})
            if session is not None:
                return back_to_register(session, registration)
            return redirect(request.get_full_path())
    return render(
        request,
        "oberih/attendance/walk_in.html",
        {
            "event": event,
            "session": session,
            "form": form,
            "back": reverse("oberih_attendance:register", args=[session.pk]) if session else "",
        },
    )


@staff
def headcount(request, event):
    event = _event(request, event)
    entered = list(Headcount.objects.filter(event=event, unit=Unit.PERSONS))
    total = next((one for one in entered if one.part_of_id is None), None)
    parts = [
        {"sex": one.sex, "age_band": one.age_band, "category": one.category_id, "value": one.value}
        for one in entered
        if one.part_of_id == event.pk
    ]
    if request.method == "POST":
        form = HeadcountForm(request.POST)
        formset = HeadcountParts(request.POST, prefix="part")
        if "more" in request.POST:
            return _headcount_page(request, event, *_longer(request.POST))
        if form.is_valid() and formset.is_valid():
            filled = [part for part in formset.cleaned_data if part and part["value"] is not None]
            method = form.cleaned_data["method"]
            qualifier = form.cleaned_data["qualifier"]
            rows = [
                actions.Count(**form.cleaned_data),
                *(actions.Count(method=method, qualifier=qualifier, **part) for part in filled),
            ]
            try:
                actions.enter_headcount(event=event, by=request.user, rows=rows)
            except AttendanceError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The headcount is saved."))
                return redirect(_asked_from(request, event))
    else:
        form = HeadcountForm(instance=total)
        formset = HeadcountParts(initial=parts, prefix="part")
    return _headcount_page(request, event, form, formset)


def _longer(posted):
    """The same forms with three more lines and all that was typed, unchecked."""
    typed = posted.copy()
    lines = typed.get("part-TOTAL_FORMS", "0")
    typed["part-TOTAL_FORMS"] = str(min(int(lines) if lines.isdecimal() else 0, 57) + 3)
    form = HeadcountForm(initial={name: typed.get(name) for name in HeadcountForm.Meta.fields})
    initial = [
        {name: typed.get(f"part-{i}-{name}", "") for name in ("sex", "age_band", "category", "value")}
        for i in range(int(typed["part-TOTAL_FORMS"]) - 3)
    ]
    return form, HeadcountParts(initial=initial, prefix="part")


def _asked_from(request, event):
    """The page that led to the headcount: where the event is closed, otherwise that of the event."""
    is_closing = request.GET.get("from") == "closing"
    return reverse("oberih_attendance:close_event" if is_closing else "oberih_events:training", args=[event.uuid])


def _headcount_page(request, event, form, formset):
    return render(
        request,
        "oberih/attendance/headcount.html",
        {"event": event, "form": form, "formset": formset, "back": _asked_from(request, event)},
    )


@staff
def close_event(request, event):
    event = _event(request, event)
    basis = actions.basis_of(event)
    form = CloseEventForm(request.POST) if request.method == "POST" and basis is None else CloseEventForm()
    if request.method == "POST" and (basis is not None or form.is_valid()):
        try:
            actions.close_event(
                event=event, by=request.user, reason=form.cleaned_data["reason"] if basis is None else ""
            )
        except (AttendanceError, EventsError) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The event is closed."))
        return redirect(request.get_full_path())
    sessions = list(event.sessions.select_related("group").annotate(closed_at=F("register__closed_at")))
    now = timezone.now()
    people = (
        Attendance.objects.filter(session__event=event, status__in=MarkStatus.attended())
        .values("registration_id")
        .distinct()
        .count()
    )
    return render(
        request,
        "oberih/attendance/close_event.html",
        {
            "event": event,
            "basis": basis,
            "is_closed": event.state == EventState.CLOSED,
            "by_headcount": basis == CountBasis.HEADCOUNT,
            "people": people,
            "to_come": _to_come(sum(one.starts_at > now for one in sessions)),
            "total": Headcount.objects.filter(event=event, unit=Unit.PERSONS, part_of=None).first(),
            "sessions": [
                {
                    "session": one,
                    "url": reverse("oberih_attendance:register", args=[one.pk]),
                    "closed": one.closed_at is not None,
                }
                for one in sessions
            ],
            "form": form,
        },
    )


def _to_come(count):
    """That it is early to close the event: sessions of it have not begun."""
    if not count:
        return ""
    return ngettext(
        "%(count)s session is still to come. Close the event afterwards: whoever comes then could be marked only with a reason.",
        "%(count)s sessions are still to come. Close the event afterwards: whoever comes then could be marked only with a reason.",
        count,
    ) % {"count": localize(count)}
