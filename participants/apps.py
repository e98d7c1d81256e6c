from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    name = "participants"
    label = "oberih_participants"
    verbose_name = _("Participants")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from participants import catalogue, menus, parts, personal_data, rights
        from participants.models import CodeList
        from ui import hooks, page_cache

        personal_data.register()
        rights.register()
        hooks.register("staff", menus.same_person, order=60)
        page_cache.forget_with(page_cache.SITE, CodeList)
        hooks.register("learning", parts.consents_link, order=95)
        post_migrate.connect(catalogue.ship, sender=self, dispatch_uid="oberih_participants.catalogue")
