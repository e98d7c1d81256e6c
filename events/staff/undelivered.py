"""Messages about registrations that reached nobody: to which address, why, and so what helps."""

from django.utils.translation import gettext as _

from notifications import returns
from notifications.models import Message, MessageState
from participants.contacts import masked


def of(registrations):
    """{key of a registration: its newest Message that was not delivered}, in one statement."""
    failed = Message.objects.filter(
        subject_key__in=[str(one.uuid) for one in registrations],
        purpose__startswith="events.",
        state__in=[MessageState.FAILED, MessageState.BOUNCED],
    )
    return {message.subject_key: message for message in failed.order_by("queued_at", "pk")}


def sentence(message, registration):
    """Where it came back from and why. Staff read a contact only as far as they may read the person's; a guardian's not."""
    address = message.recipient
    if address not in registration.contacts_for_staff().values():
        address = masked(address)
    if message.state == MessageState.BOUNCED:
        words = _("It came back from %(address)s. %(reason)s")
    else:
        words = _("It could not be delivered to %(address)s, and is no longer tried. %(reason)s")
    # The marks keep an address in its own direction within a sentence of the other.
    return words % {"address": f"\u2068{address}\u2069", "reason": returns.reason(message.last_error)}
