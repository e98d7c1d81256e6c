from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    label = "oberih_courses"
    verbose_name = _("Courses")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from courses import (  # noqa: F401
            menus,
            messages,
            participations,
            personal_data,
            receivers,
            rights,
            sweeps,
        )
        from courses.checks import check_package_origin, check_packages_are_on
        from courses.models import Assessment, Course, Lesson, Prerequisite
        from courses.pages import CoursePageMixin, LessonPageMixin, ModulePageMixin
        from courses.staff import messages as of_staff  # noqa: F401
        from participants import participations as people
        from ui import hooks, page_cache

        receivers.connect()
        checks.register(check_package_origin, checks.Tags.security)
        checks.register(check_packages_are_on, checks.Tags.security, deploy=True)
        personal_data.register_all()
        rights.register()
        people.register(told=participations.told)
        hooks.register("account", menus.my_learning, order=10)
        hooks.register("staff", menus.learners, order=25)
        hooks.register("staff", menus.groups, order=40)
        hooks.register("start", menus.start, order=90)
        page_cache.forget_with(page_cache.SITE, CoursePageMixin, ModulePageMixin, LessonPageMixin)
        page_cache.forget_with(page_cache.SITE, Course, Lesson, Assessment, Prerequisite)
