"""What tests of every room share: Wagtail's tree, a clean process between tests, and a browser that tells on pages."""

import os
import shutil
from urllib.parse import urlsplit

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.backends.base.creation import BaseDatabaseCreation
from django.utils import timezone, translation
from hypothesis import HealthCheck
from hypothesis import settings as properties

from tests.factories import give_factor
from tests.snapshots import Snapshot

# How fast a machine is on which others work, too, says nothing of what is tested.
properties.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("any machine")

# The shell is the same engine without what nobody sees here; it opens a page in less time.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# On SQLite Wagtail's migrations make a full-text table that follows the index, where the model alone makes a plain one.
SEARCH_TABLE = """
DROP TABLE IF EXISTS wagtailsearch_indexentry_fts;
CREATE VIRTUAL TABLE wagtailsearch_indexentry_fts USING fts5(autocomplete, body, title);
CREATE TRIGGER IF NOT EXISTS insert_wagtailsearch_indexentry_fts AFTER INSERT ON wagtailsearch_indexentry BEGIN
    INSERT INTO wagtailsearch_indexentry_fts(title, body, autocomplete, rowid)
    VALUES (NEW.title, NEW.body, NEW.autocomplete, NEW.id); END;
CREATE TRIGGER IF NOT EXISTS update_wagtailsearch_indexentry_fts AFTER UPDATE ON wagtailsearch_indexentry BEGIN
    UPDATE wagtailsearch_indexentry_fts SET title=NEW.title, body=NEW.body, autocomplete=NEW.autocomplete
    WHERE rowid=NEW.id; END;
CREATE TRIGGER IF NOT EXISTS delete_wagtailsearch_indexentry_fts AFTER DELETE ON wagtailsearch_indexentry BEGIN
    DELETE FROM wagtailsearch_indexentry_fts WHERE rowid=OLD.id; END;
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_use_migrations, django_db_blocker):
    """With `--no-migrations`, pages can be searched all the same."""
    if django_db_use_migrations or connection.vendor != "sqlite":
        return
    with django_db_blocker.unblock():
        connection.ensure_connection()
        connection.connection.executescript(SEARCH_TABLE)


@pytest.fixture(scope="session", autouse=True)
def _filled_from_empty():
    """A test with `serialized_rollback` gets what migrations left, and nothing besides.

    Django loads that into whatever the test before left, such as a row that a last request of its browser made, and fails
    where both have it under different numbers.
    """
    fill = BaseDatabaseCreation.deserialize_db_from_string

    def empty_and_fill(creation, rows, tries=3):
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        ContentType.objects.clear_cache()
        try:
            fill(creation, rows)
        except IntegrityError:
            # The server still answers the last request of the browser before.
            if tries == 1:
                raise
            empty_and_fill(creation, rows, tries - 1)

    # For the class: while Playwright's loop runs in this thread, Django hands out another connection than before.
    BaseDatabaseCreation.deserialize_db_from_string = empty_and_fill
    yield
    BaseDatabaseCreation.deserialize_db_from_string = fill


@pytest.fixture(autouse=True)
def _nothing_carried_over():
    """Rate limits and the language of the last request live in the process; no test may inherit them."""
    cache.clear()
    yield
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture
def site_tree(db):
    """Wagtail's default site with its root page, the locales and the root collection.

    Wagtail's migrations make them; a run with `--no-migrations`, or one after a test that emptied the database, has none.
    """
    from wagtail.models import Collection, Locale, Page, Site

    # Where the test before emptied the database, the types have other numbers now.
    ContentType.objects.clear_cache()
    english, _ = Locale.objects.get_or_create(language_code="en")
    Locale.objects.get_or_create(language_code="uk")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root", locale=english)
        home = root.add_child(instance=Page(title="Home", slug="home", locale=english))
        site = Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    return site


@pytest.fixture
def locales(db):
    """Both languages of the content; Wagtail's own come from migrations that tests may leave out."""
    from wagtail.models import Locale

    return [Locale.objects.get_or_create(language_code=code)[0] for code in ("en", "uk")]


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


@pytest.fixture
def admin_user(admin_user):
    """pytest-django's superuser, with the second factor that staff need."""
    return give_factor(admin_user)


class Faults:
    """What went wrong in the browser without a test having asked: other hosts, console errors, exceptions."""

    def __init__(self, host):
        self.host = host
        self.seen = []
        self.expected = []

    def expect(self, text):
        """A console error that holds this text belongs to the test."""
        self.expected.append(text)

    def watch(self, context):
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda raised: self._add(f"exception: {raised.error}"))

    def _console(self, message):
        if message.type == "error":
            # Of an address that failed the text says only how, and not which.
            self._add(f"console: {message.text} {message.location['url']}")

    def _request(self, request):
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != self.host:
            self._add(f"other host: {request.url}")

    def _add(self, fault):
        if not any(text in fault for text in self.expected):
            self.seen.append(fault)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread for as long as it lives, and Django takes that for an asynchronous
    # view and refuses the database. Nothing here is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def address(live_server):
    """Where the browser finds the site. A module that looks at another site than the live server overrides this."""
    return live_server.url


@pytest.fixture
def faults(address):
    recorder = Faults(urlsplit(address).netloc)
    yield recorder
    assert recorder.seen == []


@pytest.fixture
def visitor(chromium, address, faults, settings):
    """A function that opens a page in a browser of its own: its own cookies, size and language."""
    settings.OBERIH_NOTIFICATIONS_SITE_URL = address
    contexts = []

    def visit(*, width=1280, height=900, language="en", scheme="light", javascript=True, workers=False):
        context = chromium.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            locale=language,
            color_scheme=scheme,
            java_script_enabled=javascript,
            # What a worker answers is not what the site answers: only the tests of the worker want it.
            service_workers="allow" if workers else "block",
            is_mobile=width < 700,
            has_touch=width < 700,
        )
        context.set_default_timeout(15_000)
        faults.watch(context)
        contexts.append(context)
        return context.new_page()

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def phone(visitor):
    """A page 390 px wide, as a Ukrainian reader's telephone opens it."""
    return visitor(width=390, height=844, language="uk")


@pytest.fixture
def laptop(visitor):
    return visitor()
