"""News for the rooms above. Each carries an id and is sent after the commit; receivers only queue work."""

from django.db import transaction
from django.dispatch import Signal

event_scheduled = Signal()  # event_id
event_changed = Signal()  # event_id
event_cancelled = Signal()  # event_id
registration_confirmed = Signal()  # registration_id
registration_ended = Signal()  # registration_id


def after_commit(signal, **ids):
    transaction.on_commit(lambda: signal.send_robust(sender=None, **ids))
