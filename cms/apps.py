from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    label = "oberih_cms"
    verbose_name = _("Site")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.models import Page, PageViewRestriction, Site

        from cms import menus
        from cms.models import SiteSettings
        from ui import hooks, page_cache

        hooks.register("menu", menus.pages, order=10)
        hooks.register("staff", menus.editing, order=30)
        hooks.register("start", menus.start, order=30)
        hooks.register("footer", menus.about, order=50)
        page_cache.forget_with(page_cache.SITE, Page, PageViewRestriction, Site, SiteSettings)
