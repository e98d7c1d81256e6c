"""By which door somebody comes to an event, and what is asked of everybody who does."""

import dataclasses

from django.utils import timezone
from django.utils.translation import gettext as _

from events import seats
from events.models import Event, RegistrationPolicy
from events.registering import opens
from participants.forms import ORGANISATIONS_IN_A_SELECT
from participants.models import Area, Category, ConsentText, Organisation
from ui import kept, page_cache

# What is made of how events are planned, and not of who registers.
PLANS = "events.plans"
_plans = kept.Store(page_cache.SITE, PLANS, most=256)


@dataclasses.dataclass(frozen=True)
class Entrance:
    """`allocation` are the seats that a link leads to, `notice` says why it does not, `closed` why there is no form.

    `has_seat` is whether somebody who comes now has one.
    """

    allocation: object = None
    notice: str = ""
    closed: str = ""
    has_seat: bool = True


def entrance(event, *, key="", now=None):
    """The door of an event annotated by `with_seats`; `key` is that of an organisation's link."""
    allocation, notice = _of_link(event, key, now) if key else (None, "")
    if reason := opens(event, now=now):
        return Entrance(allocation, notice, reason, has_seat=False)
    if allocation is None and event.policy == RegistrationPolicy.ORGANISATION:
        words = _(
            "Seats at this event are set aside for organisations. Ask yours for its link, or let it register you."
        )
        return Entrance(None, notice, words, has_seat=False)
    has_seat = (
        seats.of(event).for_newcomers if allocation is None else seats.of_allocation(allocation).for_newcomers
    )
    if has_seat or event.has_waiting_list or event.policy == RegistrationPolicy.APPROVAL:
        return Entrance(allocation, notice, "", has_seat)
    return Entrance(allocation, notice, seats.no_room(), has_seat=False)


def _of_link(event, key, now):
    # PostgreSQL answers a NUL with an error.
    allocation = event.allocations.filter(key=key.replace("\0", "")).select_related("organisation").first()
    if allocation is None:
        return None, _("This link of an organisation is not valid for this event. Ask for it again.")
    if allocation.held_until is not None and allocation.held_until <= (now or timezone.now()):
        return None, _("The seats of this organisation were kept until now; those left are for everybody.")
    return allocation, ""


@dataclasses.dataclass(frozen=True)
class Asked:
    """What a form of registration shows, the same to everybody. Organisations are none where there are too many."""

    texts: dict
    categories: list
    areas: list
    organisations: list
    groups: list
    questions: list


def asked(event):
    """Everything that the forms of an event show and that depends on nobody: one statement for each part of it."""
    organisations = list(Organisation.objects.filter(is_active=True)[: ORGANISATIONS_IN_A_SELECT + 1])
    return Asked(
        texts=ConsentText.objects.asked_now(),
        categories=list(Category.objects.filter(is_active=True)),
        areas=list(Area.objects.filter(is_active=True, country=event.country, level=1)),
        organisations=organisations if len(organisations) <= ORGANISATIONS_IN_A_SELECT else [],
        groups=seats.groups(event),
        questions=list(event.questions.all()),
    )


def planned(request, code):
    """(event, Asked) as they stand until somebody plans anew; None where the public finds no such event.

    Kept in the process and shared by those who send forms at once, so change nothing of it; nothing in it counts seats.
    """
    return _plans.get(request, code, lambda: _planned(code))


def _planned(code):
    rows = Event.objects.published().with_times().with_sessions().select_related("course__project", "project")
    event = rows.filter(code=code).first()
    return event and (event, asked(event))
