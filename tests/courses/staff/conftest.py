import pytest
from django.utils import timezone
from wagtail.models import Locale

from courses import actions
from events.models import Registration
from participants.models import Project
from safeguarding.models import Role
from tests.courses.factories import CourseFactory, LearnerFactory, LessonFactory
from tests.events.factories import EventFactory
from tests.factories import UserFactory, grant


@pytest.fixture(autouse=True)
def locales(db):
    return [Locale.objects.get_or_create(language_code=code)[0] for code in ("en", "uk")]


def staff(role, **scope):
    user = UserFactory()
    grant(user, role, **scope)
    return user


def registered(event, name="Olena Koval", **about):
    """Somebody with a place at the event, who takes the course that it delivers."""
    learner = LearnerFactory(full_name=name, latin_name=name, **about)
    Registration.objects.create(
        event=event, participant=learner, status="confirmed", confirmed_at=timezone.now(), language="en"
    )
    return actions.enrol(participant=learner, course=event.course, source="registration:x")


@pytest.fixture
def course():
    course = CourseFactory(project=Project.objects.create(code="shelter", label="Shelter"))
    LessonFactory.create_batch(2, course=course)
    return course


@pytest.fixture
def event(course):
    return EventFactory(course=course)


@pytest.fixture
def trainer(event):
    user = staff(Role.TRAINER)
    event.trainers.add(user)
    return user


@pytest.fixture
def charlie(course):
    """A trainer of another training, which delivers another course."""
    user = staff(Role.TRAINER)
    EventFactory(course=CourseFactory()).trainers.add(user)
    return user
