from wagtail.models import Locale, Page, Site

from cms.demo.pages import seed_pages


def seed():
    """Write the pages of the demonstration, also into a site that has nothing of what Wagtail's migrations make."""
    Site.objects.all().delete()
    Page.objects.filter(depth=2).delete()
    english = Locale.objects.get_or_create(language_code="en")[0]
    if Page.get_first_root_node() is None:
        Page.add_root(title="Root", slug="root", locale=english)
    seed_pages()
