"""Mails that came back: refused while they are handed over, or reported later by a mail of the server that gave up."""

import email
import email.policy
import re
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from notifications.models import Message, MessageChannel, MessageState

_CODE = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@oberih>", re.IGNORECASE)
# What the server says of us and not of the address: not allowed to send, a command it does not know, its own trouble.
_NOT_THE_ADDRESS = {"3", "5", "6", "7"}
_ADDRESS_REPLIES = {550, 551, 552, 553, 556}


@dataclass(frozen=True)
class Report:
    """What a delivery report says of one of our messages."""

    uuid: uuid.UUID
    code: str
    has_failed: bool

    @property
    def state(self):
        """4.x.x is what a server says that gave up after days without an answer: the address may be good."""
        return MessageState.BOUNCED if self.code.startswith("5") else MessageState.FAILED


def refusal(error):
    """The code by which a mail server refused the address for good, as an error of `smtplib` holds it; otherwise ""."""
    refused = getattr(error, "recipients", None)
    if not isinstance(refused, dict) or not refused:
        return ""
    codes = [_for_good(*answer[:2]) for answer in refused.values()]
    return codes[0] if all(codes) else ""


def _for_good(reply, words):
    words = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    if found := _CODE.search(words):
        is_final = found[1] == "5" and found[2] not in _NOT_THE_ADDRESS
        return found[0] if is_final else ""
    return str(reply) if reply in _ADDRESS_REPLIES and "relay" not in words.lower() else ""


def read(raw):
    """The Report in a mail as bytes; None for anything that is no report about a message of ours.

    The message is known by its own number, which only its recipient and the servers on the way have seen. Never by an address:
    anybody could write that somebody else's is dead.
    """
    try:
        return _read(email.message_from_bytes(raw, policy=email.policy.compat32))
    except (ValueError, LookupError, RecursionError):
        # Anybody may send a mail there. One that cannot be taken apart keeps nobody from the others.
        return None


def _read(mail):
    status = next((part for part in mail.walk() if part.get_content_type() == "message/delivery-status"), None)
    key = _number(mail)
    if status is None or key is None or not status.is_multipart():
        return None
    said = [_recipient(block) for block in status.get_payload() if block.get("Action")]
    if not said:
        return None
    failed = sorted((code for action, code in said if action == "failed"), reverse=True)
    return Report(key, failed[0] if failed else said[0][1], has_failed=bool(failed))


def _recipient(block):
    # As text: a header with other letters than ASCII comes as an object.
    action = str(block["Action"]).strip().lower()
    status = _CODE.search(str(block.get("Status", "")))
    diagnosis = _CODE.search(str(block.get("Diagnostic-Code", "")))
    code = status[0] if status else ""
    # Some servers say nothing but 5.0.0 and the reason in what the other server told them.
    if diagnosis and code in {"", "5.0.0"}:
        code = diagnosis[0]
    return action, code


def _number(mail):
    """The uuid of the message that came back, from its headers: they are the last part of a report."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            found = _OURS.search(str(part.get_payload(0).get("Message-ID", "")))
        elif kind in {"text/rfc822-headers", "message/rfc822-headers"}:
            text = part.get_payload(decode=True) or b""
            found = _OURS.search(str(email.message_from_bytes(text).get("Message-ID", "")))
        else:
            continue
        if found:
            return uuid.UUID(found[1])
    return None


def mark(report):
    """Write down that a message came back. Returns whether it is one of ours and did; twice is once."""
    if report is None or not report.has_failed:
        return False
    sent = Message.objects.filter(uuid=report.uuid, channel=MessageChannel.EMAIL).exclude(
        state=MessageState.CANCELLED
    )
    return bool(sent.update(state=report.state, last_error=report.code))


def reason(code):
    """Why a message came back, in the reader's language, and what helps."""
    found = _CODE.fullmatch(code)
    subject, detail = (found[2], found[3]) if found else ("", "")
    if (subject, detail) == ("2", "2"):
        return _("The mailbox is full.")
    if subject == "1" or code in {"550", "551", "553"}:
        return _("There is no such mailbox. It may be misspelt, or closed.")
    if subject == "4":
        return _("The mail server of this address was not found. The part after the @ may be misspelt.")
    if subject == "7":
        return _("The mail server of this address refused the message.")
    return _("The mail server of this address did not take the message.")
