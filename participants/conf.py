from django.conf import settings


def contact_keys():
    """The secrets of the contacts' HMAC by version, the newest last; kept outside the database."""
    return {int(version): key for version, key in settings.OBERIH_PARTICIPANTS_CONTACT_KEYS.items()}


def link_days():
    """How many days a personal link that was sent to somebody opens their page."""
    return getattr(settings, "OBERIH_PARTICIPANTS_LINK_DAYS", 180)


def adult_age(country=""):
    """From which age somebody decides for themselves, in years: by country, otherwise by the entry `""`, 18."""
    ages = _adult_ages()
    return ages.get(country, ages[""])


def adult_age_everywhere():
    """From which age somebody decides for themselves in every country."""
    return max(_adult_ages().values())


def _adult_ages():
    return {"": 18, **getattr(settings, "OBERIH_PARTICIPANTS_ADULT_AGE", {})}
