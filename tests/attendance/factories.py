"""What the tests of registers and certificates stand on."""

import datetime as dt

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone

from attendance.models import Mark, MarkSource, MarkStatus
from events.models import Event, EventState, Registration, Session, Status
from participants.models import Participant
from participants.names import fold, latin
from safeguarding.models import Role
from tests.factories import grant

UTC = dt.UTC


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()

    email = factory.Sequence(lambda n: f"user{n}@example.org")


class ParticipantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Participant

    full_name = factory.Sequence(lambda n: f"Олена Коваль {n}")
    latin_name = factory.LazyAttribute(lambda self: latin(self.full_name))
    name_key = factory.LazyAttribute(lambda self: fold(self.full_name))
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    language = "en"


class EventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Event

    code = factory.Sequence(lambda n: f"EV-{n}")
    kind = "training"
    title = factory.LazyFunction(lambda: {"en": "Counter-trafficking", "uk": "Протидія торгівлі людьми"})
    country = "UA"
    zone = "Europe/Kyiv"
    starts_on = dt.date(2026, 3, 2)
    ends_on = dt.date(2026, 3, 3)
    state = EventState.SCHEDULED


class SessionFactory(factory.django.DjangoModelFactory):
    """Three hours on the first day of its event."""

    class Meta:
        model = Session

    event = factory.SubFactory(EventFactory)
    date = dt.date(2026, 3, 2)
    start_time = dt.time(9)
    end_time = dt.time(12)
    starts_at = dt.datetime(2026, 3, 2, 7, tzinfo=UTC)
    ends_at = dt.datetime(2026, 3, 2, 10, tzinfo=UTC)


class RegistrationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Registration

    event = factory.SubFactory(EventFactory)
    participant = factory.SubFactory(ParticipantFactory)
    status = Status.CONFIRMED
    confirmed_at = factory.LazyFunction(timezone.now)
    language = "en"


class MarkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mark

    session = factory.SubFactory(SessionFactory)
    registration = factory.SubFactory(RegistrationFactory)
    status = MarkStatus.PRESENT
    source = MarkSource.TRAINER


def trainer_of(event):
    user = grant(UserFactory(), Role.TRAINER)
    event.trainers.add(user)
    return user


def a_training(people=3, **event):
    """An event of one session with confirmed registrations: event, session, registrations, its trainer."""
    event = EventFactory(**event)
    session = SessionFactory(event=event)
    return event, session, RegistrationFactory.create_batch(people, event=event), trainer_of(event)
