from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    label = "oberih_notifications"
    verbose_name = _("Notifications")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from notifications import parts, personal_data, sweeps  # noqa: F401
        from ui import hooks

        personal_data.register()
        hooks.register("footer", parts.mailbox_link, order=90)
