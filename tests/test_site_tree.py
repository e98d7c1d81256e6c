from wagtail.models import Page


def test_pages_can_be_published_and_found_below_the_site(site_tree):
    page = site_tree.root_page.add_child(instance=Page(title="Emergencies", slug="emergencies"))
    page.save_revision().publish()
    assert [found.url_path for found in Page.objects.live().search("Emergencies")] == [page.url_path]
