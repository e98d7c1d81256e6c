"""Closed code lists: stable ASCII codes that are stored, printed and exported, with translated labels.

Lists that a site may extend (categories, topics, areas, organisations, projects) are tables in `participants.models`.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy


def known(name, field, choices):
    """The constraint that keeps `field` inside its code list."""
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": choices.values}))


class Sex(models.TextChoices):
    FEMALE = "F", pgettext_lazy("sex", "Female")
    MALE = "M", pgettext_lazy("sex", "Male")
    OTHER = "X", pgettext_lazy("sex", "Other")
    UNKNOWN = "U", pgettext_lazy("sex", "Not stated")


class AgeBand(models.TextChoices):
    A00_04 = "A00_04", _("0 to 4")
    A05_11 = "A05_11", _("5 to 11")
    A12_13 = "A12_13", _("12 to 13")
    A14_17 = "A14_17", _("14 to 17")
    A18_24 = "A18_24", _("18 to 24")
    A25_35 = "A25_35", _("25 to 35")
    A36_49 = "A36_49", _("36 to 49")
    A50_59 = "A50_59", _("50 to 59")
    A60_69 = "A60_69", _("60 to 69")
    A70_79 = "A70_79", _("70 to 79")
    A80P = "A80P", _("80 and over")
    AUNK = "AUNK", pgettext_lazy("age", "Not stated")

    @classmethod
    def at(cls, birth_year, on):
        """The band of somebody born in `birth_year` on the date `on`, by the difference of the two years."""
        if birth_year is None:
            return cls.AUNK
        age = on.year - birth_year
        for band, oldest in _OLDEST:
            if age <= oldest:
                return cls(band)
        return cls.A80P


_OLDEST = [
    ("A00_04", 4),
    ("A05_11", 11),
    ("A12_13", 13),
    ("A14_17", 17),
    ("A18_24", 24),
    ("A25_35", 35),
    ("A36_49", 49),
    ("A50_59", 59),
    ("A60_69", 69),
    ("A70_79", 79),
]


class Disability(models.TextChoices):
    """The result of the Washington Group short set; the answers themselves are never kept."""

    YES = "Y", pgettext_lazy("disability", "With a disability")
    NO = "N", pgettext_lazy("disability", "Without a disability")
    PREFERS_NOT = "P", pgettext_lazy("disability", "Prefers not to say")
    UNKNOWN = "U", pgettext_lazy("disability", "Not asked")


class Displacement(models.TextChoices):
    IDP = "IDP", _("Internally displaced")
    RETURNEE = "RET", _("Returnee")
    HOST = "HOST", _("Host community")
    REFUGEE = "REF", _("Refugee or temporary protection")
    THIRD_COUNTRY = "TCN", _("Third-country national")
    PROFESSIONAL = "PRO", _("Attends professionally")
    UNKNOWN = "U", pgettext_lazy("displacement", "Not stated")


class ActivityType(models.TextChoices):
    TRAINING = "training", _("Training")
    WORKSHOP = "workshop", _("Workshop")
    WEBINAR = "webinar", _("Webinar")
    INFO_SESSION = "info_session", _("Information session")
    SELF_PACED = "self_paced_course", _("Self-paced course")
    SUMMER_SCHOOL = "youth_summer_school", _("Youth summer school")
    FESTIVAL = "festival_outreach", _("Awareness event")
    SITE_VISIT = "site_visit_training", _("Site visit")
    TRAINING_OF_TRAINERS = "tot", _("Training of trainers")
    COORDINATION = "coordination", _("Coordination meeting")
    RESEARCH = "research", _("Research activity")


# Meetings and research gather people, but nobody is trained there.
NOT_COUNTED_TYPES = [ActivityType.COORDINATION, ActivityType.RESEARCH]


class DeliveryMode(models.TextChoices):
    ONSITE = "onsite", _("On site")
    ONLINE = "online", _("Online")
    MIXED = "mixed", _("On site and online")
    SELF_PACED = "self_paced", _("Self-paced")


class Qualifier(models.TextChoices):
    EXACT = "exact", _("exactly")
    AT_LEAST = "at_least", _("over")
    ABOUT = "about", _("about")
    AT_MOST = "at_most", _("at most")

    @classmethod
    def combined(cls, qualifiers):
        """The qualifier of a sum of figures that carry `qualifiers`."""
        found = set(qualifiers)
        if cls.ABOUT in found or {cls.AT_LEAST, cls.AT_MOST} <= found:
            return cls.ABOUT
        if cls.AT_LEAST in found:
            return cls.AT_LEAST
        return cls.AT_MOST if cls.AT_MOST in found else cls.EXACT


def qualified(qualifier, text):
    """A figure with its qualifier in words: \"over 300 young people\"."""
    if qualifier == Qualifier.AT_LEAST:
        return pgettext("more than this number", "over %(figure)s") % {"figure": text}
    if qualifier == Qualifier.ABOUT:
        return pgettext("roughly this number", "about %(figure)s") % {"figure": text}
    if qualifier == Qualifier.AT_MOST:
        return pgettext("this number or fewer", "at most %(figure)s") % {"figure": text}
    return text


class Unit(models.TextChoices):
    PERSONS = "persons", _("persons")
    EVENTS = "events", _("events")
    SESSIONS = "sessions", _("sessions")
    SITES = "sites", _("sites")
    AREAS = "areas", _("areas")
    ORGANISATIONS = "organisations", _("organisations")
    ACTIONS = "actions", _("actions")
    SETS = "sets", _("sets")
    COPIES = "copies", _("copies")


class HeadcountMethod(models.TextChoices):
    NOT_STATED = "not_stated", _("Not stated")
    SIGNED_LIST = "signed_list", _("Signed list")
    CLICKER = "clicker", _("Hand counter")
    PHOTO_COUNT = "photo_count", _("Counted on a photograph")
    TICKET = "ticket", _("Tickets")
    PLATFORM_PEAK = "platform_peak", _("Peak shown by the online platform")
    ESTIMATE = "estimate", _("Estimate")


class WorkplaceType(models.TextChoices):
    ACCOMMODATION_CENTRE = "accommodation_centre", _("Accommodation centre")
    DAY_CARE = "day_care", _("Day care centre")
    SCHOOL = "school", _("School")
    SOCIAL_SERVICE = "social_service", _("Social service")
    BORDER_POINT = "border_point", _("Border crossing point")
    INFO_CENTRE = "info_centre", _("Information centre")
    POLICE_STATION = "police_station", _("Police station")
    MUNICIPALITY = "municipality", _("Municipality")
    NGO = "ngo", _("Non-governmental organisation")
    MINISTRY = "ministry", _("Ministry")
    ONLINE_NONE = "online_none", _("Online or none")
