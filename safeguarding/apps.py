from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class SafeguardingConfig(AppConfig):
    name = "safeguarding"
    label = "oberih_safeguarding"
    verbose_name = _("Safeguarding")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from safeguarding import menus, personal_data, role_rights
        from safeguarding.checks import check_hosts, check_retention
        from safeguarding.models import Helpline, RoleGrant
        from safeguarding.roles import ROLES
        from ui import hooks, page_cache

        personal_data.declare_free("oberih_safeguarding.RoleGrant", "What staff may do; it names no participant.")
        personal_data.declare_free(
            "oberih_safeguarding.AuditEntry",
            "Keys and deeds of staff, never contents; it must outlive what it watches.",
        )
        role_rights.register()
        checks.register(check_hosts, checks.Tags.security, deploy=True)
        checks.register(check_retention, checks.Tags.security)
        hooks.register("footer", menus.footer, order=10)
        hooks.register("staff", menus.audit_log, order=90)
        hooks.register("start", menus.start, order=25)
        page_cache.forget_with(page_cache.SITE, Helpline)
        page_cache.forget_with(ROLES, RoleGrant)
