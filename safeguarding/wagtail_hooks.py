from wagtail import hooks

from safeguarding import training_menu
from safeguarding.viewsets import AuditEntryViewSet, HelplineViewSet

hooks.register("register_admin_menu_item", training_menu.menu_item)


@hooks.register("register_icons")
def icons(icons):
    """What Wagtail's own set lacks."""
    names = ("book", "certificate")
    return [*icons, *(f"oberih/safeguarding/admin/icons/oberih-{name}.svg" for name in names)]


@hooks.register("register_admin_viewset")
def viewsets():
    return [HelplineViewSet(), AuditEntryViewSet()]
