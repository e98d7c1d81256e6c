"""Whose learning trainers and managers may see: that of the people at events that deliver the course."""

from django.db.models import Exists, OuterRef, Q

from events.models import Event, Registration, Status
from participants.models import person_of


def courses(user):
    return Event.objects.for_staff(user).exclude(course=None).values("course")


def learners(user, *, own):
    """People who hold a place at an event that delivers the course that they take."""
    events = Event.objects.trained_by(user) if own else Event.objects.for_staff(user)
    places = (
        Registration.objects.filter(event__in=events, event__course=OuterRef("course"), status__in=Status.active())
        .annotate(counted=person_of("participant"))
        .filter(Q(counted=OuterRef("participant__merged_into")) | Q(counted=OuterRef("participant")))
    )
    return Q(Exists(places))


def people(user):
    places = Registration.objects.filter(event__in=Event.objects.for_staff(user), status__in=Status.active())
    return places.annotate(counted=person_of("participant")).values("counted")
