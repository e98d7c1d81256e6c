class SamenessError(Exception):
    """Two rows cannot be merged, told apart or parted again as they stand; the message says why."""
