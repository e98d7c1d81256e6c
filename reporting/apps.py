from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "reporting"
    label = "oberih_reporting"
    verbose_name = _("Reporting")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from reporting import menu, rights
        from ui import hooks

        rights.register()
        hooks.register("staff", menu.entries, order=10)
        hooks.register("start", menu.start, order=10)
