"""Countries, languages and zones: which codes exist, what they are called, where a country's capital lies in time."""

from functools import cache
from importlib import resources

from babel import Locale
from django.utils import translation

# Not countries, though they stand in the list of territories.
_NO_COUNTRIES = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}
_NO_LANGUAGES = {"mul", "und", "zxx", "root", "mis"}
# Countries whose capital is not in the zone that the database lists first.
_CAPITALS = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei",
    "GL": "America/Nuuk",
    "ID": "Asia/Jakarta",
    "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty",
    "MH": "Pacific/Majuro",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Hebron",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
    "XK": "Europe/Belgrade",
}


@cache
def _locale(language):
    return Locale.parse(language.replace("-", "_"))


@cache
def countries():
    """Every ISO 3166-1 alpha-2 code."""
    return frozenset(
        code
        for code in _locale("en").territories
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    )


@cache
def languages():
    """Every ISO 639 code that has a name."""
    return frozenset(
        code for code in _locale("en").languages if code.isalpha() and len(code) <= 3 and code not in _NO_LANGUAGES
    )


def country_name(code):
    return _locale(translation.get_language() or "en").territories.get(code, code)


def language_name(code):
    return _locale(translation.get_language() or "en").languages.get(code, code)


@cache
def _zones():
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    zones = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _coordinates, zone = line.split("\t")[:3]
            zones.setdefault(country, zone)
    return zones


def capital_zone(country):
    """The IANA zone of the country's capital; UTC for a country without one."""
    return _CAPITALS.get(country) or _zones().get(country, "UTC")
