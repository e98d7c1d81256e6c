from wagtail import hooks

from safeguarding import training_menu
from safeguarding.viewsets import AuditEntryViewSet, HelplineViewSet

hooks.register("register_admin_menu_item", training_menu.menu_item)


@hooks.register("register_admin_viewset")
def viewsets():
    return [HelplineViewSet(), AuditEntryViewSet()]
