from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    label = "oberih_notifications"
    verbose_name = _("Notifications")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from notifications import parts, people, personal_data, sweeps  # noqa: F401
        from participants import telling
        from ui import hooks

        personal_data.register()
        telling.register(people.tell)
        hooks.register("footer", parts.mailbox_link, order=90)
