from certificates import actions, erasing
from notifications import work


@work.sweep("certificates.owed")
def owed():
    return actions.evaluate_lost() + actions.issue_owed()


@work.sweep("certificates.erased_files")
def erased_files():
    return erasing.remove_files()
