"""Which events a focal point may register the people of which organisation for, and whom of these they may take back."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from events import seats
from events.models import Allocation, Event, EventState, Registration, RegistrationPolicy, Source, Status
from events.registering import opens
from participants.models import Organisation
from safeguarding.models import Role
from safeguarding.rights import right_required
from safeguarding.roles import codes_of, grants_of

seen = right_required("oberih_events.see_colleagues")
registered = right_required("oberih_events.register_colleagues")

# Who may come without seats of their own; what is by invitation is for whoever was invited.
FOR_ALL = (RegistrationPolicy.OPEN, RegistrationPolicy.APPROVAL)


@dataclass(frozen=True)
class Place:
    """An event that the people of an organisation may be registered for.

    `allocation` are the seats that are set aside for them, if any are and their time is not over.
    """

    event: Event
    organisation: Organisation
    allocation: Allocation | None

    @property
    def is_for_all(self):
        return self.event.policy in FOR_ALL

    def closed(self, now=None):
        """Why nobody can be registered now, as a sentence, or "" if somebody can."""
        return opens(self.event, now=now)


def organisations(user):
    """Those whose focal point the user is. An administrator holds every role, but is no organisation's focal point."""
    return Organisation.objects.filter(
        code__in=codes_of(user, Role.FOCAL_POINT, "organisation"), is_active=True
    ).order_by("pk")


def _within(user, organisation):
    """The events within the limits of the user's grants for this organisation."""
    to_come = Event.objects.filter(state=EventState.SCHEDULED, is_imported=False).upcoming()
    within = Q(pk__in=[])
    for grant in grants_of(user):
        if grant.role != Role.FOCAL_POINT or grant.organisation != organisation.code:
            continue
        limits = Q()
        if grant.country:
            limits &= Q(country=grant.country)
        if grant.project:
            limits &= Q(project__code=grant.project)
        if not limits:
            return to_come
        within |= limits
    return to_come.filter(within)


def allocations(user, organisation, now=None):
    """The seats that are set aside for the organisation at events to come, with `taken`, soonest first."""
    return (
        Allocation.objects.standing(now)
        .filter(organisation=organisation, event__in=_within(user, organisation))
        .annotate(
            taken=Count("registrations", filter=Q(registrations__status__in=Status.holding_a_seat())),
            waiting=Count("registrations", filter=Q(registrations__status=Status.WAITLISTED)),
        )
        .order_by("event__starts_on", "pk")
    )


def open_events(user, organisation, now=None):
    """Other events to come that anybody may register for now."""
    now = now or timezone.now()
    begun = Q(registration_closes_at__lte=now) | Q(registration_closes_at=None, first_start__lte=now)
    return (
        _within(user, organisation)
        .with_times()
        .filter(policy__in=FOR_ALL)
        .filter(Q(registration_opens_at=None) | Q(registration_opens_at__lte=now))
        .exclude(begun)
        .exclude(pk__in=allocations(user, organisation, now).values("event"))
    )


def place(user, organisation, uuid, now=None):
    """The Place of the event with this uuid for the organisation with this key. Raises Http404 outside the user's reach."""
    found = get_object_or_404(organisations(user), pk=organisation)
    event = get_object_or_404(seats.countable(_within(user, found)), uuid=uuid)
    allocation = allocations(user, found, now).filter(event=event).first()
    if allocation is None and event.policy not in FOR_ALL:
        raise Http404
    return Place(event, found, allocation)


def people(user, place):
    """The registrations of the organisation's people at the event that the focal point sees."""
    rows = Registration.objects.for_focal_point(user).filter(event=place.event, organisation=place.organisation)
    return rows.active().select_related("participant", "group").order_by("created_at", "pk")


def is_shown_young(registration):
    """Whether it is said that somebody may be under age: not of those of whom the organisation itself said otherwise.

    That they are is then known from elsewhere, and for the trainers.
    """
    return registration.is_minor and registration.source != Source.COLLEAGUE


def may_end(registration):
    """Whether the organisation registered this person, and not they themselves: that is theirs alone to take back."""
    return registration.is_active and registration.source == Source.COLLEAGUE


def may_replace(registration):
    return may_end(registration) and registration.status in Status.holding_a_seat()


def registration(user, uuid):
    """One that the organisation made, in whatever state it is. Raises Http404."""
    rows = Registration.objects.for_focal_point(user).filter(source=Source.COLLEAGUE)
    return get_object_or_404(rows.select_related("participant", "event", "organisation", "group"), uuid=uuid)
