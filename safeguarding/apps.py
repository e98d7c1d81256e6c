from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SafeguardingConfig(AppConfig):
    name = "safeguarding"
    label = "oberih_safeguarding"
    verbose_name = _("Safeguarding")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from safeguarding import menus
        from ui import hooks

        hooks.register("footer", menus.footer, order=10)
