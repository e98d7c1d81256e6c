import pytest
from wagtail.models import Locale, Page


@pytest.fixture
def demo(db):
    """The demo site's pages in both languages. Returns the English front page."""
    from cms.demo.pages import seed_pages

    english = Locale.objects.get_or_create(language_code="en")[0]
    if Page.get_first_root_node() is None:
        Page.add_root(title="Root", slug="root", locale=english)
    return seed_pages()
