from wagtail import hooks

from participants.viewsets import all_viewsets, lists_menu_item
from safeguarding.training_menu import MENU_HOOK

hooks.register(MENU_HOOK, lists_menu_item)
hooks.register("register_admin_viewset", all_viewsets)
