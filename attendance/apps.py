from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttendanceConfig(AppConfig):
    name = "attendance"
    label = "oberih_attendance"
    verbose_name = _("Attendance")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from attendance import personal_data, rights, states
        from events import registers

        personal_data.register()
        rights.register()
        registers.keep(states.of_sessions)
        registers.keep_presence(states.attended)
