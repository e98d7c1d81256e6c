from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    name = "participants"
    label = "oberih_participants"
    verbose_name = _("Participants")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from django.contrib.auth.signals import user_logged_in

        from participants import catalogue, parts, personal_data, receivers, rights
        from participants.models import CodeList
        from ui import hooks, page_cache

        personal_data.register()
        rights.register()
        page_cache.forget_with(page_cache.SITE, CodeList)
        hooks.register("learning", parts.consents_link, order=95)
        hooks.register("account", parts.account_menu, order=90)
        hooks.register("footer", parts.footer, order=20)
        user_logged_in.connect(receivers.on_log_in, dispatch_uid="oberih_participants.proved_at_log_in")
        post_migrate.connect(catalogue.ship, sender=self, dispatch_uid="oberih_participants.catalogue")
