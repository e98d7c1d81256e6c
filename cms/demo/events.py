"""What the demonstration's trainer holds."""

from cms.demo import outreach, programmes, schools, trainings
from cms.demo.calendar import Calendar

# Programmes come last: they are made of the others.
_EVENTS = (
    trainings.held,
    trainings.today,
    trainings.to_come,
    schools.to_come,
    schools.held,
    outreach.family_evening,
    outreach.festival_stands,
    outreach.webinar,
    trainings.by_approval,
    trainings.by_invitation,
    programmes.first_responders,
    programmes.schools,
)


def seed(trainer):
    calendar = Calendar(trainer)
    for make in _EVENTS:
        make(calendar)
