import datetime as dt
import uuid

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from courses.models import Course
from events import actions
from events.models import Event, EventState, Registration, Session, Status, Venue
from events.people import Person
from events.wall_time import span
from participants.actions import create_participant, verify_contact
from participants.models import ContactKind, Purpose
from safeguarding.models import Role
from tests.factories import grant

CONSENTS = {Purpose.REGISTER: True, Purpose.STATISTICS: True}


class EventFactory(factory.django.DjangoModelFactory):
    """A training in Lviv in ten days, 10:00 to 13:00 on the wall in Kyiv."""

    class Meta:
        model = Event
        skip_postgeneration_save = True

    # As many digits always: lists of events on one day are in the order of their codes.
    code = factory.Sequence(lambda n: f"event-{n:06}")
    kind = "training"
    title = LazyI18nString({"en": "Recognising trafficking", "uk": "Як розпізнати торгівлю людьми"})
    country = "UA"
    zone = "Europe/Kyiv"
    languages = ["uk", "en"]
    state = EventState.SCHEDULED
    starts_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=10))
    ends_on = factory.SelfAttribute("starts_on")

    @factory.post_generation
    def sessions(self, create, extracted, **kwargs):
        for title in [""] if extracted is None else extracted:
            SessionFactory(event=self, date=self.starts_on, title=title)


class SessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Session

    event = factory.SubFactory(EventFactory)
    date = factory.SelfAttribute("event.starts_on")
    start_time = dt.time(10)
    end_time = dt.time(13)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        starts_at, ends_at = span(kwargs["date"], kwargs["start_time"], kwargs["end_time"], kwargs["event"].zone)
        return super()._create(model_class, *args, starts_at=starts_at, ends_at=ends_at, **kwargs)


class VenueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Venue

    name = LazyI18nString({"en": "House of Culture"})
    country = "UA"


class CourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Course

    key = factory.LazyFunction(uuid.uuid4)
    code = factory.Sequence(lambda n: f"course-{n}")
    title = LazyI18nString({"en": "Counter-trafficking in emergencies"})


def person(number=1, **fields):
    return Person(
        **{
            "full_name": f"Olena Koval{'abcdefghijklmnopqrstuvwxyz'[number % 26]} {number}",
            "email": f"person{number}@example.org",
            "consents": CONSENTS,
            **fields,
        }
    )


def register(
    event,
    number=1,
    *,
    submission=None,
    now=None,
    participant=None,
    user=None,
    source="self",
    allocation=None,
    **fields,
):
    return actions.register(
        event=event,
        person=person(number, **fields),
        submission=submission or uuid.uuid4(),
        language="en",
        now=now,
        participant=participant,
        user=user,
        source=source,
        allocation=allocation,
    )


def registration(event, status=Status.CONFIRMED, number=1, **fields):
    """A registration in any state, straight into the table."""
    who = create_participant(full_name=f"Person {number}", email=f"row{number}-{uuid.uuid4().hex[:6]}@example.org")
    if status == Status.CONFIRMED:
        fields.setdefault("confirmed_at", timezone.now())
    return Registration.objects.create(event=event, participant=who, status=status, language="en", **fields)


def known(full_name="Olena Koval", email="olena@example.org"):
    """A participant who has opened a link that was sent to this e-mail."""
    who = create_participant(full_name=full_name, email=email, language="en")
    verify_contact(who, ContactKind.EMAIL)
    return who


def user(email, role=None, **scope):
    made = get_user_model().objects.create_user(email, "a long password")
    if role is not None:
        grant(made, role, **scope)
    return made


def trainer(email="trainer@example.org", event=None):
    made = user(email, Role.TRAINER)
    if event is not None:
        event.trainers.add(made)
    return made
