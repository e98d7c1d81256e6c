"""News for rooms above, sent after the commit, with ids only."""

from django.dispatch import Signal

# Sent with `event_id` when the attendance at an event may have changed or one of its registers was closed.
attendance_changed = Signal()
