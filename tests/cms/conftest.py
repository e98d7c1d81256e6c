import pytest
from django.apps import apps
from django.core import serializers
from django.db import transaction
from wagtail.models import Locale, Page, Site


@pytest.fixture(scope="session")
def seeded(django_db_setup, django_db_blocker):
    """The demo site's rows as text. Writing the pages takes seconds, reading them again a moment."""
    from cms.demo.pages import seed_pages

    with django_db_blocker.unblock(), transaction.atomic():
        english = Locale.objects.get_or_create(language_code="en")[0]
        if Page.get_first_root_node() is None:
            Page.add_root(title="Root", slug="root", locale=english)
        seed_pages()
        # Django's own way to keep a database as text leaves out apps whose migrations a run does without.
        models = [model for model in apps.get_models() if model._meta.app_label != "wagtailsearch"]
        rows = serializers.serialize("json", [row for model in models for row in model._base_manager.all()])
        transaction.set_rollback(True)
    return rows


@pytest.fixture
def demo(db, seeded):
    """The demo site's pages in both languages. Returns the English front page."""
    from cms.models import HomePage

    # Of Wagtail's own migrations, where a run has them: the seed takes their place.
    Site.objects.all().delete()
    Page.objects.filter(depth=2).delete()
    for row in serializers.deserialize("json", seeded):
        row.save()
    return HomePage.objects.get(locale__language_code="en")
