from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    label = "oberih_courses"
    verbose_name = _("Courses")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from courses import menus, personal_data, receivers, sweeps  # noqa: F401
        from ui import hooks

        receivers.connect()
        personal_data.register_all()
        hooks.register("account", menus.my_learning, order=10)
        hooks.register("start", menus.start, order=90)
