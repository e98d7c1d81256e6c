"""What somebody does with their own registration."""

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events import actions, announcing, calendar, facts, parties, seats, short_links, tickets, when
from events.exceptions import EventsError
from events.models import Confidential, Event, EventState, GuardianConsent, Registration, Status
from events.registration_forms import AnswersForm
from events.registrations import may_change
from participants import identity
from participants.codes import DeliveryMode
from safeguarding import limits
from safeguarding.limits import Limit

# A paper costs more than a page.
PAPERS = Limit("events.ticket.registration", "20/h")
CHANGES = Limit("events.change.registration", "30/h")


@never_cache
@require_GET
def short(request, token):
    """What a link in a text message leads to."""
    if path := short_links.leads_to(token):
        return redirect(path)
    return render(request, "oberih/participants/link_old.html", status=410)


def _mine(request, uuid):
    """A registration of whoever is looking, or of somebody who comes with them and is reached where they are."""
    participant = identity.current(request)
    if participant is None:
        raise Http404
    events = Event.objects.with_times().with_sessions().select_related("course")
    rows = Registration.objects.select_related("participant", "group").prefetch_related(
        Prefetch("event", queryset=events)
    )
    found = get_object_or_404(rows.filter(participant__erased_at=None), uuid=uuid)
    own = Registration.objects.of(participant).filter(Q(pk=found.pk) | Q(party=found.party, party__isnull=False))
    mine = list(own.select_related("participant"))
    if any(one.pk == found.pk for one in mine):
        return found
    if any(parties.is_reached_with(found, one) for one in mine):
        return found
    raise Http404


@never_cache
@require_GET
def registration(request, uuid):
    mine = _mine(request, uuid)
    event = mine.event
    now = timezone.now()
    begun = seats.has_started(event, now)
    confirmed = mine.status == Status.CONFIRMED
    together = parties.others(mine)
    return render(
        request,
        "oberih/events/registration.html",
        {
            **facts.about(event),
            "registration": mine,
            "sessions": facts.sessions_strip(event, of=mine),
            "zone": when.zone(event),
            "venues": facts.venues(event),
            "state": facts.state(mine.status),
            "position": seats.position(mine) if mine.status == Status.WAITLISTED else None,
            "expires": when.moment(mine.offer_expires_at, event.tz) if mine.offer_expires_at else "",
            "confirmed": confirmed,
            "has_ticket": confirmed and event.mode != DeliveryMode.ONLINE,
            "guardian": _guardian(mine) if mine.is_active else None,
            "course": facts.course_page(event) if confirmed else None,
            "online_link": event.online_link if confirmed else "",
            "may_cancel": mine.is_active and not begun,
            "cancel_until": when.moment(event.first_start, event.tz) if event.first_start else "",
            "may_register_again": mine.status == Status.CANCELLED
            and event.state == EventState.SCHEDULED
            and not begun,
            "may_change": may_change(mine, now),
            "asks": _asks(event),
            "change_until": when.until(seats.deadline(event), event.tz),
            "announcements": [_announcement(one, event) for one in announcing.read_by(mine)],
            "together": [_row(one) for one in together],
            "offered_together": any(one.status == Status.OFFERED for one in together),
            "tickets_of_all": confirmed and any(one.status == Status.CONFIRMED for one in together),
        },
    )


def _asks(event):
    """Whether the event asks something of its own. What is to be prepared can be said at every event."""
    return event.questions.exists() or event.groups.exists()


def _announcement(one, event):
    """What the organisers wrote, in the reader's language where it is written in that."""
    words, language = announcing.words(one, get_language())
    return {"at": when.moment(one.sent_at, event.tz), "words": words, "language": language}


def _row(one):
    """Somebody who comes with the person, as a row of people shows them."""
    state = facts.state(one.status)
    return {
        "name": str(one.participant),
        "url": reverse("oberih_events:registration", kwargs={"uuid": one.uuid}),
        "tag": one.get_status_display(),
        "tag_kind": state["kind"],
    }


def _guardian(registration):
    """What is said about the answer of a parent or guardian; None where nothing stands in the way."""
    consent = registration.guardian_consent
    if consent not in {GuardianConsent.MISSING, GuardianConsent.REFUSED}:
        return None
    title = _("Your parent or guardian has to agree")
    if consent == GuardianConsent.REFUSED:
        text = _("They did not agree. Your place is kept, but you cannot take part as it stands.")
    elif Confidential.objects.filter(registration=registration).exclude(relative_name="").exists():
        # The page is read by the one who registered the child and has to answer.
        title = _("You have to agree as parent or guardian")
        text = _("We ask you in a message of its own. Without your answer, whoever is under age cannot take part.")
    else:
        text = _("Without their answer you cannot take part. Remind them of our message.")
    return {"title": title, "text": text}


@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request, uuid):
    mine = _mine(request, uuid)
    if request.method == "POST":
        try:
            actions.cancel_registration(registration=mine)
        except EventsError as error:
            messages.error(request, str(error))
        return redirect("oberih_events:registration", uuid=uuid)
    if not mine.is_active:
        return redirect("oberih_events:registration", uuid=uuid)
    return render(
        request,
        "oberih/events/cancel.html",
        {
            "registration": mine,
            **facts.about(mine.event),
            "together": any(one.is_active for one in parties.others(mine)),
        },
    )


@require_POST
def accept(request, uuid):
    mine = _mine(request, uuid)
    try:
        actions.accept_offer(registration=mine)
    except EventsError as error:
        messages.error(request, str(error))
    return redirect("oberih_events:registration", uuid=uuid)


@never_cache
@require_GET
def calendar_file(request, uuid):
    mine = _mine(request, uuid)
    if mine.confirmed_at is None:
        raise Http404
    return HttpResponse(
        calendar.published(mine),
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"Content-Disposition": 'attachment; filename="calendar.ics"'},
    )


@never_cache
@require_GET
def ticket(request, uuid, kind):
    """The ticket as a QR code. An address of its own, since the content policy refuses images written into a page."""
    mine = _mine(request, uuid)
    if mine.status != Status.CONFIRMED:
        raise Http404
    if kind == "svg":
        return HttpResponse(tickets.svg(mine), content_type="image/svg+xml")
    return HttpResponse(
        tickets.png(mine),
        content_type="image/png",
        headers={"Content-Disposition": 'attachment; filename="ticket.png"'},
    )


@never_cache
@require_GET
def tickets_file(request, uuid):
    """The tickets on paper: that of the person, and of those with a seat who come with them."""
    mine = _mine(request, uuid)
    if mine.status != Status.CONFIRMED:
        raise Http404
    if refusal := limits.refuse(request, (PAPERS, str(mine.uuid))):
        return refusal
    seated = [mine, *(one for one in parties.others(mine) if one.status == Status.CONFIRMED)]
    for one in seated:
        one.event = mine.event
    return HttpResponse(
        tickets.pdf(seated, get_language()),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="ticket.pdf"'},
    )


@never_cache
@require_http_methods(["GET", "POST"])
def change(request, uuid):
    """The person changes what they answered, as long as registration goes on."""
    mine = _mine(request, uuid)
    event = mine.event
    if not may_change(mine, timezone.now()) and request.method == "GET":
        return redirect("oberih_events:registration", uuid=uuid)
    given = {
        "event": event,
        "groups": seats.groups(event),
        "questions": list(event.questions.all()),
        "answers": list(mine.answers.all()),
    }
    if request.method == "POST":
        form = AnswersForm(request.POST, request.FILES, **given)
    else:
        held = Confidential.objects.filter(registration=mine).first()
        initial = {"group": mine.group, "access_needs": held.access_needs if held else ""}
        form = AnswersForm(initial=initial, **given)
    if form.is_bound and form.is_valid():
        if refusal := limits.refuse(request, (CHANGES, str(mine.uuid))):
            return refusal
        try:
            actions.change_answers(
                registration=mine,
                group=form.cleaned_data.get("group"),
                replies=form.replies(),
                access_needs=form.cleaned_data["access_needs"],
            )
        except EventsError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your answers are saved."))
            return redirect("oberih_events:registration", uuid=uuid)
    if form.is_bound:
        form.lose_files()
    return render(
        request,
        "oberih/events/change.html",
        {
            **facts.about(event),
            "registration": mine,
            "asks": _asks(event),
            "form": form,
            "change_until": when.until(seats.deadline(event), event.tz),
        },
        status=400 if form.is_bound else 200,
    )
