from dataclasses import dataclass

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from attendance import actions
from attendance.exceptions import AttendanceError, GuardianConsentError
from attendance.forms import (
    CorrectionForm,
    MarkForm,
)
from attendance.models import Attendance, MarkSource, MarkStatus, Register
from events.models import Event, EventState, Registration, Session
from events.staff.access import need_names
from participants.names import latin
from safeguarding import limits
from safeguarding.limits import Limit
from safeguarding.rights import right_required

staff = right_required("oberih_attendance.take_register")

# By the user who marks, whatever their address: a fast hand with a full hall in front of it makes two a second.
MARKS = Limit("attendance.mark.user", "300/m")

LOOKS = {
    MarkStatus.PRESENT: ("check", "success"),
    MarkStatus.LATE: ("clock", "attention"),
    MarkStatus.EXCUSED: ("mail", "info"),
    MarkStatus.ABSENT: ("cross", "error"),
}
UNMARKED = gettext_lazy("No mark yet")


@dataclass(frozen=True)
class Row:
    """One person in a register, ready to be drawn."""

    registration: Registration
    more: str
    minor: bool
    blocked: bool
    status: str
    action: str
    correction: str

    @property
    def choices(self):
        return [
            {
                "value": status.value,
                "label": status.label,
                "icon": LOOKS[status][0],
                "pressed": status == self.status,
            }
            for status in MarkStatus
        ]

    @property
    def tag(self):
        if not self.status:
            return {"label": UNMARKED, "kind": "neutral", "icon": ""}
        status = MarkStatus(self.status)
        return {"label": status.label, "kind": LOOKS[status][1], "icon": LOOKS[status][0]}


def _row(session, registration, status):
    person = registration.participant
    more = [registration.organisation, registration.category]
    return Row(
        registration=registration,
        more=" · ".join(str(one) for one in more if one is not None),
        minor=registration.is_minor or person.may_be_minor(session.date, session.event.country),
        blocked=not registration.may_attend,
        status=status or "",
        action=reverse("oberih_attendance:mark", args=[session.pk, registration.uuid]),
        correction=reverse("oberih_attendance:correct", args=[session.pk, registration.uuid]),
    )


def _confirmed(session):
    return actions.listed(session).select_related("participant", "organisation", "category")


def _rows(session):
    status = dict(Attendance.objects.filter(session=session).values_list("registration_id", "status"))
    people = sorted(_confirmed(session), key=lambda one: latin(one.participant.full_name).casefold())
    return [_row(session, one, status.get(one.pk)) for one in people]


def _counts(session, statuses=None):
    """The line above a register: how many are there, and how many of every other kind."""
    if statuses is None:
        found = dict(Attendance.objects.filter(session=session).values_list("registration_id", "status"))
        people = _confirmed(session).values_list("pk", flat=True)
        statuses = [found.get(pk, "") for pk in people]
    total = len(statuses)
    there = sum(status in MarkStatus.attended() for status in statuses)
    others = [
        {"label": label, "value": statuses.count(status)}
        for status, label in [
            (MarkStatus.LATE, _("of them late")),
            (MarkStatus.EXCUSED, _("excused")),
            (MarkStatus.ABSENT, _("absent")),
            ("", _("without a mark")),
        ]
    ]
    return {
        "there": there,
        "total": total,
        "unmarked": statuses.count(""),
        "text": ngettext("%(there)s of %(total)s present", "%(there)s of %(total)s present", there)
        % {"there": there, "total": total},
        "others": [one for one in others if one["value"]],
    }


def _session(request, pk):
    """The session, whose register is names: they are asked for here, so that no view of it can forget to."""
    found = get_object_or_404(
        Session.objects.select_related("event"), pk=pk, event__in=Event.objects.for_staff(request.user)
    )
    need_names(request, found.event)
    return found


def _is_htmx(request):
    return request.headers.get("HX-Request") == "true"


def back_to_register(session, registration=None):
    url = reverse("oberih_attendance:register", args=[session.pk])
    return redirect(f"{url}#p-{registration.pk}" if registration else url)


@staff
def register(request, session):
    session = _session(request, session)
    event = session.event
    sessions = list(event.sessions.select_related("venue", "group").annotate(closed_at=F("register__closed_at")))
    rows = _rows(session)
    closed = event.state == EventState.CLOSED or any(
        one.pk == session.pk and one.closed_at is not None for one in sessions
    )
    return render(
        request,
        "oberih/attendance/register.html",
        {
            "event": event,
            "session": next(one for one in sessions if one.pk == session.pk),
            "sessions": [
                {
                    "pk": one.pk,
                    "session": one,
                    "url": reverse("oberih_attendance:register", args=[one.pk]),
                    "closed": one.closed_at is not None,
                }
                for one in sessions
            ],
            "rows": rows,
            "counts": _counts(session, [row.status for row in rows]),
            "closed": closed,
            "held": event.state not in {EventState.DRAFT, EventState.CANCELLED},
            "on": event.state == EventState.SCHEDULED,
        },
    )


def _too_fast(request):
    refusal = limits.refuse(request, (MARKS, request.user.pk))
    if refusal is None or not _is_htmx(request):
        return refusal
    # The page would not be shown, and the row would look as if it had been marked.
    messages.error(request, _("Very many marks came in a short time. The last one was not saved; wait a minute."))
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


def _not_marked(request, session, registration, error, status):
    if isinstance(error, GuardianConsentError):
        # Where it can be said why; htmx would put that page into the row.
        where = reverse("oberih_attendance:correct", args=[session.pk, registration.uuid])
        where = f"{where}?{urlencode({'status': status})}"
        return HttpResponse(status=204, headers={"HX-Redirect": where}) if _is_htmx(request) else redirect(where)
    if _is_htmx(request):
        # The register was closed elsewhere meanwhile: the whole page is out of date.
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return back_to_register(session)


@staff
@require_POST
def mark(request, session, registration):
    session = _session(request, session)
    registration = get_object_or_404(_confirmed(session), uuid=registration)
    if refusal := _too_fast(request):
        return refusal
    form = MarkForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    try:
        actions.mark(
            session=session,
            registration=registration,
            status=form.cleaned_data["status"],
            by=request.user,
            source=MarkSource.TRAINER,
        )
    except AttendanceError as error:
        messages.error(request, str(error))
        return _not_marked(request, session, registration, error, form.cleaned_data["status"])
    if not _is_htmx(request):
        return back_to_register(session, registration)
    status = Attendance.objects.filter(session=session, registration=registration).values_list("status", flat=True)
    return render(
        request,
        "oberih/attendance/_marked.html",
        {"row": _row(session, registration, status.first()), "counts": _counts(session)},
    )


@staff
def correct(request, session, registration):
    """A change after closing, or somebody let in without the consent of a parent or guardian: what it is, and why."""
    session = _session(request, session)
    registration = get_object_or_404(_confirmed(session), uuid=registration)
    status = Attendance.objects.filter(session=session, registration=registration).values_list("status", flat=True)
    if request.method == "POST":
        form = CorrectionForm(request.POST, registration=registration)
        if form.is_valid():
            try:
                actions.mark(
                    session=session,
                    registration=registration,
                    status=form.cleaned_data["status"],
                    reason=form.cleaned_data["reason"],
                    override=form.override,
                    by=request.user,
                    source=MarkSource.TRAINER,
                )
            except AttendanceError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The register is corrected."))
                return back_to_register(session, registration)
    else:
        wanted = MarkForm(request.GET)
        initial = wanted.cleaned_data["status"] if wanted.is_valid() else status.first()
        form = CorrectionForm(initial={"status": initial}, registration=registration)
    marks = registration.marks.filter(session=session).select_related("author").order_by("received_at", "pk")
    return render(
        request,
        "oberih/attendance/correct.html",
        {
            "event": session.event,
            "session": session,
            "person": registration.participant,
            "form": form,
            "marks": marks,
            "blocked": not registration.may_attend,
            "back": f"{reverse('oberih_attendance:register', args=[session.pk])}#p-{registration.pk}",
        },
    )


@staff
@require_POST
def all_present(request, session):
    session = _session(request, session)
    try:
        marked = actions.mark_all_present(session=session, by=request.user)
        left_out = actions.left_out(session)
    except AttendanceError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            ngettext("%(n)s person was marked present.", "%(n)s people were marked present.", marked)
            % {"n": marked},
        )
        if left_out:
            messages.warning(
                request,
                ngettext(
                    "%(n)s person was left out: no parent or guardian has agreed.",
                    "%(n)s people were left out: no parent or guardian has agreed.",
                    left_out,
                )
                % {"n": left_out},
            )
    return back_to_register(session)


@staff
def close(request, session):
    session = _session(request, session)
    if request.method == "POST":
        try:
            actions.close_register(session=session, by=request.user)
        except AttendanceError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The register is closed."))
        return back_to_register(session)
    others_open = (
        session.event.sessions.exclude(pk=session.pk)
        .exclude(pk__in=Register.objects.filter(closed_at__isnull=False).values("session_id"))
        .count()
    )
    return render(
        request,
        "oberih/attendance/close.html",
        {
            "event": session.event,
            "session": session,
            "counts": _counts(session),
            "others_open": others_open,
            "back": reverse("oberih_attendance:register", args=[session.pk]),
        },
    )
