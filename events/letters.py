"""What all messages about a registration have in common: who is told, where and when it is, papers, the way to its page."""

import logging
from urllib.parse import quote

from django.urls import reverse
from django.utils.text import Truncator

from events import calendar, naming, parties, short_links, tickets, when
from events.models import GuardianConsent, Naming, Registration, Status
from notifications import conf as notifications
from notifications import registry
from notifications.models import MessageChannel
from participants.codes import DeliveryMode
from participants.identity import link_token
from safeguarding.templatetags.oberih_safeguarding import for_reader

logger = logging.getLogger(__name__)

# A mail with more pictures than these is heavy on a telephone's line; the PDF has all tickets.
_MOST_PICTURES = 6
# Nothing to see, and as long as what locked screens and lists of messages show after a subject.
_FILL = "\u034f\u200c\u00a0" * 90
# In text messages.
LONGEST_NAME = 20


def personal_link(registration, channel):
    """The address that opens the registration's page for its owner and nobody else."""
    if channel == MessageChannel.SMS:
        return notifications.site_url() + short_links.to_registration(registration)
    token = link_token(registration.participant, "email")
    enter = reverse("oberih_participants:enter", kwargs={"token": token})
    page = reverse("oberih_events:registration", kwargs={"uuid": registration.uuid})
    return f"{notifications.site_url()}{enter}?to={quote(page)}"


def registration_of(message):
    """The registration that a message is about, with what its text says of it; None once the person is erased."""
    rows = Registration.objects.select_related("event__course", "participant", "group", "confidential")
    whole = rows.prefetch_related("event__venues__area", "event__areas", "event__sessions__venue")
    return whole.filter(uuid=message.subject_key, participant__erased_at=None).first()


def _together(registration):
    """The registration and those who come with it, are reached there and stand alike: one message tells of all of them."""
    if registration.party is None:
        return [registration]
    rows = registration.event.registrations.filter(
        party=registration.party, status=registration.status, ended_at=registration.ended_at
    )
    rows = rows.select_related("participant", "group").order_by("pk")
    found = [one for one in rows if one.pk == registration.pk or parties.is_reached_with(one, registration)]
    for one in found:
        # With the sessions and venues that are read already.
        one.event = registration.event
    return found


def text(
    message,
    registration,
    subject,
    template,
    *,
    action,
    action_of_all="",
    invite=False,
    gone=None,
    show_tickets=False,
    on_paper=False,
    **more,
):
    """The `registry.Text` about a registration and those who come with it. `more` goes into the template.

    `invite` brings the calendar's entries, `gone` those that are no longer there (as `calendar.invitations` takes them);
    `show_tickets` puts tickets into the mail as pictures, `on_paper` beside it as a PDF.
    """
    event = registration.event
    by_mail = message.channel == MessageChannel.EMAIL
    # Nobody stands at the door of a meeting that is held online alone.
    has_door = event.mode != DeliveryMode.ONLINE
    show_tickets, on_paper = show_tickets and has_door, on_paper and has_door
    together = _together(registration)
    held = getattr(registration, "confidential", None)
    by_relative = held.relative_name if held else ""
    invitations = calendar.invitations(registration, gone=gone) if invite and by_mail else []
    pictures, shown = _pictures(together) if show_tickets and by_mail else ({}, [])
    sessions = calendar.sessions_of(registration)
    return registry.Text(
        subject=naming.subject(event, subject),
        template=f"oberih/events/email/{template}",
        context={
            "registration": registration,
            "event": event,
            "kind": naming.what(event),
            "preheader_fill": _FILL if event.naming == Naming.NEUTRAL else "",
            "called": Truncator(naming.what(event)).chars(LONGEST_NAME),
            "name": by_relative or registration.participant.full_name,
            "guardian_missing": any(one.guardian_consent == GuardianConsent.MISSING for one in together),
            "names": [one.participant.full_name for one in together] if by_relative or len(together) > 1 else [],
            "day": when.short_day(event.starts_on),
            "days": when.days(event),
            "sessions": [when.session_line(session) for session in sessions],
            "zone": when.zone(event),
            "place": when.place(event),
            # The way there is for those who come.
            "venues": list(event.venues.all()) if registration.is_active else [],
            "group": registration.group if registration.is_active else None,
            "online_link": event.online_link if registration.status == Status.CONFIRMED else "",
            "tickets": shown,
            "on_paper": on_paper,
            "helplines": for_reader(),
            "action_url": personal_link(registration, message.channel),
            "action_label": action_of_all if action_of_all and len(together) > 1 else action,
            **more,
        },
        # What a mail program reads as an invitation stands beside the text; all are attached, for those that do not.
        alternatives=[(one.file.decode(), one.mime_type) for one in invitations[:1]],
        attachments=[(one.name, one.file.decode(), one.mime_type) for one in invitations]
        + (_papers(together, message.language) if on_paper and by_mail else []),
        pictures=pictures,
    )


def _pictures(together):
    """The tickets as pictures, and what stands beside each."""
    named = {f"ticket-{number}@oberih": one for number, one in enumerate(together[:_MOST_PICTURES], 1)}
    return (
        {name: tickets.png(one) for name, one in named.items()},
        [
            {"picture": name, "name": one.participant.full_name, "code": one.ticket_code}
            for name, one in named.items()
        ],
    )


def _papers(together, language):
    try:
        return [("ticket.pdf", tickets.pdf(together, language), "application/pdf")]
    except Exception:
        # Whatever the engine that prints raises: that they have a seat must reach them, and the picture is in the mail.
        logger.exception("A ticket was not printed")
        return []
