import datetime as dt
import logging
import random

from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from notifications import conf, registry, returns, work
from notifications.mails import Mail
from notifications.models import Message, MessageChannel, MessageState
from participants.actions import known_digests
from participants.models import ContactKind, Participant

logger = logging.getLogger(__name__)


def owe(purpose, *, participant, subject_key, occurrence="1", language=None, to=None, at_once=True):
    """Write down that a participant is to be told something, in the caller's transaction. Returns whether they can be.

    They are told by e-mail, or by text message if they have only a phone. A cause that is repeated makes no second
    message; somebody without any contact is told nothing. `to` (channel, contact) is whom the message goes to where that
    is somebody else, as a parent is who answers for the participant. What is not to be sent `at_once` waits for the next
    tick.
    """
    channel, recipient = to or _reached_by(participant)
    if not recipient:
        return False
    language = language or participant.language or translation.get_language()
    return _owe(purpose, subject_key, occurrence, recipient, channel, language, participant, at_once=at_once)


def _reached_by(participant):
    if participant.email:
        return MessageChannel.EMAIL, participant.email
    return MessageChannel.SMS, participant.phone


def owe_many(purpose, owed):
    """The same for many at once: `owed` are (participant, subject's key, occurrence) and, where it is not the participant's
    own, the language. The next tick sends them.

    In a number of statements that does not grow with them but by the database's limit of values in one. Returns how many
    were to be told; what was owed before is not owed twice.
    """
    rows = []
    for participant, subject_key, occurrence, *language in owed:
        channel, recipient = _reached_by(participant)
        if recipient:
            rows.append(
                Message(
                    purpose=purpose,
                    subject_key=subject_key,
                    occurrence=str(occurrence),
                    recipient=recipient,
                    channel=channel,
                    participant=participant,
                    language=next(filter(None, language), participant.language or translation.get_language()),
                )
            )
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def owe_to_address(purpose, *, email, subject_key, occurrence="1", language):
    """The same for somebody of whom nothing but the address is known, such as future staff."""
    return _owe(purpose, subject_key, occurrence, email, MessageChannel.EMAIL, language)


def _owe(purpose, subject_key, occurrence, recipient, channel, language, participant=None, *, at_once=True):
    from notifications.tasks import send_message

    message = Message(
        purpose=purpose,
        subject_key=subject_key,
        occurrence=str(occurrence),
        recipient=recipient,
        channel=channel,
        participant=participant,
        language=language,
    )
    # One statement whether it was owed before or not; the uuid of one that was not written finds nothing to send.
    Message.objects.bulk_create([message], ignore_conflicts=True)
    if at_once:
        work.hint(send_message, str(message.uuid))
    return True


def send(pk, *, now=None):
    """Try to send a queued message. Returns whether it went out.

    The claim is a conditional update, so that a task and a sweep at the same moment send it once.
    """
    now = now or timezone.now()
    message = Message.objects.filter(pk=pk, state=MessageState.QUEUED).select_related("participant").first()
    if message is None:
        return False
    pause = dt.timedelta(minutes=2 ** min(message.attempts, 8)) * random.uniform(1, 1.5)  # noqa: S311
    claimed = Message.objects.filter(
        pk=pk, state=MessageState.QUEUED, attempts=message.attempts, next_attempt_at__lte=now
    ).update(attempts=F("attempts") + 1, next_attempt_at=now + pause)
    if not claimed:
        return False
    try:
        with translation.override(message.language):
            text = registry.write(message)
            # Asked after it was written: a link in it that was made before they left the address is dead.
            if text is None or _has_left(message):
                _finish(message, MessageState.CANCELLED)
                return False
            _deliver(message, text)
    except Exception as error:
        if code := returns.refusal(error):
            # The server knows that nobody is there: trying again tells it only that we do not listen.
            _finish(message, MessageState.BOUNCED, last_error=code)
            return False
        # Whatever the mail server or its library raises: the message stays owed and is tried again.
        logger.warning("Message %s was not sent", message.uuid, exc_info=True)
        failed = message.attempts + 1 >= conf.max_attempts()
        Message.objects.filter(pk=pk).update(
            last_error=type(error).__name__, state=MessageState.FAILED if failed else MessageState.QUEUED
        )
        return False
    _finish(message, MessageState.SENT, sent_at=timezone.now(), last_error="")
    return True


def _has_left(message):
    """Whether the participant has given up, since this was owed, the contact that it goes to."""
    if message.participant is None or registry.goes_to_others(message):
        return False
    kind = ContactKind.PHONE if message.channel == MessageChannel.SMS else ContactKind.EMAIL
    held = Q(**{kind.value: message.recipient}) | Q(
        contact_keys__kind=kind, contact_keys__digest__in=known_digests(kind, message.recipient)
    )
    return not Participant.objects.seen_by(message.participant).filter(held).exists()


def _finish(message, state, **changes):
    Message.objects.filter(pk=message.pk).update(state=state, **changes)


def _deliver(message, text):
    context = {**text.context, "subject": text.subject, "language": message.language, "site_url": conf.site_url()}
    if message.channel == MessageChannel.SMS:
        backend = import_string(conf.sms_backend())()
        backend.send(message.recipient, render_to_string(f"{text.template}.sms.txt", context).strip())
        return
    mail = Mail(
        subject=text.subject,
        body=render_to_string(f"{text.template}.txt", context),
        to=[message.recipient],
        # Fixed before the first try, so that a server that took it and failed to say so does not show it twice.
        headers={"Message-ID": f"<{message.uuid}@oberih>", "Auto-Submitted": "auto-generated", **text.headers},
        pictures=text.pictures,
    )
    mail.attach_alternative(render_to_string(f"{text.template}.html", context), "text/html")
    for alternative in text.alternatives:
        mail.attach_alternative(*alternative)
    for attachment in text.attachments:
        mail.attach(*attachment)
    mail.send()


def send_due(limit=500):
    """Try every message whose time has come. Returns how many went out."""
    # The oldest first: should more fall due than are sent, nobody is passed over for ever.
    due = Message.objects.due().order_by("next_attempt_at", "pk").values_list("pk", flat=True)
    return sum(send(pk) for pk in list(due[:limit]))
