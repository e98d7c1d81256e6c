"""What people are told about their own data: the room of participants says when, this one writes it and sends it."""

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications import actions
from notifications.conf import site_url
from notifications.models import Message
from notifications.registry import Text, purpose
from participants.correcting import contact_token
from participants.identity import link_token

MOST_A_DAY = 3


def tell(name, *, participant, channel, recipient):
    """Owe a message to one contact, whichever the person has besides. At most three a day, so that nobody is flooded."""
    now = timezone.now()
    told = Message.objects.filter(
        purpose=name,
        subject_key=str(participant.uuid),
        recipient=recipient,
        queued_at__gt=now - dt.timedelta(days=1),
    ).count()
    if told >= MOST_A_DAY:
        return
    actions.owe(
        name,
        participant=participant,
        subject_key=str(participant.uuid),
        occurrence=f"{timezone.localdate(now)} {told + 1}",
        to=({"email": "email", "phone": "sms"}[channel], recipient),
        # What was asked for by somebody whom we may not know is sent by the next tick: the time that the answer takes
        # must not tell whether there was anything to send.
        at_once=name != "participants.link",
    )


def _channel(message):
    return "phone" if message.channel == "sms" else "email"


def _text(message, template, subject, url="", label=""):
    return Text(
        subject=subject,
        template=f"oberih/notifications/email/{template}",
        context={"action_url": url, "action_label": label},
    )


def _gone(message):
    return message.participant is None or message.participant.erased_at is not None


@purpose("participants.link")
def link(message):
    if _gone(message):
        return None
    token = link_token(message.participant, _channel(message))
    enter = reverse("oberih_participants:enter", args=[token])
    page = urlencode({"to": reverse("oberih_participants:me")}, safe="/")
    return _text(
        message,
        "personal_link",
        _("Your personal link"),
        f"{site_url()}{enter}?{page}",
        _("Open my data"),
    )


@purpose("participants.new_contact", to_others=True)
def new_contact(message):
    """To a contact that is not proved: it says no name and nothing of what the person does here."""
    if _gone(message):
        return None
    token = contact_token(message.participant, _channel(message), message.recipient)
    url = f"{site_url()}{reverse('oberih_participants:new_contact', args=[token])}"
    return _text(message, "new_contact", _("Is this your contact?"), url, _("Answer"))


@purpose("participants.contact_changed", to_others=True)
def contact_changed(message):
    if _gone(message):
        return None
    return _text(message, "contact_changed", _("Your contact was changed"))
