from django.conf import settings


def offer_hours():
    """How many hours somebody has to take a seat that was offered to them; never past the start of the event."""
    return getattr(settings, "OBERIH_EVENTS_OFFER_HOURS", 48)


def answer_days():
    """For how many days after an event the answers to its own questions are kept."""
    return getattr(settings, "OBERIH_EVENTS_ANSWER_DAYS", 30)


def guardian_link_days():
    """For how many days the link that a parent or guardian is sent opens their page."""
    return getattr(settings, "OBERIH_EVENTS_GUARDIAN_LINK_DAYS", 14)


def languages():
    """Codes of the languages that an event may be held in, those of the site first."""
    extra = getattr(settings, "OBERIH_EVENTS_LANGUAGES", ["uk", "en", "ru", "ro", "pl", "ar"])
    return list(dict.fromkeys([*(code for code, _name in settings.LANGUAGES), *extra]))


def countries():
    """Countries offered when an event is scheduled, beside those of the areas in the database."""
    return getattr(settings, "OBERIH_EVENTS_COUNTRIES", ["UA", "MD", "RO", "PL", "SK", "HU", "GE"])


def zones():
    """Time zones offered when an event is scheduled; the site's own comes first."""
    given = getattr(
        settings,
        "OBERIH_EVENTS_ZONES",
        [
            "Europe/Kyiv",
            "Europe/Chisinau",
            "Europe/Bucharest",
            "Europe/Warsaw",
            "Europe/Bratislava",
            "Europe/Budapest",
            "Asia/Tbilisi",
            "Europe/Istanbul",
        ],
    )
    return list(dict.fromkeys([settings.TIME_ZONE, *given]))


def map_url():
    """Where the link to a map leads, with {address} in it; "" for a site that shows no such link."""
    return getattr(settings, "OBERIH_EVENTS_MAP_URL", "https://www.openstreetmap.org/search?query={address}")
