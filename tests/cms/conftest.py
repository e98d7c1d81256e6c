import pytest

from tests.snapshots import Snapshot


@pytest.fixture(scope="session")
def seeded(django_db_setup, django_db_blocker):
    from tests.cms.seeds import seed

    with django_db_blocker.unblock():
        return Snapshot.of(seed)


@pytest.fixture
def demo(db, seeded):
    """The demo site's pages in both languages. Returns the English front page."""
    from cms.models import HomePage

    seeded.put()
    return HomePage.objects.get(locale__language_code="en")
