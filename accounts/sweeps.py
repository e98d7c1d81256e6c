from accounts import actions
from notifications import work
from safeguarding import retention


@work.sweep("accounts.sessions")
def sessions():
    """Once a day, at its first tick."""
    return retention.once_a_day("sessions", actions.clear_sessions)
