from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    label = "oberih_accounts"
    verbose_name = _("Accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from accounts import checks, factors, menus, messages, permitted, personal_data, receivers, rights, sweeps  # noqa: F401
        from safeguarding import roles
        from ui import hooks

        personal_data.register()
        rights.register()
        permitted.connect()
        roles.register_gate(factors.gate)
        hooks.register("account", menus.account, order=80)
        register(checks.check_second_factor, Tags.security)
        register(checks.check_doors, Tags.security)
