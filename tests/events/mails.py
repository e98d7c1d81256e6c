from django.core import mail

from notifications import actions as notifications
from notifications.models import Message, MessageState


def send(purpose=None):
    """The mails that go out now, in their order: those of one purpose, or all."""
    mail.outbox.clear()
    queued = Message.objects.filter(state=MessageState.QUEUED).order_by("pk")
    for message in queued if purpose is None else queued.filter(purpose=purpose):
        notifications.send(message.pk)
    return mail.outbox
