"""What rooms above know of people: whom somebody of the staff may see, and what each person took part in.

    participations.register(told=told, within=within)

`told(keys, user)` gives a Participation for each thing that the participants `keys` took part in and the user may see;
`within(user)` the keys of the persons whom somebody with a limited scope may see, as a queryset of one column.
"""

from dataclasses import dataclass

from django.db.models import Q

from participants.models import Participant, person_of
from safeguarding.models import Role
from safeguarding.roles import scopes_of

_told, _within = [], []


@dataclass(frozen=True)
class Participation:
    participant: int
    # What two rows may have in common: `event:<uuid>`, `course:<key>`, `certificate:<achievement key>`.
    key: str
    what: str
    when: str
    state: str

    @property
    def said(self):
        return f"{self.when} · {self.state}"


def register(*, told, within=None):
    if told not in _told:
        _told.append(told)
    if within is not None and within not in _within:
        _within.append(within)


def told(keys, user):
    """{participant's key: their participations, as the rooms are installed}."""
    by_participant = {key: [] for key in keys}
    for function in _told:
        for one in function(keys, user):
            by_participant[one.participant].append(one)
    return by_participant


def people_within(user):
    """The rows of those whom this administrator or manager may see by name.

    A manager of a country, a project or an organisation sees who registered for something within it.
    """
    rows = Participant.objects.filter(erased_at=None)
    if scopes_of(user, Role.MANAGER) is None:
        return rows
    within = Q(pk__in=[])
    for function in _within:
        within |= Q(person__in=function(user))
    return rows.annotate(person=person_of()).filter(within)
