from certificates import actions
from notifications import work


@work.sweep("certificates.owed")
def owed():
    return actions.evaluate_lost() + actions.issue_owed()
