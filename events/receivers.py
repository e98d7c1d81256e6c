from events import tasks
from notifications import work


def on_consent_changed(sender, consent_id, **kwargs):
    work.hint(tasks.follow_consent, consent_id)
