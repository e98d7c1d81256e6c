from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "certificates"
    label = "oberih_certificates"
    verbose_name = _("Certificates")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from attendance.signals import attendance_changed
        from certificates import messages, participations, parts, personal_data, receivers, rights, sweeps  # noqa: F401
        from certificates.storage import check_files_are_private
        from courses.signals import assessment_passed, course_completed
        from events import awards
        from participants import participations as people
        from participants.signals import consent_changed
        from ui import hooks

        personal_data.register()
        rights.register()
        people.register(told=participations.told)
        checks.register(check_files_are_private, checks.Tags.files)
        hooks.register("learning", parts.learning, order=20)
        hooks.register("event", parts.event_rule, order=10)
        awards.keep(parts.of_colleagues)
        awards.keep_rule(parts.gives)
        attendance_changed.connect(
            receivers.on_attendance_changed, dispatch_uid="oberih_certificates.attendance_changed"
        )
        assessment_passed.connect(
            receivers.on_assessment_passed, dispatch_uid="oberih_certificates.assessment_passed"
        )
        consent_changed.connect(receivers.on_consent_changed, dispatch_uid="oberih_certificates.consent_changed")
        course_completed.connect(
            receivers.on_course_completed, dispatch_uid="oberih_certificates.course_completed"
        )
