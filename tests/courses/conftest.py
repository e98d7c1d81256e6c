import pytest
from django.db import connection
from wagtail.models import Locale

from tests.snapshots import Snapshot


@pytest.fixture
def locales(db):
    """Both languages of the content; Wagtail's own come from migrations that tests may leave out."""
    return [Locale.objects.get_or_create(language_code=code)[0] for code in ("en", "uk")]


@pytest.fixture
def heard():
    """What the room's signals told the rooms above, in order."""
    from courses import signals

    news = []

    def on_passed(sender, attempt_id, **kwargs):
        news.append(("assessment_passed", attempt_id))

    def on_completed(sender, enrolment_id, **kwargs):
        news.append(("course_completed", enrolment_id))

    signals.assessment_passed.connect(on_passed)
    signals.course_completed.connect(on_completed)
    yield news
    signals.assessment_passed.disconnect(on_passed)
    signals.course_completed.disconnect(on_completed)


@pytest.fixture(scope="session")
def planted(django_db_setup, django_db_blocker):
    """The Snapshot of a small site. None on PostgreSQL: numbers that were used are not used again there, and the
    languages that a test has made before would have others."""
    from tests.courses import trees

    if connection.vendor != "sqlite":
        return None
    with django_db_blocker.unblock():
        return Snapshot.of(lambda: trees.plant().pk)


@pytest.fixture
def index(locales, planted):
    """The catalogue page of a small site in two languages."""
    from cms.models import CourseIndexPage
    from tests.courses import trees

    return CourseIndexPage.objects.get(pk=planted.put()) if planted else trees.plant()


@pytest.fixture
def learner(client):
    """Somebody who opened their personal link in this browser."""
    from participants import identity
    from tests.courses.factories import LearnerFactory

    participant = LearnerFactory()
    session = client.session
    session[identity._SESSION_KEY] = [str(participant.uuid), participant.link_version]
    session.save()
    return participant
