from notifications import actions, work


@work.sweep("notifications.messages")
def send_due():
    return actions.send_due()
