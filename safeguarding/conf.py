from django.conf import settings


def retention():
    """Days by class of data, for those that are to be kept longer or shorter than the rooms say; None keeps for good."""
    return getattr(settings, "OBERIH_SAFEGUARDING_RETENTION", {})


def data_contact():
    """Whom people write to about what is held of them: an address, or empty."""
    return getattr(settings, "OBERIH_SAFEGUARDING_DATA_CONTACT", "")
