from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    label = "oberih_cms"
    verbose_name = _("Site")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms import menus
        from ui import hooks

        hooks.register("menu", menus.pages, order=10)
        hooks.register("start", menus.start, order=30)
        hooks.register("footer", menus.about, order=50)
