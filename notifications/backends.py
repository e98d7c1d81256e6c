"""Where messages go when there is no mail server and no gateway: a folder that `/mailbox/` shows, or the console."""

import sys
import uuid
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


def _keep(suffix, content):
    folder = Path(settings.EMAIL_FILE_PATH)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{timezone.now():%Y%m%d-%H%M%S-%f}-{uuid.uuid4().hex[:8]}.{suffix}"
    (folder / name).write_bytes(content)


class MailboxBackend(BaseEmailBackend):
    """Keeps each mail as an .eml file in EMAIL_FILE_PATH. For demonstrations: it sends nothing."""

    def send_messages(self, email_messages):
        for message in email_messages:
            _keep("eml", message.message().as_bytes())
        return len(email_messages)


class MailboxSms:
    """Keeps each text message as an .sms file beside the mails."""

    def send(self, phone, text):
        _keep("sms", f"{phone}\n{text}".encode())


class ConsoleSms:
    def send(self, phone, text):
        sys.stdout.write(f"SMS to {phone}: {text}\n")
