class InvitationError(Exception):
    """The invitation cannot be made or accepted; the text says why, to whoever tried."""
