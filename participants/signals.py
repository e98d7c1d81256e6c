"""News for rooms above, sent after the commit, with ids only."""

from django.dispatch import Signal

# Sent with `consent_id` when somebody agreed again or withdrew what they had agreed to.
consent_changed = Signal()
