import hashlib
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from certificates import actions, snapshots
from certificates.exceptions import CertificateError
from certificates.forms import FileForm, NameForm, NumberForm
from certificates.models import Certificate, CertificateState
from events.models import Event, Registration
from events.staff.access import trains
from participants import identity
from participants.models import Participant
from participants.names import fold
from safeguarding import audit, client, limits, reasons
from safeguarding.limits import Limit
from safeguarding.rights import may, right_required
from safeguarding.roles import held_back

# Only what was wrong is counted, so that a hall in which everybody checks their own certificate is never stopped.
WRONG_BY_CLIENT = Limit("certificates.wrong.client", "100/h")
WRONG_NAMES = Limit("certificates.wrong.name", "20/h")
# For guesses that come from everywhere at once. The code on a certificate still leads to its page meanwhile.
WRONG_NUMBERS = Limit("certificates.wrong.number", "3000/h")

LOOKS = {
    CertificateState.ISSUED: ("success", "check"),
    CertificateState.PENDING: ("info", "clock"),
    CertificateState.REPLACED: ("attention", "alert"),
    CertificateState.REVOKED: ("error", "cross"),
}


def _unlisted(view):
    """An answer about one person's certificate: for no search engine, no cache and no other site's log."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "private, no-store"
        # With "no-referrer" browsers send "Origin: null" with the forms of this page, and Django refuses them.
        response["Referrer-Policy"] = "same-origin"
        return response

    return guarded


def short(request, token):
    """The address in the QR code: on to the page in the reader's language. Unknown tokens are told there, not here."""
    return redirect("oberih_certificates:verify", token=token)


@_unlisted
def verify(request, token):
    """Is this certificate genuine? Without an account; the name is shown only to whoever knows it already."""
    here = (WRONG_BY_CLIENT, client.address(request))
    certificate = Certificate.objects.select_related("participant", "event").filter(token=token).first()
    if certificate is None:
        limits.note(here)
        return render(request, "oberih/certificates/unknown.html", status=404)
    own = _owns(request, certificate)
    name_form, file_form, told = NameForm(), FileForm(), ""
    counted = [here, (WRONG_NAMES, certificate.pk)]
    if request.method == "POST" and (refusal := limits.refuse(request, *counted, count=False)):
        return refusal
    if request.method == "POST" and "name" in request.POST:
        name_form = NameForm(request.POST)
        if name_form.is_valid():
            told = "name" if _is_name(certificate, name_form.cleaned_data["name"]) else "other_name"
            if told == "other_name":
                limits.note(*counted)
    elif request.method == "POST":
        file_form = FileForm(request.POST, request.FILES)
        if file_form.is_valid():
            told = "file" if _digest(file_form) == certificate.pdf_sha256 else "other_file"
    return render(
        request,
        "oberih/certificates/verify.html",
        {
            "certificate": certificate,
            "look": _look(certificate),
            "facts": _facts(certificate),
            "name": certificate.snapshot.get("name", "") if own or told in {"name", "file"} else "",
            "masked": "" if _may_be_young(certificate) else masked(certificate.snapshot.get("name", "")),
            "told": told,
            "own": own,
            "name_form": name_form,
            "file_form": file_form,
        },
    )


@_unlisted
def verify_form(request):
    """For those who have a number or a file and no QR code."""
    number_form, file_form, unknown = NumberForm(), FileForm(), ""
    counted = [(WRONG_BY_CLIENT, client.address(request)), (WRONG_NUMBERS, "everybody")]
    if request.method == "POST" and (refusal := limits.refuse(request, *counted, count=False)):
        return refusal
    if request.method == "POST" and "number" in request.POST:
        number_form = NumberForm(request.POST)
        if number_form.is_valid():
            number = number_form.cleaned_data["number"]
            token = Certificate.objects.filter(number=number).values_list("token", flat=True).first()
            if token is not None:
                return redirect("oberih_certificates:verify", token=token)
            limits.note(*counted)
            number_form.add_error("number", _("We have issued no certificate with this number."))
    elif request.method == "POST":
        file_form = FileForm(request.POST, request.FILES)
        if file_form.is_valid():
            token = (
                Certificate.objects.filter(pdf_sha256=_digest(file_form)).values_list("token", flat=True).first()
            )
            if token is not None:
                messages.success(request, _("This file is unchanged: it is the one that we issued."))
                return redirect("oberih_certificates:verify", token=token)
            limits.note(*counted)
            unknown = "file"
    return render(
        request,
        "oberih/certificates/verify_form.html",
        {"number_form": number_form, "file_form": file_form, "unknown": unknown},
    )


@reasons.asking
@require_GET
def download(request, uuid):
    """The PDF, for its owner and for staff of the activity. For everybody else it does not exist."""
    certificate = get_object_or_404(
        Certificate.objects.select_related("participant"), uuid=uuid, state=CertificateState.ISSUED
    )
    if not _owns(request, certificate):
        if not _is_staff_of(request.user, certificate):
            raise Http404
        if (response := held_back(request)) is not None:
            return response
        reason = _reason(request, certificate)
        audit.record(request.user, "download", "certificate", [certificate.number], reason=reason)
    try:
        pdf = actions.paper(certificate)
    except CertificateError as error:
        messages.error(request, str(error))
        return redirect("oberih_certificates:verify", token=certificate.token)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="certificate-{certificate.number}.pdf"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


@right_required("oberih_certificates.handle_certificate")
def attention(request):
    """Certificates that could not be issued however often it was tried."""
    certificates = list(
        Certificate.objects.for_staff(request.user).given_up().select_related("participant", "event", "course")
    )
    held = set(Event.objects.trained_by(request.user).values_list("pk", flat=True))
    return render(
        request,
        "oberih/certificates/attention.html",
        # By name to the event's own trainers, who know the person; by number to everybody else.
        {"rows": [{"certificate": one, "named": one.event_id in held} for one in certificates]},
    )


@right_required("oberih_certificates.handle_certificate")
@require_POST
def retry(request, uuid):
    certificate = get_object_or_404(Certificate.objects.for_staff(request.user), uuid=uuid)
    try:
        actions.retry(certificate=certificate, by=request.user)
    except CertificateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The certificate is being issued again."))
    return redirect("oberih_certificates:attention")


def masked(name):
    """The first letter of each part: enough to recognise one's own paper, too little to look somebody up."""
    return " ".join(f"{part[0]}…" for part in name.split())


def _may_be_young(certificate):
    """Whether it is of somebody who is under age, or was at any event: of them not even the first letters are shown."""
    country = certificate.event.country if certificate.event else ""
    # Any row of the person may know it, whichever the certificate hangs on.
    rows = Participant.objects.same_as(certificate.participant)
    if any(row.may_be_minor(timezone.localdate(), country) for row in rows):
        return True
    return Registration.objects.filter(participant__in=rows).exclude(guardian_consent="").exists()


def _owns(request, certificate):
    participant = identity.current(request)
    if participant is None:
        return False
    return Participant.objects.seen_by(participant).filter(pk=certificate.participant_id).exists()


def _is_staff_of(user, certificate):
    if not may(user, "oberih_certificates.handle_certificate"):
        return False
    return Certificate.objects.for_staff(user).filter(pk=certificate.pk).exists()


def _reason(request, certificate):
    """Why staff open somebody's paper: asked of whoever does not hold the event themselves."""
    if certificate.event is not None and trains(request.user, certificate.event):
        return ""
    return reasons.need(request, f"certificate:{certificate.number}", certificate.number)


def _is_name(certificate, typed):
    printed = {fold(certificate.snapshot.get(field, "")) for field in ("name", "latin_name")} - {""}
    return fold(typed) in printed


def _digest(form):
    return hashlib.sha256(form.cleaned_data["file"].read()).hexdigest()


def _look(certificate):
    kind, icon = LOOKS[certificate.state]
    return {"kind": kind, "icon": icon}


def _facts(certificate):
    """What the paper says, in the reader's language as far as it is no name or title; nothing after an erasure."""
    said = certificate.snapshot
    facts = []
    if said:
        first, last = parse_date(said["starts_on"]), parse_date(said["ends_on"])
        facts = [
            ("calendar", _("Held") if certificate.event_id else _("Learned"), snapshots.period(first, last)),
            ("place", _("Place"), said.get("place", "")),
            ("clock", _("Duration"), snapshots.duration(said["minutes"]) if said.get("minutes") else ""),
            ("people", _("Together with"), ", ".join(said.get("organisers", []))),
            ("certificate", _("Issued by"), said["issuer"]),
            ("check", _("Issued on"), snapshots.period(*[parse_date(said["issued_on"])] * 2)),
        ]
    facts.append(("lock", pgettext("of a certificate", "Number"), certificate.number))
    return [{"icon": icon, "label": label, "text": text} for icon, label, text in facts if text]
