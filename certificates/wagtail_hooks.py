from wagtail import hooks

from certificates.viewsets import all_viewsets

hooks.register("register_admin_viewset", all_viewsets)
