from notifications import actions, work
from safeguarding import retention


@work.sweep("notifications.messages")
def send_due():
    return actions.send_due()


@work.sweep("safeguarding.retention")
def retain():
    """Once a day, at its first tick."""
    return retention.run_daily()
