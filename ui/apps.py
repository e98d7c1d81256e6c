from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "ui"
    label = "oberih_ui"
    verbose_name = _("Oberih: appearance")

    def ready(self):
        from . import hooks, page_cache, styleguide
        from .checks import check_cache_is_shared, check_leave_url

        hooks.register("menu", styleguide.menu)
        checks.register(check_leave_url, checks.Tags.security)
        checks.register(check_cache_is_shared, checks.Tags.caches)
        page_cache.connect()
